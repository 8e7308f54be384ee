/** Rows of the full-text index, one for each chunk and under the same number. */
import type { IndexedChunk } from "../../domain/knowledge.ts";
import type { SqliteClient } from "./connection.ts";
import { ftsMerging } from "./fts-merging.ts";

export type ChunkTermFields = Pick<IndexedChunk, "titleTerms" | "headingTerms" | "contentTerms">;

export function lexicalRows(client: SqliteClient) {
  const insert = client.prepare(
    "insert into chunks_fts (rowid, title, headings, content) values (@number, @title, @headings, @content)",
  );
  const remove = client.prepare<[number]>("delete from chunks_fts where rowid = ?");

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

    ...ftsMerging(client, "chunks_fts"),
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
