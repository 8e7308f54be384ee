/**
 * What the built-in provider answers, measured on the question sets beside the repository when they are
 * there: how often it answers, whether the answer quotes the right paragraph, and how often it refuses
 * questions that the corpus cannot answer. Run by `bun run bench answers`.
 */
import type { Passage } from "../../src/providers/provider.ts";
import { citedNumbers } from "../../src/rag/citations.ts";
import { extractAnswer } from "../../src/rag/extract.ts";
import { joinNeighbours, selectPassages } from "../../src/rag/select.ts";
import type { Figure } from "./figure.ts";
import {
  type Corpus,
  haveQuestionSets,
  piecesOf,
  type Question,
  questionsOf,
  rank,
  SET_NAMES,
  toCorpus,
} from "./question-sets.ts";

/** Questions of the first against the corpus of the second, which is about something else. */
const UNANSWERABLE = [
  ["squad", "aws"],
  ["aws", "squad"],
  ["aws", "xquad-en"],
  ["xquad-de", "aws"],
  ["xquad-ru", "aws"],
] as const;
const MOST_QUESTIONS = 1_200;
const BUDGET = { maxPassages: 6, tokenBudget: 2_000 };

export async function benchAnswers(): Promise<Figure[]> {
  if (!haveQuestionSets()) {
    return [{ what: "question sets", measured: "not here", target: "PARLEY_BENCH_SETS names their folder" }];
  }
  const figures: Figure[] = [];
  const corpora = new Map<string, Corpus>();
  for (const set of SET_NAMES) {
    const corpus = toCorpus(await piecesOf(set));
    corpora.set(set, corpus);
    figures.push(...(await measureAnswerable(set, corpus)));
  }
  for (const [set, other] of UNANSWERABLE) {
    figures.push(await measureUnanswerable(set, other, corpora.get(other) as Corpus));
  }
  return figures;
}

async function measureAnswerable(set: string, corpus: Corpus): Promise<Figure[]> {
  const questions = await loadQuestions(set);
  const replies = questions.map((question) => ({ question, ...answer(question.text, corpus) }));
  const share = (holds: (each: (typeof replies)[number]) => boolean): string =>
    percent(replies.filter(holds).length, replies.length);
  const answered = replies.filter(({ reply }) => reply !== "");
  const characters =
    answered.reduce((sum, { reply }) => sum + reply.length, 0) / Math.max(1, answered.length);
  return [
    { what: `${set}: answered`, measured: share(({ reply }) => reply !== ""), target: "≥ 95 %" },
    {
      what: `${set}: quotes the right paragraph first`,
      measured: share(({ cited, question }) => question.relevant.includes(cited[0] ?? "")),
      target: "",
    },
    {
      what: `${set}: quotes the right paragraph`,
      measured: share(({ cited, question }) => cited.some((id) => question.relevant.includes(id))),
      target: "",
    },
    { what: `${set}: characters of an answer`, measured: String(Math.round(characters)), target: "" },
    ...answerStrings(set, replies),
  ];
}

/** Only for sets that say which words answer a question. */
function answerStrings(set: string, replies: { question: Question; reply: string }[]): Figure[] {
  const known = replies.filter(({ question }) => question.answers);
  if (known.length === 0) return [];
  const held = known.filter(({ question, reply }) => question.answers?.some((text) => reply.includes(text)));
  return [
    { what: `${set}: holds the answer's words`, measured: percent(held.length, known.length), target: "" },
  ];
}

async function measureUnanswerable(set: string, other: string, corpus: Corpus): Promise<Figure> {
  const questions = await loadQuestions(set);
  const refused = questions.filter(({ text }) => answer(text, corpus).reply === "").length;
  return {
    what: `${set} asked of ${other}: refused`,
    measured: percent(refused, questions.length),
    target: "≥ 90 %",
  };
}

/** An empty reply is an abstention. `cited` are ids of corpus lines, in the order of their first use. */
function answer(question: string, corpus: Corpus): { reply: string; cited: string[] } {
  const { kept } = selectPassages(rank(corpus, question), BUDGET);
  const joined = joinNeighbours(kept.map(({ candidate }) => candidate));
  const passages = joined.map(({ best: { hit, relevance }, text }, position): Passage => {
    const { id, sourceId, documentTitle, headingPath, page } = hit.chunk;
    // A corpus line's id is its source here, however many chunks it has.
    const place = { chunk: id, source: sourceId, title: documentTitle, headingPath, page };
    return { n: position + 1, ...place, text, relevance };
  });
  const reply = extractAnswer(question, passages);
  const cited = citedNumbers(reply).map((n) => String(passages.find((passage) => passage.n === n)?.source));
  return { reply, cited };
}

/** At most MOST_QUESTIONS, spread evenly over the set. */
async function loadQuestions(set: string): Promise<Question[]> {
  const questions = await questionsOf(set);
  const step = Math.max(1, questions.length / MOST_QUESTIONS);
  return questions.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
}
