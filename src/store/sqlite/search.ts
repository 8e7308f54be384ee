/**
 * Lexical search over one SQLite connection: FTS5 finds the candidates, and BM25 is computed here for them,
 * because FTS5's own bm25() counts every alternative of a word as a word and every tenant's rows as rows.
 */
import { B, FIELD_WEIGHTS, type FieldWeights, inverseFrequency, K1 } from "../../domain/bm25.ts";
import type { EmbeddingIndexId, TenantId } from "../../domain/ids.ts";
import type { FoundChunk, LexicalHit, LexicalQuery, VectorHit } from "../../domain/knowledge.ts";
import { CHUNKS_PER_VERSION } from "./chunk-versions.ts";
import type { SqliteClient } from "./connection.ts";
import { ownedTerm, splitTerms } from "./lexical-rows.ts";
import { vectorSearch } from "./vector-search.ts";

export type TermStatistics = { chunks: number; withWord: number[] };

/** Lexical search, wherever it runs. */
export interface SearchChannel {
  searchByTerms(tenantId: TenantId, query: LexicalQuery, limit: number): Promise<LexicalHit[]>;
  termStatistics(tenantId: TenantId, query: LexicalQuery): Promise<TermStatistics>;
  /** Nearest first; the database is read, not a copy. */
  searchByVector(
    tenantId: TenantId,
    indexId: EmbeddingIndexId,
    vector: Float32Array,
    limit: number,
  ): Promise<VectorHit[]>;
  /** The database is open and migrated: whatever makes later searches faster may begin. Does not wait. */
  prepare(): void;
  /** Chunks of the tenant became visible. Does not wait; searches are right without it, only slower. */
  changed(tenantId: TenantId): void;
  /** Resolves when nothing reads the database any more. Searches that still run fail. */
  close(): Promise<void>;
}

/** FTS5's order is close to ours, so the best hits are well inside this many of its own. */
const CANDIDATES_PER_HIT = 3;
const FEWEST_CANDIDATES = 100;

type CandidateRow = Omit<FoundChunk, "headingPath"> & {
  number: number;
  headingPath: string;
  titleTerms: string;
  headingTerms: string;
  contentTerms: string;
};

export type LexicalSearch = {
  searchByTerms(tenantId: TenantId, query: LexicalQuery, limit: number): LexicalHit[];
  termStatistics(tenantId: TenantId, query: LexicalQuery): TermStatistics;
};

/** Each call sees one state of the database: all commits before it and none after. */
export function lexicalSearch(client: SqliteClient, weights: FieldWeights = FIELD_WEIGHTS): LexicalSearch {
  const { corpusOf, chunksWith, candidates } = prepareQueries(client, weights);

  function statistics(
    tenantId: TenantId,
    query: LexicalQuery,
  ): TermStatistics & { corpus: Corpus | undefined } {
    const corpus = corpusOf.get(tenantId);
    const countWord = (terms: string[]) => {
      if (corpus === undefined || corpus.chunks === 0 || terms.length === 0) return 0;
      return chunksWith.get(anyOf(corpus.tenantNumber, terms), tenantId) ?? 0;
    };
    return { corpus, chunks: corpus?.chunks ?? 0, withWord: query.words.map(countWord) };
  }

  function search(tenantId: TenantId, query: LexicalQuery, limit: number): LexicalHit[] {
    const { corpus, withWord } = statistics(tenantId, query);
    const terms = [...new Set(query.words.flat())];
    if (corpus === undefined || corpus.chunks === 0 || terms.length === 0) return [];
    const most = Math.max(limit * CANDIDATES_PER_HIT, FEWEST_CANDIDATES);
    const found = candidates.all(anyOf(corpus.tenantNumber, terms), tenantId, most);
    const score = scorer(query, weights, corpus, withWord);
    return found
      .map(score)
      .sort((left, right) => right.score - left.score || left.number - right.number)
      .slice(0, limit)
      .map(({ number: _, ...hit }): LexicalHit => hit);
  }

  const inOneSnapshot = client.transaction((work: () => unknown) => work());
  return {
    searchByTerms: (tenantId, query, limit) =>
      inOneSnapshot(() => search(tenantId, query, limit)) as LexicalHit[],
    termStatistics(tenantId, query) {
      const { chunks, withWord } = inOneSnapshot(() => statistics(tenantId, query)) as TermStatistics;
      return { chunks, withWord };
    },
  };
}

type Corpus = { tenantNumber: number; chunks: number; terms: number };

