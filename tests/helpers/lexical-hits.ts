import type { LexicalMatches } from "../../src/domain/lexical.ts";

export type ReadHit = {
  row: number;
  score: number;
  likeness: number;
  /** For each word where the content has it, itself or in another form. */
  positions: number[][];
  /** For each word the best form of it that stands in the content, the title and the headings. */
  content: number[];
  title: number[];
  headings: number[];
};

/** What the columns say, hit by hit. */
export function hitsOf(matches: LexicalMatches): ReadHit[] {
  const words = matches.withWord.length;
  return Array.from(matches.rows, (row, hit): ReadHit => {
    const positions = matches.withWord.map((): number[] => []);
    const content = matches.withWord.map(() => 0);
    for (let at = matches.starts[hit] as number; at < (matches.starts[hit + 1] as number); at++) {
      const word = matches.words[at] as number;
      positions[word]?.push(matches.places[at] as number);
      content[word] = Math.max(content[word] as number, matches.forms[at] as number);
    }
    const ofHit = (column: Float32Array) => [...column.subarray(hit * words, (hit + 1) * words)];
    return {
      ...{ row, positions, content },
      score: matches.scores[hit] as number,
      likeness: matches.likeness[hit] as number,
      title: ofHit(matches.inTitle),
      headings: ofHit(matches.inHeadings),
    };
  });
}
