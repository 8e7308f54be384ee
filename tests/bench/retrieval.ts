/**
 * Lexical retrieval beside plain FTS5 with its porter tokenizer, in one run, on the question sets beside the
 * repository. What is printed is of the odd questions; docs/benchmarks.md says how far they were held out. Run by
 * `bun run bench retrieval`.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { ChunkId, SourceId } from "../../src/domain/ids.ts";
import type { LexicalHit, LexicalQuery } from "../../src/domain/knowledge.ts";
import { InvertedIndex } from "../../src/lexical/inverted-index.ts";
import { chunkDocument } from "../../src/rag/chunk.ts";
import { discountedGainAt, type JudgedRanking, percentile, recallAt } from "../../src/rag/metrics.ts";
import { parseDocument } from "../../src/rag/parse/index.ts";
import { ABSTAIN_BELOW, type RankedCandidate, rankCandidates } from "../../src/rag/rank.ts";
import { analyzeChunk, toLexicalQuery } from "../../src/rag/text.ts";
import type { Figure } from "./figure.ts";

const SETS = process.env.PARLEY_BENCH_SETS ?? join(import.meta.dir, "../../../shared/retrieval");
const NAMES = ["squad", "aws", "xquad-en", "xquad-de", "xquad-es", "xquad-ar", "xquad-ru", "xquad-zh"];
/** Questions of the first asked of the documents of the second, which are about something else. */
const UNANSWERABLE = [
  ["squad", "aws"],
  ["aws", "squad"],
  ["aws", "xquad-en"],
  ["xquad-en", "aws"],
  ["xquad-de", "aws"],
  ["xquad-ru", "aws"],
  ["xquad-zh", "aws"],
] as const;
const CANDIDATES = 50;
const DEPTH = 10;
const MANY_CHUNKS = 140_000;
/** Of the many chunks' questions; plain FTS5 takes a tenth of a second for each. */
const TIMED_QUESTIONS = 100;

type Document = { id: string; title?: string; text: string };
type Question = { id: string; text: string; relevant: string[] };
type Piece = { document: string; title: string; headingPath: string[]; content: string };
type Corpus = { pieces: Piece[]; index: InvertedIndex; languages: string[] };
type Run = { rankings: JudgedRanking[]; times: number[] };

export async function benchRetrieval(): Promise<Figure[]> {
  if (!existsSync(SETS)) {
    return [{ what: "question sets", measured: "not here", target: "PARLEY_BENCH_SETS names their folder" }];
  }
  const figures: Figure[] = [];
  const corpora = new Map<string, Corpus>();
  for (const name of NAMES) {
    const corpus = indexed(await piecesOf(name));
    corpora.set(name, corpus);
    const questions = await questionsOf(name);
    figures.push(...besidePlain(name, corpus, questions), answeredShare(name, corpus, questions));
  }
  for (const [asked, other] of UNANSWERABLE) {
    figures.push(refusedShare(asked, other, corpora.get(other) as Corpus, await questionsOf(asked)));
  }
  figures.push(...manyChunks((corpora.get("aws") as Corpus).pieces, await questionsOf("aws")));
  return figures;
}

/** The odd ones. */
async function questionsOf(name: string): Promise<Question[]> {
  return (await readLines<Question>(name, "queries")).filter((_, index) => index % 2 === 1);
}

function besidePlain(name: string, corpus: Corpus, questions: readonly Question[]): Figure[] {
  const plain = plainIndex(corpus.pieces);
  const theirs = runAll(questions, corpus, (text) => plain.search(text));
  const ours = runAll(questions, corpus, (text) =>
    ranked(corpus, text).map(({ hit }) => Number(hit.chunk.id)),
  );
  plain.close();
  const plainGain = discountedGainAt(DEPTH, theirs.rankings);
  const gain = discountedGainAt(DEPTH, ours.rankings);
  return [
    { what: `${name}: R@1 / R@5 / nDCG@10`, measured: qualityOf(ours), target: "" },
    { what: `${name}: the same, plain FTS5`, measured: qualityOf(theirs), target: "" },
    {
      what: `${name}: nDCG@10 over plain FTS5`,
      measured: `${((gain - plainGain) * 100).toFixed(1)} points`,
      target: plainGain < 0.87 ? "≥ 2" : "≥ 0.8, or 98.5 in all",
    },
    { what: `${name}: p50 / p95`, measured: timesOf(ours), target: name === "aws" ? "p95 ≤ 2 ms" : "" },
    { what: `${name}: p50 / p95, plain FTS5`, measured: timesOf(theirs), target: "" },
  ];
}

function answeredShare(name: string, corpus: Corpus, questions: readonly Question[]): Figure {
  const answered = questions.filter(({ text }) => isAnswered(corpus, text)).length;
  return { what: `${name}: answered`, measured: percent(answered, questions.length), target: "≥ 95 %" };
}

function refusedShare(asked: string, other: string, corpus: Corpus, questions: readonly Question[]): Figure {
  const refused = questions.filter(({ text }) => !isAnswered(corpus, text)).length;
  const what = `${asked} asked of ${other}: refused`;
  return { what, measured: percent(refused, questions.length), target: "≥ 90 %" };
}

