/** Rows of the full-text index, one for each chunk and under the same number. */
import type { IndexedChunk } from "../../domain/knowledge.ts";
import type { SqliteClient } from "./connection.ts";

/** Pages of the index that one merging step may write: a few ms. */
const MERGE_PAGES = 24;

export type ChunkTermFields = Pick<IndexedChunk, "titleTerms" | "headingTerms" | "contentTerms">;

export function lexicalRows(client: SqliteClient) {
  const insert = client.prepare(
    "insert into chunks_fts (rowid, title, headings, content) values (@number, @title, @headings, @content)",
  );
  const remove = client.prepare<[number]>("delete from chunks_fts where rowid = ?");
  const mergeStep = client.prepare<[number]>("insert into chunks_fts (chunks_fts, rank) values ('merge', ?)");
  const changes = client.prepare<[], number>("select total_changes()").pluck();

  return {
    insert(number: number, tenantNumber: number, terms: ChunkTermFields): void {
      insert.run({
        number,
        title: ownedTerms(tenantNumber, terms.titleTerms),
        headings: ownedTerms(tenantNumber, terms.headingTerms),
        content: ownedTerms(tenantNumber, terms.contentTerms),
      });
    },

    /** A row that is not there is no error. */
    remove(number: number): void {
      remove.run(number);
    },

    /** Begins to merge all segments into one, which leaves out what was deleted; `merge` goes on with it. */
    beginRewrite(): void {
      mergeStep.run(-MERGE_PAGES);
    },

    /** Merges segments of the index a little. Whether there was something to merge. */
    merge(): boolean {
      const before = changes.get() ?? 0;
      mergeStep.run(MERGE_PAGES);
      // FTS5 documents a difference of less than 2 as the sign that nothing is left to do.
      return (changes.get() ?? 0) - before >= 2;
    },
  };
}

/** Terms as the index has them: each belongs to one tenant, so that no search meets another's. */
export function ownedTerms(tenantNumber: number, terms: string): string {
  return splitTerms(terms)
    .map((term) => ownedTerm(tenantNumber, term))
    .join(" ");
}

export function ownedTerm(tenantNumber: number, term: string): string {
  return `${tenantNumber}~${term}`;
}

/** What rag/text joined. */
export function splitTerms(terms: string): string[] {
  return terms.split(" ").filter((term) => term !== "");
}

/** Their mean over the chunks is part of every BM25 score. */
export function termCount({ titleTerms, headingTerms, contentTerms }: ChunkTermFields): number {
  return splitTerms(titleTerms).length + splitTerms(headingTerms).length + splitTerms(contentTerms).length;
}
