/**
 * Lexical search over one SQLite connection: FTS5 finds the candidates, and BM25 is computed here for them,
 * because FTS5's own bm25() counts every alternative of a word as a word and every tenant's rows as rows. It knows
 * the words of a question themselves, not what else is said for them: it answers only until the terms are in memory.
 */
import { B, FIELD_WEIGHTS, type FieldWeights, inverseFrequency, K1 } from "../../domain/bm25.ts";
import type { TenantId } from "../../domain/ids.ts";
import { type LexicalMatches, type LexicalQuery, MatchWriter } from "../../domain/lexical.ts";
import { CHUNKS_PER_VERSION } from "./chunk-versions.ts";
import type { SqliteClient } from "./connection.ts";
import { ownedTerm, splitTerms } from "./lexical-rows.ts";
import { documentIsShown } from "./shown.ts";

/** FTS5's order is close to ours, so the best hits are well inside this many of its own. */
const CANDIDATES_PER_HIT = 3;
const FEWEST_CANDIDATES = 100;

type CandidateRow = {
  number: number;
  titleTerms: string;
  headingTerms: string;
  contentTerms: string;
};

export type LexicalSearch = {
  searchByTerms(tenantId: TenantId, query: LexicalQuery, limit: number): LexicalMatches;
};

/** Each call sees one state of the database: all commits before it and none after. */
export function lexicalSearch(client: SqliteClient, weights: FieldWeights = FIELD_WEIGHTS): LexicalSearch {
  const { corpusOf, chunksWith, candidates } = prepareQueries(client, weights);

  function search(tenantId: TenantId, query: LexicalQuery, limit: number): LexicalMatches {
    const corpus = corpusOf.get(tenantId) ?? NO_CORPUS;
    const withWord = query.words.map((terms) =>
      corpus.chunks === 0 || terms.length === 0
        ? 0
        : (chunksWith.get(anyOf(corpus.tenantNumber, terms), tenantId) ?? 0),
    );
    const terms = [...new Set(query.words.flat())];
    const most = Math.max(limit * CANDIDATES_PER_HIT, FEWEST_CANDIDATES);
    const found =
      corpus.chunks === 0 || terms.length === 0
        ? []
        : candidates.all(anyOf(corpus.tenantNumber, terms), tenantId, most);
    const best = found
      .map(scorer(query, weights, corpus, withWord))
      .sort((left, right) => right.score - left.score || left.row.number - right.row.number)
      .slice(0, limit);
    const matches = new MatchWriter(query.words.length, best.length);
    const wordsOf = wordsByTerm(query);
    for (const { row, score } of best) writeHit(row, score, wordsOf, matches);
    return matches.finish({ chunks: corpus.chunks, withWord, replaced: query.words.map(() => null) });
  }

  const inOneSnapshot = client.transaction((work: () => unknown) => work());
  return {
    searchByTerms: (tenantId, query, limit) =>
      inOneSnapshot(() => search(tenantId, query, limit)) as LexicalMatches,
  };
}

type Corpus = { tenantNumber: number; chunks: number; terms: number };
const NO_CORPUS: Corpus = { tenantNumber: 0, chunks: 0, terms: 0 };

function prepareQueries(client: SqliteClient, weights: FieldWeights) {
  // A row is current when a document of the tenant that is shown names its version; the row id has it.
  const isCurrent = `exists (
    select 1 from documents as document
    where document.current_version = chunks_fts.rowid / ${CHUNKS_PER_VERSION}
      and document.tenant_id = ? and ${documentIsShown("document")})`;
  const corpusOf = client.prepare<[string], Corpus>(`
    select tenants.number as tenantNumber, coalesce(sum(source.chunk_count), 0) as chunks,
      coalesce(sum(source.term_count), 0) as terms
    from tenants left join knowledge_sources as source
      on source.tenant_id = tenants.id and source.deleted_at is null
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
    select chunk.number, chunk.title_terms as titleTerms, chunk.heading_terms as headingTerms,
      chunk.content_terms as contentTerms
    from best join document_chunks as chunk on chunk.number = best.number`);
  return { corpusOf, chunksWith, candidates };
}

/** FTS5's syntax for "any of these terms of this tenant". Quoted, a term is text and never an operator. */
function anyOf(tenantNumber: number, terms: readonly string[]): string {
  return terms.map((term) => `"${ownedTerm(tenantNumber, term).replaceAll('"', '""')}"`).join(" OR ");
}

function scorer(query: LexicalQuery, weights: FieldWeights, corpus: Corpus, withWord: readonly number[]) {
  const wordsOf = wordsByTerm(query);
  const meanLength = Math.max(corpus.terms / corpus.chunks, 1);
  const rarity = withWord.map(
    (chunks, word) => (query.weights?.[word] ?? 1) * inverseFrequency(corpus.chunks, chunks),
  );

  return (row: CandidateRow): { row: CandidateRow; score: number } => {
    const frequency = query.words.map(() => 0);
    let length = 0;
    const count = (terms: string, weight: number) => {
      for (const term of splitTerms(terms)) {
        length++;
        for (const word of wordsOf.get(term) ?? []) frequency[word] = (frequency[word] ?? 0) + weight;
      }
    };
    count(row.titleTerms, weights.title);
    count(row.headingTerms, weights.headings);
    count(row.contentTerms, weights.content);
    const damping = K1 * (1 - B + (B * length) / meanLength);
    const score = frequency.reduce(
      (sum, times, word) => sum + ((rarity[word] ?? 0) * times * (K1 + 1)) / (times + damping),
      0,
    );
    return { row, score };
  };
}

function writeHit(
  { number, titleTerms, headingTerms, contentTerms }: CandidateRow,
  score: number,
  wordsOf: ReadonlyMap<string, number[]>,
  matches: MatchWriter,
): void {
  matches.hit(number, score);
  for (const term of splitTerms(titleTerms)) {
    for (const word of wordsOf.get(term) ?? []) matches.inTitle(word, 1);
  }
  for (const term of splitTerms(headingTerms)) {
    for (const word of wordsOf.get(term) ?? []) matches.inHeadings(word, 1);
  }
  for (const [place, term] of splitTerms(contentTerms).entries()) {
    for (const word of wordsOf.get(term) ?? []) matches.inContent(place, word, 1);
  }
}

function wordsByTerm(query: LexicalQuery): Map<string, number[]> {
  const words = new Map<string, number[]>();
  for (const [word, terms] of query.words.entries()) {
    for (const term of new Set(terms)) words.set(term, [...(words.get(term) ?? []), word]);
  }
  return words;
}
