/**
 * Vectors that behave like embeddings of documents, for measuring without a model: unit length, a common
 * direction that all share, topics of very unequal size, documents of one to a few hundred chunks that lie
 * close together, and few directions that carry most of the variance. Uniformly random vectors would be
 * useless here: their nearest neighbours are hardly nearer than anything else.
 *
 * Chunks of one document have a cosine of about 0.7, documents of one topic 0.4, others 0.1; a question has
 * about 0.6 to the best chunks of its document and never equals one. The same seed gives the same vectors.
 */

/** How much of a vector comes from what all share, from its topic, its document and itself. */
const SHARE = { common: 0.35, topic: 0.55, document: 0.55, chunk: 0.5 };
/** A question is further from its document's centre than the document's own chunks are. */
const QUESTION_SHARE = { common: 0.3, topic: 0.5, document: 0.45, chunk: 0.65 };
/** Variance of the i-th direction is i to the power of this, about what embedding models of 384 dimensions show. */
const SPECTRUM_EXPONENT = -0.8;
const CHUNKS_PER_TOPIC = 2_000;
/** Document sizes follow a Pareto law with this exponent, cut at the longest. */
const PARETO_EXPONENT = 1.1;
const SHORTEST_DOCUMENT = 3;
const LONGEST_DOCUMENT = 400;

export type ClusteredVectors = {
  dimension: number;
  /** `count` rows of `dimension` numbers, documents one after the other. */
  vectors: Float32Array;
  /** `questionCount` rows of `dimension` numbers. */
  questions: Float32Array;
};

export function clusteredVectors(options: {
  count: number;
  questionCount: number;
  dimension: number;
  seed: number;
}): ClusteredVectors {
  const { count, questionCount, dimension, seed } = options;
  const random = seededRandom(seed);
  const direction = directionMaker(dimension, random);
  const common = direction();
  const topicCount = Math.max(3, Math.round(count / CHUNKS_PER_TOPIC));
  const topics = Array.from({ length: topicCount }, () => direction());

  const vectors = new Float32Array(count * dimension);
  const questions = new Float32Array(questionCount * dimension);
  const questionsAbout = evenly(count, questionCount, random);
  let nextQuestion = 0;
  for (let row = 0; row < count; ) {
    const topic = topics[zipf(topicCount, random)] ?? common;
    const document = direction();
    const end = Math.min(count, row + documentSize(random));
    for (; row < end; row++) {
      blend(vectors, row * dimension, SHARE, [common, topic, document, direction()]);
      if (row !== questionsAbout[nextQuestion]) continue;
      const parts = [common, topic, document, direction()];
      blend(questions, nextQuestion++ * dimension, QUESTION_SHARE, parts);
    }
  }
  return { dimension, vectors, questions };
}

/** Numbers in [0, 1), the same ones for the same seed (xorshift). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}

/** Makes unit vectors whose variance is concentrated in few directions, none of which is a coordinate axis. */
function directionMaker(dimension: number, random: () => number): () => Float32Array {
  const deviation = Float32Array.from({ length: dimension }, (_, i) => (i + 1) ** (SPECTRUM_EXPONENT / 2));
  const block = new Float32Array(dimension & -dimension);
  return () => {
    const vector = new Float32Array(dimension);
    for (let i = 0; i < dimension; i++) vector[i] = (deviation[i] as number) * gaussian(random);
    // Blocks, then blocks moved by half of one: a direction is spread over more than one block of coordinates.
    mix(vector, 0, block);
    mix(vector, block.length >> 1, block);
    return normalised(vector);
  };
}

/** The Hadamard transform of each block of `block.length` coordinates (a power of two), the first at `from`. */
function mix(vector: Float32Array, from: number, block: Float32Array): void {
  const length = block.length;
  for (let start = from; start + length <= vector.length; start += length) {
    for (let i = 0; i < length; i++) block[i] = vector[start + i] as number;
    for (let half = 1; half < length; half *= 2) {
      for (let group = 0; group < length; group += 2 * half) {
        for (let i = group; i < group + half; i++) {
          const a = block[i] as number;
          const b = block[i + half] as number;
          block[i] = a + b;
          block[i + half] = a - b;
        }
      }
    }
    const scale = 1 / Math.sqrt(length);
    for (let i = 0; i < length; i++) vector[start + i] = (block[i] as number) * scale;
  }
}

function blend(target: Float32Array, at: number, share: typeof SHARE, parts: readonly Float32Array[]): void {
  const weights = [share.common, share.topic, share.document, share.chunk];
  const row = target.subarray(at, at + (parts[0]?.length ?? 0));
  row.fill(0);
  for (const [which, part] of parts.entries()) {
    const weight = weights[which] as number;
    for (let i = 0; i < row.length; i++) row[i] = (row[i] as number) + weight * (part[i] as number);
  }
  normalised(row);
}

function normalised(vector: Float32Array): Float32Array {
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += (vector[i] as number) ** 2;
  const scale = 1 / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) * scale;
  return vector;
}

/** Close enough to a normal distribution, and several times faster than an exact one. */
function gaussian(random: () => number): number {
  return (random() + random() + random() + random() - 2) * Math.sqrt(3);
}

/** A number below `count`; the n-th is chosen in proportion to 1/n. */
function zipf(count: number, random: () => number): number {
  return Math.min(count - 1, Math.floor((count + 1) ** random()) - 1);
}

function documentSize(random: () => number): number {
  const size = SHORTEST_DOCUMENT * (1 - random()) ** (-1 / PARETO_EXPONENT);
  return Math.min(LONGEST_DOCUMENT, Math.floor(size));
}

/** Ascending row numbers, one at random from each of `wanted` equal stretches. */
function evenly(count: number, wanted: number, random: () => number): number[] {
  return Array.from({ length: wanted }, (_, i) => Math.floor(((i + random()) * count) / wanted));
}
