/** The question sets beside the repository, cut and indexed as Parley does, in memory. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ChunkId, DocumentId, SourceId } from "../../src/domain/ids.ts";
import type { FoundChunk } from "../../src/domain/knowledge.ts";
import type { LexicalMatches } from "../../src/domain/lexical.ts";
import { InvertedIndex } from "../../src/lexical/inverted-index.ts";
import { chunkDocument } from "../../src/rag/chunk.ts";
import { contentsLast } from "../../src/rag/contents-lists.ts";
import { parseDocument } from "../../src/rag/formats/parse.ts";
import { type RankedCandidate, rankMatches, rankTexts } from "../../src/rag/rank.ts";
import { ABSTAIN_BELOW } from "../../src/rag/select.ts";
import { type AnalyzedQuestion, analyzeChunk, analyzeQuestion } from "../../src/rag/text.ts";

const SETS = process.env.PARLEY_BENCH_SETS ?? join(import.meta.dir, "../../../shared/retrieval");
export const SET_NAMES = [
  ...["squad", "aws", "xquad-en", "xquad-de", "xquad-es", "xquad-ar", "xquad-ru", "xquad-zh"],
];

/** As deep as a turn looks, and as many texts as it reads. */
export const CANDIDATES = 50;
const TEXTS = 16;

/** `answers` are strings that a right answer holds; not all sets have them. */
export type Question = { id: string; text: string; relevant: string[]; answers?: string[] };
export type Piece = {
  document: string;
  ordinal: number;
  title: string;
  headingPath: string[];
  content: string;
};
/** A piece's place in `pieces` is its row in the index. */
export type Corpus = { pieces: Piece[]; index: InvertedIndex; languages: string[] };

export function haveQuestionSets(): boolean {
  return existsSync(SETS);
}

export async function piecesOf(set: string): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const { id, title, text } of await readLines<{ id: string; title?: string; text: string }>(
    set,
    "corpus",
  )) {
    const parsed = await parseDocument(new TextEncoder().encode(text), `${id}.md`, "markdown", () => {});
    for (const [ordinal, { headingPath, content }] of chunkDocument(parsed).entries()) {
      pieces.push({ document: id, ordinal, title: title || id, headingPath, content });
    }
  }
  return pieces;
}

export function questionsOf(set: string): Promise<Question[]> {
  return readLines<Question>(set, "queries");
}

/** Half of the questions: what is chosen is chosen on the even ones, and shown on the odd ones. */
export async function halfOf(set: string, half: "even" | "odd"): Promise<Question[]> {
  return (await questionsOf(set)).filter((_, index) => index % 2 === (half === "odd" ? 1 : 0));
}

export function toCorpus(pieces: Piece[]): Corpus {
  const index = new InvertedIndex();
  const counts = new Map<string, number>();
  const split = (terms: string) => (terms === "" ? [] : terms.split(" "));
  for (const [number, piece] of pieces.entries()) {
    const { language, titleTerms, headingTerms, contentTerms } = analyzeChunk(piece);
    counts.set(language, (counts.get(language) ?? 0) + 1);
    index.add({
      number,
      title: split(titleTerms),
      headings: split(headingTerms),
      content: split(contentTerms),
    });
  }
  const languages = [...counts].sort(([, left], [, right]) => right - left).map(([language]) => language);
  return { pieces, index, languages };
}

export function find(
  { index, languages }: Corpus,
  text: string,
): { question: AnalyzedQuestion; matches: LexicalMatches } {
  const question = analyzeQuestion(text, languages);
  return { question, matches: index.search(question.query, CANDIDATES) };
}

/** What a turn would choose from, best first. */
export function rank(corpus: Corpus, text: string): RankedCandidate[] {
  const { question, matches } = find(corpus, text);
  const best = rankMatches(question, matches).slice(0, TEXTS);
  const chunks = new Map(best.map(({ row }) => [row, toChunk(corpus.pieces[row] as Piece, row)]));
  return contentsLast(rankTexts(question, best, chunks, matches), ABSTAIN_BELOW);
}

function toChunk({ document, title, headingPath, content, ordinal }: Piece, row: number): FoundChunk {
  const ids = {
    id: String(row) as ChunkId,
    sourceId: document as SourceId,
    documentId: document as DocumentId,
  };
  return {
    ...ids,
    ordinal,
    page: null,
    language: "",
    tokenCount: 0,
    content,
    headingPath,
    sourceTitle: title,
    documentTitle: title,
  };
}

async function readLines<Line>(set: string, name: string): Promise<Line[]> {
  const text = await Bun.file(join(SETS, set, `${name}.jsonl`)).text();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}
