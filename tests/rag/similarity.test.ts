import { describe, expect, test } from "bun:test";
import { embeddedText } from "../../src/rag/embedded-text.ts";
import { KNOWN_PAIRS, relevanceOfSimilarity, scoreScale } from "../../src/rag/similarity.ts";

describe("what a reranker's scores mean", () => {
  test("is measured on questions, their answers and the best wrong answer", () => {
    const scale = scoreScale([
      Float32Array.of(5, 2, 1),
      Float32Array.of(0, 7, -3),
      Float32Array.of(-1, -4, 3),
    ]);

    expect(scale).toEqual({ related: 5, unrelated: 1 / 3 });
  });

  test.each([
    ["spread wide", { related: 0.6, unrelated: 0.15 }],
    ["all close to 1", { related: 0.9, unrelated: 0.78 }],
  ])("is the same probability for models whose scores are %s", (_how, scale) => {
    const { related, unrelated } = scale;
    expect(relevanceOfSimilarity(related, scale)).toBeCloseTo(0.82, 2);
    expect(relevanceOfSimilarity(unrelated, scale)).toBeCloseTo(0.01, 2);
    expect(relevanceOfSimilarity((related + unrelated) / 2, scale)).toBeLessThan(0.25);
    expect(relevanceOfSimilarity(1, scale)).toBeGreaterThan(0.85);
  });

  test("is nothing for a model that does not tell its own examples apart", () => {
    expect(relevanceOfSimilarity(1, { related: 0.95, unrelated: 0.95 })).toBe(0);
    expect(relevanceOfSimilarity(1, { related: 0.2, unrelated: 0.4 })).toBe(0);
  });

  test("is asked in several languages, each question about something else", () => {
    expect(new Set(KNOWN_PAIRS.flat()).size).toBe(KNOWN_PAIRS.length * 2);
  });
});

test("a passage is embedded with where it stands", () => {
  expect(embeddedText("Handbook", ["Leave", "Parents"], "26 weeks.")).toBe(
    "Handbook › Leave › Parents\n26 weeks.",
  );
});
