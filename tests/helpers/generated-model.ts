/**
 * Embedding models as good as a test wants, in a world where every text is about one topic: no model that exists is as
 * bad as the worst or as good as the best of them.
 */
export type GeneratedModel = {
  /** How much of a vector is its text's topic, against chance; 0 knows nothing. */
  knowledge: number;
  /** What all its vectors have in common, as models do that give any two texts a high cosine. */
  bias: number;
};

const DIMENSION = 128;

/** The vector of a text, which is the same whenever it is asked for. */
export function vectorOf({ knowledge, bias }: GeneratedModel, text: string, topic: number): Float32Array {
  const [own, about, common] = [direction(text), direction(`topic ${topic}`), direction("common to all")];
  const vector = own.map(
    (value, place) => value + knowledge * (about[place] ?? 0) + bias * (common[place] ?? 0),
  );
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Of length 1, nearly at a right angle with that of any other text. */
function direction(text: string): Float32Array {
  const random = randomNumbers(hashOf(text));
  const vector = Float32Array.from({ length: DIMENSION }, random);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function hashOf(text: string): number {
  return [...text].reduce((hash, letter) => Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619), 1);
}

/** From -1 to 1. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  // Neighbouring seeds begin alike.
  for (let skipped = 0; skipped < 8; skipped++) next();
  return next;
}
