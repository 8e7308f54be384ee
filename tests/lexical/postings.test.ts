import { describe, expect, test } from "bun:test";
import { MOST_DOCUMENTS, MOST_FREQUENCY, Postings } from "../../src/lexical/postings.ts";

type Plain = { document: number; frequency: number }[];

function all(postings: Postings, term: number): Plain {
  const found: Plain = [];
  postings.forEachBlock(term, ({ documents, frequencies, length }) => {
    for (let place = 0; place < length; place++)
      found.push({ document: documents[place] as number, frequency: frequencies[place] as number });
  });
  return found;
}

function among(postings: Postings, term: number, documents: number[]): Plain {
  const found: Plain = [];
  postings.forEachAmong(term, Uint32Array.from(documents), (document, frequency) =>
    found.push({ document, frequency }),
  );
  return found;
}

/** The same numbers in every run. */
function randomNumbers(): (below: number) => number {
  let seed = 7;
  return (below) => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    return Math.floor((below * seed) / 0x80000000);
  };
}

describe("postings", () => {
  test("are read as they were written, whatever the steps between them and however many terms take turns", () => {
    const random = randomNumbers();
    const postings = new Postings();
    const steps = [1, 2, 3, 60, 64, 8_191, 8_192, 100_000];
    const written = Array.from({ length: 700 }, (): Plain => []);
    const next = written.map(() => random(1_000));
    for (let round = 0; round < 60_000; round++) {
      const term = Math.floor(written.length * (random(1_000) / 1_000) ** 3);
      const document = next[term] as number;
      if (document >= MOST_DOCUMENTS) continue;
      const frequency = random(3) === 0 ? 1 + random(300) : 1;
      postings.append(term, document, frequency);
      written[term]?.push({ document, frequency: Math.min(frequency, MOST_FREQUENCY) });
      next[term] = document + (steps[random(steps.length)] as number);
    }

    for (const [term, plain] of written.entries()) {
      expect(all(postings, term)).toEqual(plain);
      const asked = plain.filter(() => random(5) === 0).flatMap(({ document }) => [document, document + 1]);
      const wanted = new Set(asked);
      expect(among(postings, term, [...wanted])).toEqual(
        plain.filter(({ document }) => wanted.has(document)),
      );
    }
  });

  test("hold the first and the last document that there can be", () => {
    const postings = new Postings();
    postings.append(3, 0, 1);
    postings.append(3, MOST_DOCUMENTS - 1, 2);

    expect(all(postings, 3)).toEqual([
      { document: 0, frequency: 1 },
      { document: MOST_DOCUMENTS - 1, frequency: 2 },
    ]);
  });

  test("of a term that was never written are none", () => {
    const postings = new Postings();
    postings.append(5, 1, 1);

    expect([all(postings, 4), all(postings, 5_000), among(postings, 4, [1])]).toEqual([[], [], []]);
  });

  test("take less than two bytes each where passages say most words once", () => {
    const postings = new Postings();
    const before = postings.sizeBytes;
    for (let document = 0; document < 100_000; document++)
      for (let term = 0; term < 10; term++) postings.append(term, document, term === 0 ? 2 : 1);

    expect((postings.sizeBytes - before) / 1_000_000).toBeLessThan(2);
  });
});
