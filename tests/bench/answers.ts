/**
 * What the built-in provider answers, measured on the question sets beside the repository when they are
 * there: how often it answers, whether the answer quotes the right paragraph, and how often it refuses
 * questions that the corpus cannot answer. Run by `bun run bench answers`.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ChunkId } from "../../src/domain/ids.ts";
import type { Passage } from "../../src/providers/provider.ts";
import { chunkDocument } from "../../src/rag/chunk.ts";
import { citedNumbers } from "../../src/rag/citations.ts";
import { extractAnswer } from "../../src/rag/extract.ts";
import { parseDocument } from "../../src/rag/parse/index.ts";
import { rankCandidates, selectPassages } from "../../src/rag/rank.ts";
import { toLexicalQuery } from "../../src/rag/text.ts";
import { type IndexedText, LexicalIndex } from "./lexical-index.ts";

type Document = { id: string; title?: string; text: string };
type Question = { id: string; text: string; relevant: string[]; answers?: string[] };
type Corpus = { index: LexicalIndex; languages: string[] };

const SETS = process.env.PARLEY_BENCH_SETS ?? join(import.meta.dir, "../../../shared/retrieval");
const ANSWERABLE = ["squad", "aws", "xquad-en", "xquad-de", "xquad-es", "xquad-ar", "xquad-ru", "xquad-zh"];
/** Questions of the first against the corpus of the second, which is about something else. */
const UNANSWERABLE = [
  ["squad", "aws"],
  ["aws", "squad"],
  ["aws", "xquad-en"],
  ["xquad-de", "aws"],
  ["xquad-ru", "aws"],
] as const;
const MOST_QUESTIONS = 1_200;
const CANDIDATES = 50;
const BUDGET = { maxPassages: 6, tokenBudget: 2_000 };

export async function benchAnswers(): Promise<void> {
  if (!existsSync(SETS)) {
    console.log(`No question sets at ${SETS}: nothing to measure. PARLEY_BENCH_SETS names another folder.`);
    return;
  }
  const corpora = new Map<string, Corpus>();
  for (const set of ANSWERABLE) corpora.set(set, await loadCorpus(set));
  console.log(
    "answerable        questions  answered  quotes the right one first / at all  answer string  characters",
  );
  for (const set of ANSWERABLE) await measureAnswerable(set, corpora.get(set) as Corpus);
  console.log("\nunanswerable      questions  refused");
  for (const [set, other] of UNANSWERABLE)
    await measureUnanswerable(set, other, corpora.get(other) as Corpus);
}

async function measureAnswerable(set: string, corpus: Corpus): Promise<void> {
  const questions = await loadQuestions(set);
  const counts = { answered: 0, first: 0, any: 0, characters: 0, withString: 0, strings: 0 };
  for (const question of questions) {
    const { reply, cited } = answer(question.text, corpus);
    if (question.answers) {
      counts.withString += 1;
      if (question.answers.some((text) => reply.includes(text))) counts.strings += 1;
    }
    if (reply === "") continue;
    counts.answered += 1;
    counts.characters += reply.length;
    if (question.relevant.includes(cited[0] ?? "")) counts.first += 1;
    if (cited.some((id) => question.relevant.includes(id))) counts.any += 1;
  }
  const { length } = questions;
  const strings = counts.withString === 0 ? "not in the set" : percent(counts.strings, counts.withString);
  console.log(
    `${set.padEnd(18)}${String(length).padStart(9)}  ${percent(counts.answered, length)}    ${percent(counts.first, length)} / ${percent(counts.any, length)}                    ${strings}  ${Math.round(counts.characters / Math.max(1, counts.answered))}`,
  );
}

async function measureUnanswerable(set: string, other: string, corpus: Corpus): Promise<void> {
  const questions = await loadQuestions(set);
  const refused = questions.filter(({ text }) => answer(text, corpus).reply === "").length;
  console.log(
    `${`${set} > ${other}`.padEnd(18)}${String(questions.length).padStart(9)}  ${percent(refused, questions.length)}`,
  );
}

/** An empty reply is an abstention. `cited` are ids of corpus lines, in the order of their first use. */
function answer(question: string, { index, languages }: Corpus): { reply: string; cited: string[] } {
  const query = toLexicalQuery(question, languages);
  const ranked = rankCandidates(question, query, index.search(query, CANDIDATES), index.statistics(query));
  const { kept } = selectPassages(ranked, BUDGET);
  const passages = kept.map(({ candidate: { hit, relevance } }, position): Passage => {
    const { sourceId, sourceTitle, headingPath, page, content } = hit.chunk;
    const place = { chunk: sourceId as string as ChunkId, title: sourceTitle, headingPath, page };
    return { n: position + 1, ...place, text: content, relevance };
  });
  const reply = extractAnswer(question, passages);
  const cited = citedNumbers(reply).map((n) => String(passages.find((passage) => passage.n === n)?.chunk));
  return { reply, cited };
}

async function loadCorpus(set: string): Promise<Corpus> {
  const documents = await readLines<Document>(set, "corpus");
  const texts: IndexedText[] = [];
  for (const { id, title = "", text } of documents) {
    if (set !== "aws") texts.push({ id, title, text });
    else texts.push(...(await chunksOf(id, title, text)));
  }
  const index = new LexicalIndex(texts);
  return { index, languages: index.languages() };
}

/** The only set of whole pages: in Markdown. */
async function chunksOf(id: string, title: string, text: string): Promise<IndexedText[]> {
  const parsed = await parseDocument(new TextEncoder().encode(text), id, "markdown", () => {}).catch(
    () => null,
  );
  const chunks = parsed ? chunkDocument(parsed) : [];
  return chunks.map(({ headingPath, content }) => ({ id, title, headingPath, text: content }));
}

/** At most MOST_QUESTIONS, spread evenly over the set. */
async function loadQuestions(set: string): Promise<Question[]> {
  const questions = await readLines<Question>(set, "queries");
  const step = Math.max(1, questions.length / MOST_QUESTIONS);
  return questions.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

async function readLines<Line>(set: string, name: string): Promise<Line[]> {
  const text = await Bun.file(join(SETS, set, `${name}.jsonl`)).text();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`.padStart(7);
}

if (import.meta.main) await benchAnswers();
