/** A lexical index in memory with the store's own formula, to measure analysis and ranking on question sets. */
import type { ChunkId, SourceId } from "../../src/domain/ids.ts";
import type { FoundChunk, LexicalHit, LexicalQuery } from "../../src/domain/knowledge.ts";
import type { TermStatistics } from "../../src/rag/rank.ts";
import { analyzeChunk } from "../../src/rag/text.ts";

export type IndexedText = { id: string; title: string; headingPath?: string[]; text: string };

const WEIGHTS = { title: 3, headings: 2, content: 1 };
const K1 = 1.2;
const B = 0.75;

type Entry = {
  chunk: FoundChunk;
  titleTerms: string;
  headingTerms: string;
  contentTerms: string;
  length: number;
};
type Posting = { entry: number; frequency: number };

export class LexicalIndex {
  readonly entries: Entry[] = [];
  readonly #postings = new Map<string, Posting[]>();
  #totalLength = 0;

  constructor(texts: Iterable<IndexedText>) {
    for (const text of texts) this.#add(text);
  }

  /** Languages of the chunks, most frequent first. */
  languages(): string[] {
    const counts = new Map<string, number>();
    for (const { chunk } of this.entries) counts.set(chunk.language, (counts.get(chunk.language) ?? 0) + 1);
    return [...counts].sort(([, left], [, right]) => right - left).map(([language]) => language);
  }

  search(query: LexicalQuery, limit: number): LexicalHit[] {
    const scores = new Map<number, number>();
    for (const frequencies of this.#frequencies(query)) {
      const rarity = Math.log(1 + (this.entries.length - frequencies.size + 0.5) / (frequencies.size + 0.5));
      for (const [entry, frequency] of frequencies) {
        const relativeLength = (this.entries[entry]?.length ?? 0) / (this.#totalLength / this.entries.length);
        const gain = (rarity * frequency * (K1 + 1)) / (frequency + K1 * (1 - B + B * relativeLength));
        scores.set(entry, (scores.get(entry) ?? 0) + gain);
      }
    }
    return [...scores]
      .sort(([, left], [, right]) => right - left)
      .slice(0, limit)
      .map(([entry, score]) => this.#hit(entry, score, query));
  }

  statistics(query: LexicalQuery): TermStatistics {
    return { chunks: this.entries.length, withWord: this.#frequencies(query).map(({ size }) => size) };
  }

  #frequencies(query: LexicalQuery): Map<number, number>[] {
    return query.words.map((alternatives) => {
      const frequencies = new Map<number, number>();
      for (const term of alternatives) {
        for (const { entry, frequency } of this.#postings.get(term) ?? []) {
          frequencies.set(entry, (frequencies.get(entry) ?? 0) + frequency);
        }
      }
      return frequencies;
    });
  }

  #hit(entry: number, score: number, query: LexicalQuery): LexicalHit {
    const { chunk, titleTerms, headingTerms, contentTerms } = this.entries[entry] as Entry;
    const terms = contentTerms.split(" ");
    const positions = query.words.map((alternatives) =>
      terms.flatMap((term, position) => (alternatives.includes(term) ? [position] : [])),
    );
    return { chunk, score, positions, length: terms.length, titleTerms, headingTerms };
  }

  #add({ id, title, headingPath = [], text }: IndexedText): void {
    const { language, titleTerms, headingTerms, contentTerms } = analyzeChunk({
      title,
      headingPath,
      content: text,
    });
    const counts = new Map<string, number>();
    let length = 0;
    const count = (terms: string, weight: number): void => {
      for (const term of terms === "" ? [] : terms.split(" ")) {
        counts.set(term, (counts.get(term) ?? 0) + weight);
        length++;
      }
    };
    count(titleTerms, WEIGHTS.title);
    count(headingTerms, WEIGHTS.headings);
    count(contentTerms, WEIGHTS.content);
    const entry = this.entries.length;
    for (const [term, frequency] of counts) {
      const postings = this.#postings.get(term);
      if (postings) postings.push({ entry, frequency });
      else this.#postings.set(term, [{ entry, frequency }]);
    }
    this.#totalLength += length;
    this.entries.push({
      chunk: toChunk(id, title, headingPath, text, language),
      titleTerms,
      headingTerms,
      contentTerms,
      length,
    });
  }
}

function toChunk(
  id: string,
  title: string,
  headingPath: string[],
  content: string,
  language: string,
): FoundChunk {
  return {
    id: id as ChunkId,
    sourceId: id as SourceId,
    ordinal: 0,
    content,
    headingPath,
    page: null,
    language,
    tokenCount: 0,
    sourceTitle: title,
  };
}
