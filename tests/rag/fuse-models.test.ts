/** Ranking and refusing with models from one that knows nothing to one that knows everything. */
import { describe, expect, test } from "bun:test";
import type { EmbeddingScale } from "../../src/domain/embedding.ts";
import type { ChunkId, DocumentId, SourceId } from "../../src/domain/ids.ts";
import type { FoundChunk, VectorHit } from "../../src/domain/knowledge.ts";
import { embeddingScale, powerOf } from "../../src/rag/calibration.ts";
import { fuse } from "../../src/rag/fuse.ts";
import type { RankedCandidate } from "../../src/rag/rank.ts";
import { ABSTAIN_BELOW } from "../../src/rag/select.ts";
import { cosine } from "../../src/rag/similarity.ts";
import { type GeneratedModel, randomNumbers, vectorOf } from "../helpers/generated-model.ts";

/** Each is about a topic of its own. */
const PASSAGES = Array.from({ length: 200 }, (_, topic) => aPassage(topic));
const QUESTIONS = Array.from({ length: 100 }, (_, topic) => ({ text: `question ${topic}`, topic }));
const NEAREST = 50;

const MODELS = {
  "knows nothing": { knowledge: 0, bias: 0 },
  "knows nothing and likens everything": { knowledge: 0, bias: 2 },
  "knows next to nothing": { knowledge: 0.3, bias: 0 },
  "knows a little": { knowledge: 0.6, bias: 0 },
  "knows a little and likens everything": { knowledge: 0.6, bias: 2 },
} satisfies Record<string, GeneratedModel>;
const STRONG = {
  "is strong": { knowledge: 2, bias: 0 },
  "is strong and likens everything": { knowledge: 3, bias: 2 },
};

describe("a weak model", () => {
  test.each(Object.entries(MODELS))("that %s makes no ranking worse", (_what, model) => {
    expect(rightFirst(model, 0.7)).toBeGreaterThanOrEqual(rightFirst(null, 0.7) - 2);
  });

  test.each(Object.entries(MODELS))("that %s finds nothing where there is nothing", (_what, model) => {
    expect(answeredOf(model, UNANSWERABLE)).toBe(0);
  });

  test("has little power, and one that knows nothing has none", () => {
    const powers = [...Object.values(MODELS).filter(({ bias }) => bias === 0), STRONG["is strong"]].map(
      (model) => powerOf(scaleOf(model)),
    );
    expect(powers[0]).toBeLessThan(0.1);
    expect(powers).toEqual([...powers].sort((left, right) => left - right));
  });

  test("brings in what words do not find, as far as it can", () => {
    expect(rightFirst(MODELS["knows a little"], 0)).toBeGreaterThan(rightFirst(null, 0) + 10);
  });
});

describe("a strong model", () => {
  test.each(Object.entries(STRONG))("that %s is not held back by words", (_what, model) => {
    expect(rightFirst(model, 0.5)).toBeGreaterThanOrEqual(95);
  });

  test.each(Object.entries(STRONG))("that %s finds what no word finds, and is believed", (_what, model) => {
    expect(answeredOf(model, QUESTIONS)).toBeGreaterThanOrEqual(95);
    expect(answeredOf(model, UNANSWERABLE)).toBeLessThanOrEqual(3);
  });
});

/** Of topics that no passage is about. */
const UNANSWERABLE = Array.from({ length: 100 }, (_, n) => ({ text: `unanswerable ${n}`, topic: 1_000 + n }));
type Question = (typeof QUESTIONS)[number];

/** How many of the questions have the right passage first, when words find it first for a share of them. */
function rightFirst(model: GeneratedModel | null, foundByWords: number): number {
  const scale = model && scaleOf(model);
  return QUESTIONS.filter((question) => {
    const dense = model && scale && { hits: nearest(model, question), scale };
    const [first] = fuse(byWords(question, foundByWords), dense).candidates;
    return first?.hit.chunk.ordinal === question.topic;
  }).length;
}

/** How many are taken to be answered where no word says anything. */
function answeredOf(model: GeneratedModel, questions: readonly Question[]): number {
  const scale = scaleOf(model);
  return questions.filter(
    (question) => fuse([], { hits: nearest(model, question), scale }).bestRelevance >= ABSTAIN_BELOW,
  ).length;
}

/** As a lexical search would rank ten of them, the right one first and surely so, or not at all and in doubt. */
function byWords({ topic }: Question, share: number): RankedCandidate[] {
  const random = randomNumbers(topic);
  const isFound = (random() + 1) / 2 < share;
  const others = Array.from({ length: 9 }, (_, n) => (topic + 7 * (n + 1)) % PASSAGES.length);
  return (isFound ? [topic, ...others] : others).map((each, place) => ({
    hit: { chunk: PASSAGES[each] as FoundChunk, score: 10 - place },
    score: isFound && place === 0 ? 3 : 2 + random() / 2,
    relevance: isFound ? 0.95 : 0.1,
    gaps: null,
    reason: "",
  }));
}

function nearest(model: GeneratedModel, { text, topic }: Question): VectorHit[] {
  const question = vectorOf(model, text, topic);
  return PASSAGES.map((chunk) => ({
    chunk,
    similarity: cosine(question, passageVector(model, chunk)),
  }))
    .sort((left, right) => right.similarity - left.similarity)
    .slice(0, NEAREST);
}

const vectors = new Map<GeneratedModel, Map<number, Float32Array>>();

function passageVector(model: GeneratedModel, { ordinal, content }: FoundChunk): Float32Array {
  const known = vectors.get(model) ?? new Map<number, Float32Array>();
  vectors.set(model, known);
  const vector = known.get(ordinal) ?? vectorOf(model, content, ordinal);
  known.set(ordinal, vector);
  return vector;
}

/** As it is measured in an index: sentences of passages against the rest of them and against all others. */
function scaleOf(model: GeneratedModel): EmbeddingScale {
  const background: number[] = [];
  const probed = PASSAGES.slice(100).map(({ ordinal }) => {
    const question = vectorOf(model, `sentence ${ordinal}`, ordinal);
    const own = cosine(question, vectorOf(model, `rest ${ordinal}`, ordinal));
    const others = PASSAGES.filter((other) => other.ordinal !== ordinal).map((other) =>
      cosine(question, passageVector(model, other)),
    );
    background.push(...others);
    return { own, bestOther: Math.max(...others) };
  });
  return embeddingScale(probed, background.reduce((sum, each) => sum + each, 0) / background.length);
}

function aPassage(topic: number): FoundChunk {
  return {
    id: `chunk ${topic}` as ChunkId,
    sourceId: "source" as SourceId,
    documentId: `document ${topic}` as DocumentId,
    ordinal: topic,
    ...{ page: null, language: "eng", tokenCount: 1, headingPath: [] },
    content: `passage ${topic}`,
    ...{ sourceTitle: "Handbook", documentTitle: "Handbook" },
  };
}
