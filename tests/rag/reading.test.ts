/** What a language model is given to read. */
import { describe, expect, test } from "bun:test";
import { newId } from "../../src/domain/ids.ts";
import type { FoundChunk } from "../../src/domain/knowledge.ts";
import type { FusedCandidate } from "../../src/rag/fuse.ts";
import { mergeRankings } from "../../src/rag/merge.ts";
import { chooseReading } from "../../src/rag/reading.ts";
import { estimateTokens } from "../../src/rag/tokens.ts";
import { aChunk } from "../helpers/builders.ts";

const DOCUMENTS = { leave: newId("document"), travel: newId("document") };

/** About forty tokens that no other passage shares. */
function textOf(name: string): string {
  return Array.from({ length: 40 }, (_, word) => `${name}${String.fromCharCode(97 + (word % 26))}`).join(" ");
}

const SOURCE = newId("source");
/** What a passage of a name of five letters costs, with its place. */
const ONE = estimateTokens(textOf("alpha")) + 12;

function chunkOf(name: string, fields: Partial<FoundChunk> = {}): FoundChunk {
  const titles = { sourceTitle: "Handbook", documentTitle: "Handbook" };
  return {
    ...aChunk({ sourceId: SOURCE, content: textOf(name), ...fields }),
    ...titles,
    documentId: DOCUMENTS.leave,
    ...fields,
  };
}

function candidateOf(chunk: FoundChunk, relevance = 0.1): FusedCandidate {
  const signs = { score: 1, lexical: 1, dense: null, rerank: null };
  return {
    hit: { chunk, score: 1 },
    relevance,
    gaps: null,
    reason: "1 of 2 words of the question",
    ...signs,
  };
}

const namesOf = (kept: readonly { candidate: FusedCandidate }[]) =>
  kept.map(({ candidate }) => candidate.hit.chunk.content.split(" ")[0]?.slice(0, -1));
const NOWHERE = new Map<FusedCandidate, FoundChunk[]>();

describe("what a model reads", () => {
  test("is what was found, best first, however unlikely, as far as it fits", () => {
    const ranked = ["alpha", "bravo", "cargo", "delta"].map((name) =>
      candidateOf(chunkOf(name, { documentId: newId("document") }), 0.001),
    );
    const { kept, dropped } = chooseReading(ranked, NOWHERE, 3.5 * ONE);

    expect(namesOf(kept)).toEqual(["alpha", "bravo", "cargo"]);
    expect(dropped).toMatchObject([{ reason: "does not fit the token budget" }]);
  });

  test("is the best passage at least, however long it is", () => {
    const long = candidateOf(chunkOf("long", { content: textOf("long").repeat(50) }));

    expect(chooseReading([long], NOWHERE, 10).kept).toHaveLength(1);
  });

  test("says nothing twice", () => {
    const ranked = [candidateOf(chunkOf("same")), candidateOf(chunkOf("same"))];
    const { kept, dropped } = chooseReading(ranked, NOWHERE, 3000);

    expect(kept).toHaveLength(1);
    expect(dropped).toMatchObject([{ reason: "nearly the same text" }]);
  });

  test("is not all of one document while another has something to say", () => {
    const ranked = ["alpha", "bravo", "cargo", "delta"].map((name) => candidateOf(chunkOf(name)));
    const other = candidateOf(chunkOf("other", { documentId: DOCUMENTS.travel }));
    const { kept } = chooseReading([...ranked, other], NOWHERE, 4.5 * ONE);

    expect(namesOf(kept)).toEqual(["alpha", "bravo", "other", "cargo"]);
  });

  test("has the whole of a short section around what was found", () => {
    const headingPath = ["Leave", "Parental"];
    const section = ["one", "two", "three"].map((name, at) =>
      chunkOf(name, { ordinal: at + 1, headingPath }),
    );
    const [before, behind] = [chunkOf("before", { ordinal: 0 }), chunkOf("behind", { ordinal: 4 })];
    const found = candidateOf(section[1] as FoundChunk);
    const near = new Map([[found, [before, ...section, behind]]]);

    expect(namesOf(chooseReading([found], near, 3000).kept).toSorted()).toEqual(["one", "three", "two"]);
  });

  test("has of a long section what stands right beside what was found", () => {
    const section = Array.from({ length: 9 }, (_, at) =>
      chunkOf(`part${at}`, { ordinal: at, content: textOf(`part${at}x`).repeat(2) }),
    );
    const found = candidateOf(section[4] as FoundChunk);
    const { kept } = chooseReading([found], new Map([[found, section]]), 3000);

    expect(kept.map(({ candidate }) => candidate.hit.chunk.ordinal)).toEqual([4, 3, 5]);
    expect(kept[1]).toMatchObject({ reason: "kept: stands beside a passage that was found" });
  });
});

describe("rankings of one question in several wordings", () => {
  const [a, b, c] = ["a", "b", "c"].map((name) => candidateOf(chunkOf(name))) as [
    FusedCandidate,
    FusedCandidate,
    FusedCandidate,
  ];

  test("become one, in which what stands first or in several comes first", () => {
    const names = (ranked: FusedCandidate[]) => namesOf(ranked.map((candidate) => ({ candidate })));

    expect(
      names(
        mergeRankings([
          [a, b],
          [c, b],
        ]),
      ),
    ).toEqual(["b", "a", "c"]);
    expect(names(mergeRankings([[a, b, c], []]))).toEqual(["a", "b", "c"]);
  });

  test("stay as they are when there is one", () => {
    expect(mergeRankings([[b, a]])).toEqual([b, a]);
  });

  test("keep the better judgement of a passage", () => {
    expect(mergeRankings([[a], [{ ...a, relevance: 0.9 }]])).toMatchObject([{ relevance: 0.9 }]);
  });
});