/** The pages over and over, each time with other words among theirs, until there are many. */
function manyChunks(pieces: readonly Piece[], questions: readonly Question[]): Figure[] {
  const many = Array.from({ length: MANY_CHUNKS }, (_, n): Piece => {
    const piece = pieces[n % pieces.length] as Piece;
    const round = Math.floor(n / pieces.length);
    return round === 0 ? piece : { ...piece, content: perturbed(piece.content, n) };
  });
  const startedAt = performance.now();
  const corpus = indexed(many);
  const seconds = (performance.now() - startedAt) / 1000;
  const timed = questions.slice(0, TIMED_QUESTIONS);
  const search = (text: string) => ranked(corpus, text).map(({ hit }) => Number(hit.chunk.id));
  runAll(timed, corpus, search);
  const ours = runAll(timed, corpus, search);
  const plain = plainIndex(many);
  const theirs = runAll(timed, corpus, (text) => plain.search(text));
  plain.close();
  return [
    { what: "140,000 chunks: p50 / p95", measured: timesOf(ours), target: "p95 ≤ 5 ms" },
    { what: "140,000 chunks: p50 / p95, plain FTS5", measured: timesOf(theirs), target: "" },
    { what: "140,000 chunks: analysed and indexed", measured: `${seconds.toFixed(0)} s`, target: "" },
    {
      what: "140,000 chunks: the index holds",
      measured: `${(corpus.index.sizeBytes / 1e6).toFixed(0)} MB`,
      target: "",
    },
  ];
}

/** Every ninth word becomes one of its own. */
function perturbed(content: string, seed: number): string {
  return content
    .split(" ")
    .map((word, place) => ((place + seed) % 9 === 0 ? `${word}${(seed * 31 + place) % 5_000}` : word))
    .join(" ");
}

function isAnswered(corpus: Corpus, text: string): boolean {
  return (ranked(corpus, text)[0]?.relevance ?? 0) >= ABSTAIN_BELOW;
}

function ranked({ index, languages, pieces }: Corpus, text: string): RankedCandidate[] {
  const query = toLexicalQuery(text, languages);
  const statistics = { chunks: index.size, withWord: index.withWord(query) };
  return rankCandidates(text, query, hitsOf(index, pieces, query), statistics);
}

function hitsOf(index: InvertedIndex, pieces: readonly Piece[], query: LexicalQuery): LexicalHit[] {
  return index.search(query, CANDIDATES).map(({ number, ...hit }) => {
    const { document, title, headingPath, content } = pieces[number] as Piece;
    const place = { ordinal: 0, page: null, language: "", tokenCount: 0 };
    const ids = { id: String(number) as ChunkId, sourceId: document as SourceId };
    return { ...hit, chunk: { ...ids, ...place, content, headingPath, sourceTitle: title } };
  });
}

/** Asks all, and ranks each document by its best piece. */
function runAll(questions: readonly Question[], { pieces }: Corpus, search: (text: string) => number[]): Run {
  const run: Run = { rankings: [], times: [] };
  for (const { text, relevant } of questions) {
    const startedAt = performance.now();
    const found = search(text);
    run.times.push(performance.now() - startedAt);
    run.rankings.push({
      ranked: [...new Set(found.map((number) => (pieces[number] as Piece).document))],
      relevant,
    });
  }
  return run;
}

function indexed(pieces: Piece[]): Corpus {
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

/** What most people would pick: the text as it is, porter stems, any of the words, FTS5's own BM25. */
function plainIndex(pieces: readonly Piece[]) {
  const database = new Database(":memory:");
  database.exec("create virtual table pieces using fts5 (title, content, tokenize = 'porter unicode61')");
  const insert = database.prepare("insert into pieces (rowid, title, content) values (?, ?, ?)");
  database.transaction(() => {
    for (const [number, { title, headingPath, content }] of pieces.entries()) {
      insert.run(number, title, [...headingPath, content].join("\n"));
    }
  })();
  const find = database
    .prepare<[string, number], number>("select rowid from pieces where pieces match ? order by rank limit ?")
    .pluck();
  return {
    search(text: string): number[] {
      const words = new Set(text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []);
      const query = [...words].map((word) => `"${word}"`).join(" OR ");
      return query === "" ? [] : find.all(query, CANDIDATES);
    },
    close: () => database.close(),
  };
}

async function piecesOf(name: string): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const { id, title, text } of await readLines<Document>(name, "corpus")) {
    const parsed = await parseDocument(new TextEncoder().encode(text), `${id}.md`, "markdown", () => {});
    for (const { headingPath, content } of chunkDocument(parsed)) {
      pieces.push({ document: id, title: title || id, headingPath, content });
    }
  }
  return pieces;
}

async function readLines<Line>(set: string, name: string): Promise<Line[]> {
  const text = await Bun.file(join(SETS, set, `${name}.jsonl`)).text();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

function qualityOf({ rankings }: Run): string {
  const measures = [recallAt(1, rankings), recallAt(5, rankings), discountedGainAt(DEPTH, rankings)];
  return measures.map((share) => (share * 100).toFixed(1)).join(" / ");
}

function timesOf({ times }: Run): string {
  return `${percentile(0.5, times).toFixed(2)} / ${percentile(0.95, times).toFixed(2)} ms`;
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
}