function prepareQueries(client: SqliteClient, weights: FieldWeights) {
  // A row is current when a source of the tenant that is not deleted names its version; the row id has it.
  const isCurrent = `exists (
    select 1 from knowledge_sources as source
    where source.current_version = chunks_fts.rowid / ${CHUNKS_PER_VERSION}
      and source.tenant_id = ? and source.deleted_at is null)`;
  const corpusOf = client.prepare<[string], Corpus>(`
    select tenants.number as tenantNumber, coalesce(sum(source.chunk_count), 0) as chunks,
      coalesce(sum(source.term_count), 0) as terms
    from tenants left join knowledge_sources as source
      on source.tenant_id = tenants.id and source.deleted_at is null and source.current_version is not null
    where tenants.id = ? group by tenants.number`);
  const chunksWith = client
    .prepare<[string, string], number>(
      `select count(*) from chunks_fts where chunks_fts match ? and ${isCurrent}`,
    )
    .pluck();
  const bm25 = `bm25(${[weights.title, weights.headings, weights.content].map(Number).join(", ")})`;
  const candidates = client.prepare<[string, string, number], CandidateRow>(`
    with best as materialized (
      select rowid as number from chunks_fts
      where chunks_fts match ? and rank match '${bm25}' and ${isCurrent}
      order by rank limit ?)
    select chunk.number, chunk.id, chunk.source_id as sourceId, chunk.ordinal, chunk.content, chunk.page, chunk.language,
      chunk.heading_path as headingPath, chunk.token_count as tokenCount, source.title as sourceTitle,
      chunk.title_terms as titleTerms, chunk.heading_terms as headingTerms, chunk.content_terms as contentTerms
    from best
    join document_chunks as chunk on chunk.number = best.number
    join knowledge_sources as source on source.tenant_id = chunk.tenant_id and source.id = chunk.source_id`);
  return { corpusOf, chunksWith, candidates };
}

/** FTS5's syntax for "any of these terms of this tenant". Quoted, a term is text and never an operator. */
function anyOf(tenantNumber: number, terms: readonly string[]): string {
  return terms.map((term) => `"${ownedTerm(tenantNumber, term).replaceAll('"', '""')}"`).join(" OR ");
}

function scorer(query: LexicalQuery, weights: FieldWeights, corpus: Corpus, withWord: readonly number[]) {
  const wordsOf = wordsByTerm(query);
  const meanLength = Math.max(corpus.terms / corpus.chunks, 1);
  const rarity = withWord.map((chunks) => inverseFrequency(corpus.chunks, chunks));

  return (row: CandidateRow): LexicalHit & { number: number } => {
    const { number, titleTerms, headingTerms, contentTerms, headingPath, ...chunk } = row;
    const [title, headings, content] = [titleTerms, headingTerms, contentTerms].map(splitTerms) as [
      string[],
      string[],
      string[],
    ];
    const positions = query.words.map((): number[] => []);
    const frequency = query.words.map(() => 0);
    const count = (terms: readonly string[], weight: number) => {
      for (const term of terms) for (const word of wordsOf.get(term) ?? []) add(frequency, word, weight);
    };
    count(title, weights.title);
    count(headings, weights.headings);
    count(content, weights.content);
    for (const [position, term] of content.entries()) {
      for (const word of wordsOf.get(term) ?? []) positions[word]?.push(position);
    }
    const length = title.length + headings.length + content.length;
    const damping = K1 * (1 - B + (B * length) / meanLength);
    const score = frequency.reduce(
      (sum, times, word) => sum + ((rarity[word] ?? 0) * times * (K1 + 1)) / (times + damping),
      0,
    );
    const found = { ...chunk, headingPath: JSON.parse(headingPath) as string[] };
    return { number, chunk: found, score, positions, length: content.length, titleTerms, headingTerms };
  };
}

function wordsByTerm(query: LexicalQuery): Map<string, number[]> {
  const words = new Map<string, number[]>();
  for (const [word, terms] of query.words.entries()) {
    for (const term of new Set(terms)) words.set(term, [...(words.get(term) ?? []), word]);
  }
  return words;
}

function add(counts: number[], index: number, weight: number): void {
  counts[index] = (counts[index] ?? 0) + weight;
}

/** The search in this thread, for tools and tests: it holds up whatever else the thread does. */
export function searchInProcess(client: SqliteClient): SearchChannel {
  const search = lexicalSearch(client);
  const vectors = vectorSearch(client);
  return {
    searchByTerms: async (tenantId, query, limit) => search.searchByTerms(tenantId, query, limit),
    termStatistics: async (tenantId, query) => search.termStatistics(tenantId, query),
    searchByVector: async (tenantId, indexId, vector, limit) =>
      vectors.searchByVector(tenantId, indexId, vector, limit),
    prepare() {},
    changed() {},
    async close() {},
  };
}
