/** Questions with the sentences that could answer them, each with its measures and whether it does. */
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { Passage } from "../../src/providers/provider.ts";
import { chunkDocument } from "../../src/rag/chunk.ts";
import { parseDocument } from "../../src/rag/formats/parse.ts";
import { MEASURES, measureUnits } from "../../src/rag/quote/measure.ts";
import { unitsOf } from "../../src/rag/quote/units.ts";
import type { RankedCandidate } from "../../src/rag/rank.ts";
import { ABSTAIN_BELOW, joinNeighbours, selectPassages } from "../../src/rag/select.ts";
import { type Corpus, type Piece, rank, toCorpus } from "./question-sets.ts";

const QUOTES = join(import.meta.dir, "quotes");
/** Folders of `docs` and `questions.jsonl`, as employees ask. */
export const QUESTIONS =
  process.env.PARLEY_BENCH_QUESTIONS ?? join(import.meta.dir, "../../../shared/questions");
const BUDGET = { maxPassages: 6, tokenBudget: 2_000 };

/** `answers` is the share of the answer's strings that the sentence holds. */
export type QuoteCase = { number: number; rows: { measures: number[]; answers: number }[] };

/** A question of ours: `u` stands in the sentence too, where the answer alone is too short to tell. */
export type OwnQuestion = { q: string; a: string[]; u?: string };
export type OwnCorpus = {
  language: string;
  corpus: Corpus;
  questions: OwnQuestion[];
  /** Of things that the corpus speaks of, without saying this. */
  unanswered: { q: string }[];
};

export async function ownCorpora(): Promise<OwnCorpus[]> {
  const names = readdirSync(QUOTES).filter((name) => name.endsWith(".md"));
  return Promise.all(
    names.sort().map(async (name) => ({
      language: name.replace(".md", ""),
      corpus: toCorpus(await piecesOfFile(join(QUOTES, name), name)),
      questions: await readLines<OwnQuestion>(join(QUOTES, name.replace(".md", ".jsonl"))),
      unanswered: await readLines<{ q: string }>(join(QUOTES, name.replace(".md", "-none.jsonl"))),
    })),
  );
}

export async function casesOfQuotes(): Promise<QuoteCase[]> {
  return (await ownCorpora()).flatMap(({ corpus, questions }) =>
    questions.flatMap(({ q, a, u = "" }, index) =>
      toCase(index + 1, q, passagesFor(corpus, q), (text) => (text.includes(u) ? shareOf(a, text) : 0)),
    ),
  );
}

type SetQuestion = {
  id: string;
  turns: string[];
  kind: string;
  answer?: { anyOf: string[][]; not?: string[] };
  cite?: { file: string }[];
};

/** Those that the documents answer in the question's own language. */
export async function casesOfQuestionSets(): Promise<QuoteCase[]> {
  if (!existsSync(QUESTIONS)) return [];
  const folders = readdirSync(QUESTIONS)
    .map((name) => join(QUESTIONS, name))
    .filter((folder) => existsSync(join(folder, "questions.jsonl")));
  const cases = await Promise.all(folders.sort().map(casesOfSet));
  return cases.flat();
}

async function casesOfSet(folder: string): Promise<QuoteCase[]> {
  const docs = join(folder, "docs");
  const files = readdirSync(docs, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(docs, join(entry.parentPath, entry.name)))
    .sort();
  const corpus = toCorpus(
    (await Promise.all(files.map((file) => piecesOfFile(join(docs, file), file)))).flat(),
  );
  const questions = await readLines<SetQuestion>(join(folder, "questions.jsonl"));
  return questions.flatMap(({ id, turns, kind, answer, cite = [] }) => {
    if (answer === undefined || kind === "crosslingual") return [];
    const { anyOf, not = [] } = answer;
    const right = new Set(cite.map(({ file }) => file));
    const question = turns.join(" ");
    return toCase(
      Number(/\d+$/.exec(id)?.[0] ?? 0),
      question,
      passagesFor(corpus, question),
      (text, file) => {
        if (!right.has(file) || not.some((string) => holds(text, string))) return 0;
        return Math.max(...anyOf.map((all) => shareOf(all, text)));
      },
    );
  });
}

/** What a turn would choose from, whatever its relevance and whatever it lacks: where the sentence is to be found. */
export function passagesFor(corpus: Corpus, question: string): Passage[] {
  return toPassages(
    rank(corpus, question).map((each) => ({
      ...each,
      gaps: null,
      relevance: Math.max(ABSTAIN_BELOW, each.relevance),
    })),
  );
}

/** What a turn chooses from; none where the search finds nothing. */
export function passagesOfTurn(corpus: Corpus, question: string): Passage[] {
  return toPassages(rank(corpus, question));
}

function toPassages(ranked: readonly RankedCandidate[]): Passage[] {
  const { kept } = selectPassages(ranked, BUDGET);
  return joinNeighbours(kept.map(({ candidate }) => candidate)).map(
    ({ best: { hit, relevance, gaps }, text }, at) => {
      const { id, sourceId, documentTitle, headingPath, page } = hit.chunk;
      const place = { chunk: id, source: sourceId, title: documentTitle, headingPath, page };
      return { n: at + 1, ...place, text, relevance, gaps };
    },
  );
}

function toCase(
  number: number,
  question: string,
  passages: readonly Passage[],
  answers: (text: string, file: string) => number,
): QuoteCase[] {
  const units = passages.flatMap(unitsOf);
  if (units.length === 0) return [];
  const rows = measureUnits(question, units).measured.map(({ unit, measures }) => ({
    measures: MEASURES.map((measure) => measures[measure]),
    answers: answers(unit.text, String(unit.passage.source)),
  }));
  return rows.some((row) => row.answers > 0) ? [{ number, rows }] : [];
}

async function piecesOfFile(path: string, name: string): Promise<Piece[]> {
  const parsed = await parseDocument(await Bun.file(path).bytes(), name, "markdown", () => {});
  return chunkDocument(parsed).map(({ headingPath, content }, ordinal) => ({
    document: name,
    ordinal,
    title: (name.split("/").at(-1) ?? name).replace(/\.[^.]+$/, ""),
    headingPath,
    content,
  }));
}

function shareOf(strings: readonly string[], text: string): number {
  return strings.filter((string) => holds(text, string)).length / strings.length;
}

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** Whether `text` holds `string`, but not inside a longer word or number. */
export function holds(text: string, string: string): boolean {
  const [inside, sought] = [simple(text), simple(string)];
  if (UNSPACED.test(sought)) return inside.includes(sought);
  const isEdge = (character: string | undefined) =>
    character === undefined || !/[\p{L}\p{N}]/u.test(character);
  for (let at = inside.indexOf(sought); at >= 0; at = inside.indexOf(sought, at + 1)) {
    if (isEdge(inside[at - 1]) && isEdge(inside[at + sought.length])) return true;
  }
  return false;
}

function simple(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[‘’]/g, "'")
    .replace(/[*`_|]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

async function readLines<Line>(path: string): Promise<Line[]> {
  const text = await Bun.file(path).text();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}
