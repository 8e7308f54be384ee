/**
 * Lexical retrieval beside plain FTS5 with its porter tokenizer, in one run, on the question sets beside the
 * repository. What is printed is of the odd questions; docs/benchmarks.md says how far they were held out. Run by
 * `bun run bench retrieval`.
 */
import Database from "better-sqlite3";
import { discountedGainAt, type JudgedRanking, percentile, recallAt } from "../../src/rag/metrics.ts";
import { ABSTAIN_BELOW } from "../../src/rag/select.ts";
import type { Figure } from "./figure.ts";
import {
  CANDIDATES,
  type Corpus,
  halfOf,
  haveQuestionSets,
  type Piece,
  piecesOf,
  type Question,
  questionsOf,
  rank,
  SET_NAMES,
  toCorpus,
} from "./question-sets.ts";

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
const DEPTH = 10;
const MANY_CHUNKS = 140_000;
/** Of the many chunks' questions; plain FTS5 takes a tenth of a second for each. */
const TIMED_QUESTIONS = 100;

type Run = { rankings: JudgedRanking[]; times: number[] };

export async function benchRetrieval(): Promise<Figure[]> {
  if (!haveQuestionSets()) {
    return [{ what: "question sets", measured: "not here", target: "PARLEY_BENCH_SETS names their folder" }];
  }
  const figures: Figure[] = [];
  const corpora = new Map<string, Corpus>();
  for (const name of SET_NAMES) {
    const corpus = toCorpus(await piecesOf(name));
    corpora.set(name, corpus);
    const questions = await halfOf(name, "odd");
    figures.push(...besidePlain(name, corpus, questions), answeredShare(name, corpus, questions));
  }
  for (const [asked, other] of UNANSWERABLE) {
    figures.push(refusedShare(asked, other, corpora.get(other) as Corpus, await halfOf(asked, "odd")));
  }
  figures.push(...manyChunks((corpora.get("aws") as Corpus).pieces, await questionsOf("aws")));
  return figures;
}

function besidePlain(name: string, corpus: Corpus, questions: readonly Question[]): Figure[] {
  const plain = plainIndex(corpus.pieces);
  const theirs = runAll(questions, corpus, (text) => plain.search(text));
  const ours = runAll(questions, corpus, (text) => rank(corpus, text).map(({ hit }) => Number(hit.chunk.id)));
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
  const corpus = toCorpus(many);
  const seconds = (performance.now() - startedAt) / 1000;
  const timed = questions.slice(0, TIMED_QUESTIONS);
  const search = (text: string) => rank(corpus, text).map(({ hit }) => Number(hit.chunk.id));
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
  return (rank(corpus, text)[0]?.relevance ?? 0) >= ABSTAIN_BELOW;
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
