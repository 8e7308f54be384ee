import { describe, expect, test } from "bun:test";
import { newId } from "../../src/domain/ids.ts";
import type { FoundChunk } from "../../src/domain/knowledge.ts";
import { fuse } from "../../src/rag/fuse.ts";
import type { RankedCandidate } from "../../src/rag/rank.ts";

const SCALE = { related: 0.7, unrelated: 0.2, background: 0, deviation: 0.1 };

function aFound(content: string): FoundChunk {
  const titles = { sourceTitle: "Handbook", documentTitle: "Handbook" };
  const place = { headingPath: [], page: null, language: "eng", tokenCount: 1, ordinal: 0 };
  return {
    id: newId("chunk"),
    ...titles,
    sourceId: newId("source"),
    documentId: newId("document"),
    content,
    ...place,
  };
}

function byWords(chunk: FoundChunk, relevance = 0.9, score = 5): RankedCandidate {
  return { hit: { chunk, score: 11 }, score, relevance, gaps: null, reason: "1 of 1 words of the question" };
}

const [first, second, third] = [aFound("first"), aFound("second"), aFound("third")];
const contents = (fused: ReturnType<typeof fuse>) => fused.candidates.map(({ hit }) => hit.chunk.content);

describe("fusion", () => {
  test("leaves the lexical ranking as it is while there is no other", () => {
    for (const dense of [null, { hits: [], scale: SCALE }]) {
      const fused = fuse([byWords(first, 0.4, 7), byWords(second, 0.8, 3)], dense);

      expect(contents(fused)).toEqual(["first", "second"]);
      expect(fused.bestRelevance).toBe(0.4);
      expect(fused.candidates[0]).toMatchObject({ score: 7, relevance: 0.4, lexical: 11, dense: null });
    }
    expect(fuse([], null)).toEqual({ candidates: [], bestRelevance: 0 });
  });

  test("puts what both searches find before what one of them finds first", () => {
    const hits = [third, second].map((chunk, n) => ({ chunk, similarity: 0.6 - n / 10 }));

    const scale = { related: 0.5, unrelated: 0.4, background: 0, deviation: 0.1 };
    const fused = fuse([byWords(first), byWords(second, 0.9, 4.9)], { hits, scale });

    expect(contents(fused)[0]).toBe("second");
    expect(fused.candidates[0]).toMatchObject({ lexical: 11, dense: 0.5 });
  });

  test("lets words decide where they say much, and meaning where they say little", () => {
    const weak = { related: 0.4, unrelated: 0.4, background: 0, deviation: 0.1 };
    const hits = [second, first].map((chunk, n) => ({ chunk, similarity: 0.5 - n / 10 }));
    const lexical = (relevance: number) => [byWords(first, relevance, 5), byWords(second, relevance, 4)];

    expect(contents(fuse(lexical(0.99), { hits, scale: weak }))[0]).toBe("first");
    expect(contents(fuse(lexical(0.02), { hits, scale: weak }))[0]).toBe("second");
  });

  test("finds what shares no word with the question, and says so", () => {
    const fused = fuse([], { hits: [{ chunk: first, similarity: 0.75 }], scale: SCALE });

    expect(fused.candidates).toMatchObject([
      { lexical: null, dense: 0.75, reason: "no word of the question, similarity 0.75" },
    ]);
    expect(fused.bestRelevance).toBeGreaterThan(0.8);
  });

  test("lets neither search's doubt take away the other's certainty", () => {
    const hits = [{ chunk: first, similarity: 0.1 }];

    const fused = fuse([byWords(first, 0.9)], { hits, scale: SCALE });

    expect(fused.candidates[0]?.relevance).toBe(0.9);
    expect(fused.bestRelevance).toBe(0.9);
  });

  test("finds nothing where the nearest of all is still far away", () => {
    const fused = fuse([byWords(second, 0.1)], { hits: [{ chunk: first, similarity: 0.3 }], scale: SCALE });

    expect(fused.bestRelevance).toBeLessThan(0.2);
  });
});
