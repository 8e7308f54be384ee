import { describe, expect, test } from "bun:test";
import { newId } from "../../src/domain/ids.ts";
import type { FusedCandidate } from "../../src/rag/fuse.ts";
import { reranked } from "../../src/rag/rerank.ts";
import { KNOWN_PAIRS, scoreScale, tellsApart } from "../../src/rag/similarity.ts";

/** A model that gives answers 4 and the best wrong passage -4. */
const SCALE = { related: 4, unrelated: -4 };

function aCandidate(content: string, relevance: number, score: number): FusedCandidate {
  const titles = { sourceTitle: "Handbook", documentTitle: "Handbook" };
  const place = { headingPath: [], page: null, language: "eng", tokenCount: 1, ordinal: 0 };
  const chunk = {
    id: newId("chunk"),
    ...titles,
    sourceId: newId("source"),
    documentId: newId("document"),
    content,
    ...place,
  };
  const hit = { chunk, score: 11, positions: [[0]], length: 1, titleTerms: "", headingTerms: "" };
  return {
    ...{ hit, score, relevance, gaps: null, lexical: 11, dense: null, rerank: null },
    reason: "1 of 1 words",
  };
}

const THREE = [aCandidate("first", 0.9, 3), aCandidate("second", 0.6, 2), aCandidate("third", 0.4, 1)];
const fusedThree = { candidates: THREE, bestRelevance: 0.9 };
const contents = ({ candidates }: { candidates: FusedCandidate[] }) =>
  candidates.map(({ hit }) => hit.chunk.content);

describe("reranking", () => {
  test("orders by score, keeps the fused one and says what it did", () => {
    const after = reranked(fusedThree, [-3, 5, 1], SCALE);

    expect(contents(after)).toEqual(["second", "third", "first"]);
    expect(after.candidates[0]).toMatchObject({ score: 2, rerank: 5, reason: "1 of 1 words, reranked 5.00" });
    expect(after.bestRelevance).toBe(after.candidates[0]?.relevance as number);
  });

  test("leaves those that were not read behind the others, as they were", () => {
    const after = reranked(fusedThree, [-9, -8], SCALE);

    expect(contents(after)).toEqual(["second", "first", "third"]);
    expect(after.candidates[2]).toBe(THREE[2] as FusedCandidate);
    expect(reranked({ candidates: [], bestRelevance: 0 }, [], SCALE)).toEqual({
      candidates: [],
      bestRelevance: 0,
    });
  });

  test("makes what both think likely likelier, and lets neither decide alone against the other", () => {
    const relevanceAt = (relevance: number, score: number) =>
      reranked({ candidates: [aCandidate("one", relevance, 1)], bestRelevance: relevance }, [score], SCALE)
        .bestRelevance;

    expect(relevanceAt(0.8, 6)).toBeGreaterThan(0.8);
    // Where the words leave it open, the reranker decides.
    expect(relevanceAt(0.5, 4)).toBeGreaterThan(0.5);
    expect(relevanceAt(0.5, -4)).toBeLessThan(0.5);
    expect(relevanceAt(0.3, 5)).toBeGreaterThan(0.5);
    expect(relevanceAt(0.7, -4)).toBeLessThan(0.5);
    // Sure of the opposite: even, from both sides.
    expect(relevanceAt(1, -100)).toBeCloseTo(0.5, 6);
    expect(relevanceAt(0, 100)).toBeCloseTo(0.5, 6);
  });

  test("means the same for models whose scores are spread differently", () => {
    const narrow = { related: 0.9, unrelated: 0.1 };
    const wide = reranked(fusedThree, [4, -4, 0], SCALE);

    const same = reranked(fusedThree, [0.9, 0.1, 0.5], narrow);

    for (const [place, { relevance }] of wide.candidates.entries()) {
      expect(same.candidates[place]?.relevance).toBeCloseTo(relevance, 6);
    }
  });
});

describe("what a reranker's scores mean", () => {
  const scores = (right: number, wrong: number) =>
    KNOWN_PAIRS.map((_, question) =>
      Float32Array.from(KNOWN_PAIRS, (__, answer) => (answer === question ? right : wrong - (answer % 3))),
    );

  test("is measured on questions, their answers and the best wrong answer", () => {
    expect(scoreScale(scores(5, -2))).toEqual({ related: 5, unrelated: -2 });
  });

  test("is nothing for a model that scores wrong answers as high", () => {
    expect(tellsApart(scoreScale(scores(5, -2)))).toBe(true);
    expect(tellsApart(scoreScale(scores(1, 1)))).toBe(false);
    expect(tellsApart(scoreScale(scores(-5, 2)))).toBe(false);
  });
});
