import type {
  EvaluationRunView,
  GoldenQuestionView,
  OutcomeView,
  VerdictView,
} from "../../../src/protocol/admin-api/evals.ts";
import { before, SOURCES } from "./sample-data.ts";

/** Golden questions and runs of the fake server. */
export type FakeEvals = {
  questions: GoldenQuestionView[];
  removed: GoldenQuestionView[];
  runs: EvaluationRunView[];
};

const HOUR = 3_600_000;
const FAILING: readonly VerdictView[] = ["missed", "refused", "wrongly-answered"];

export function anOutcome(changes: Partial<OutcomeView> = {}): OutcomeView {
  return {
    ...{ run: "evr_2", question: "gld_1", text: "How much may a hotel in Zurich cost?" },
    ...{ verdict: "first", rank: 1, refused: false, relevance: 0.94, ms: 1.8 },
    top: [
      { source: "src_1", title: "Travel policy", relevance: 0.94, right: true },
      { source: "src_2", title: "Price list Q4", relevance: 0.61, right: false },
      { source: "src_6", title: "Canteen", relevance: 0.08, right: false },
    ],
    ...changes,
  };
}

export function aQuestion(changes: Partial<GoldenQuestionView> = {}): GoldenQuestionView {
  return {
    id: "gld_1",
    text: "How much may a hotel in Zurich cost?",
    expected: [{ source: "src_1", title: "Travel policy", passage: "190 euros", gone: false }],
    outcome: anOutcome(),
    createdAt: before(50 * HOUR),
    updatedAt: before(50 * HOUR),
    ...changes,
  };
}

const WRONG = anOutcome().top.map((each) => ({ ...each, right: false }));
const gone = { source: "src_9", title: "Car policy 2019", passage: null, gone: true };
const german = SOURCES[5];

export const QUESTIONS: GoldenQuestionView[] = [
  aQuestion(),
  aQuestion({
    id: "gld_2",
    text: "Who approves a booking above the limit?",
    outcome: anOutcome({ question: "gld_2", verdict: "lower", rank: 4 }),
  }),
  aQuestion({
    id: "gld_3",
    text: "May I take my dog to the office?",
    expected: [],
    outcome: anOutcome({ question: "gld_3", verdict: "wrongly-answered", rank: null, top: WRONG }),
  }),
  aQuestion({
    id: "gld_4",
    text: "Wer führt das Datenschutzgrundverordnungsverarbeitungsverzeichnis der Niederlassung?",
    expected: [{ source: "src_5", title: german?.title ?? "", passage: null, gone: false }],
    outcome: anOutcome({ question: "gld_4", verdict: "missed", rank: null, top: WRONG }),
  }),
  aQuestion({ id: "gld_5", text: "Which company car may I choose?", expected: [gone], outcome: null }),
  aQuestion({
    id: "gld_6",
    text: "Who won the football cup in 1974?",
    expected: [],
    outcome: anOutcome({
      question: "gld_6",
      verdict: "rightly-refused",
      rank: null,
      refused: true,
      relevance: 0.02,
    }),
  }),
  aQuestion({ id: "gld_7", text: "What does lunch cost in the canteen?", outcome: null }),
];

export function aRun(changes: Partial<EvaluationRunView> = {}): EvaluationRunView {
  return {
    ...{ id: "evr_2", state: "done", total: 7, asked: 7, skipped: 1, error: null },
    active: { version: "0.1.0", embedding: null, reranker: null },
    measures: {
      ...{ questions: 6, answerable: 4, unanswerable: 2 },
      ...{ recall1: 0.5, recall5: 0.75, recall10: 0.75, mrr10: 0.625, ndcg10: 0.657 },
      ...{ answered: 1, abstentionPrecision: 1, abstentionRecall: 0.5, latencyP50Ms: 1.8, latencyP95Ms: 3.4 },
    },
    ...{ createdAt: before(2 * HOUR), startedAt: before(2 * HOUR), finishedAt: before(2 * HOUR) },
    ...changes,
  };
}

const MEASURES = aRun().measures as NonNullable<EvaluationRunView["measures"]>;

export const RUNS: EvaluationRunView[] = [
  aRun(),
  aRun({
    id: "evr_1",
    createdAt: before(30 * HOUR),
    measures: {
      ...MEASURES,
      recall1: 0.25,
      recall5: 0.75,
      mrr10: 0.5,
      latencyP50Ms: 1.2,
      abstentionRecall: 1,
    },
  }),
  aRun({ id: "evr_0", state: "cancelled", measures: null, asked: 3, createdAt: before(49 * HOUR) }),
];

export function evalsFor(scenario: string): FakeEvals {
  if (scenario === "empty") return { questions: [], removed: [], runs: [] };
  if (scenario !== "crowded") return { questions: [...QUESTIONS], removed: [], runs: [...RUNS] };
  const questions = Array.from({ length: 2_000 }, (_, at) => {
    const like = QUESTIONS[at % QUESTIONS.length] ?? aQuestion();
    return { ...like, id: `gld_c${at}`, text: `${like.text} (${at + 1})` };
  });
  const history = Array.from({ length: 48 }, (_, at) =>
    aRun({
      id: `evr_c${at}`,
      createdAt: before((at + 1) * 24 * HOUR),
      measures: {
        ...MEASURES,
        recall1: 0.5 + 0.4 * Math.cos(at / 5),
        recall10: 0.9 - at / 200,
        latencyP95Ms: 3 + (at % 4),
      },
    }),
  );
  const going = aRun({
    id: "evr_3",
    state: "running",
    total: 2_000,
    asked: 731,
    measures: null,
    finishedAt: null,
  });
  return { questions, removed: [], runs: [going, ...history] };
}

/** The answer to a call below /api/admin/evals; null for any other. */
export function evalCall(
  call: string,
  url: URL,
  body: Record<string, unknown>,
  evals: FakeEvals,
  fail: (status: number, code: string, message: string, details?: unknown) => Response,
): Response | null {
  const [method, path = ""] = call.split(" ");
  if (path === "/api/admin/evals/questions" && method === "GET")
    return Response.json(listQuestions(url, evals));
  if (path === "/api/admin/evals/questions") return added(body, evals);
  if (path === "/api/admin/evals/questions/export")
    return new Response("text,relevant,passage\r\n", { headers: { "content-type": "text/csv" } });
  if (path === "/api/admin/evals/questions/import")
    return fail(400, "VALIDATION", "Nothing was imported. Line 3: There is no source called “Hotels”.", {
      lines: [
        { line: 3, message: "There is no source called “Hotels”." },
        { line: 7, message: "The question is empty." },
      ],
    });
  const missing = () => fail(404, "NOT_FOUND", "There is no such question. It may have been deleted.");
  const [, question = "", verb = ""] =
    /^\/api\/admin\/evals\/questions\/(gld_[^/]+)\/?(.*)$/.exec(path) ?? [];
  if (question) return questionCall(method ?? "", question, verb, body, evals) ?? missing();
  return runCall(call, evals) ?? null;
}

function listQuestions(url: URL, { questions }: FakeEvals) {
  const q = url.searchParams.get("q")?.toLowerCase() ?? "";
  const state = url.searchParams.get("state");
  const isFailing = ({ outcome }: GoldenQuestionView) =>
    outcome !== null && FAILING.includes(outcome.verdict);
  const needsAttention = ({ expected }: GoldenQuestionView) => expected.some((each) => each.gone);
  const matching = questions.filter(
    (each) =>
      each.text.toLowerCase().includes(q) &&
      (state === null || (state === "failing" ? isFailing(each) : needsAttention(each))),
  );
  const from = Number(url.searchParams.get("cursor") ?? 0);
  const to = from + Number(url.searchParams.get("limit") ?? 50);
  return {
    items: matching.slice(from, to),
    nextCursor: to < matching.length ? String(to) : null,
    counts: {
      all: questions.length,
      failing: questions.filter(isFailing).length,
      attention: questions.filter(needsAttention).length,
    },
  };
}

function toExpected(body: Record<string, unknown>): GoldenQuestionView["expected"] {
  const wanted = body.expected as { source: string; passage: string | null }[];
  return wanted.map(({ source, passage }) => ({
    ...{ source, passage, gone: false },
    title: SOURCES.find(({ id }) => id === source)?.title ?? "Unknown",
  }));
}

function added(body: Record<string, unknown>, evals: FakeEvals): Response {
  const question = aQuestion({
    id: `gld_n${evals.questions.length}`,
    text: String(body.text),
    expected: toExpected(body),
    outcome: null,
    updatedAt: new Date().toISOString(),
  });
  evals.questions = [question, ...evals.questions];
  return Response.json(question, { status: 201 });
}

function questionCall(
  method: string,
  id: string,
  verb: string,
  body: Record<string, unknown>,
  evals: FakeEvals,
): Response | null {
  if (verb === "restore") {
    const back = evals.removed.find((each) => each.id === id);
    if (back) evals.questions = [back, ...evals.questions];
    return Response.json(back);
  }
  const question = evals.questions.find((each) => each.id === id);
  if (!question) return null;
  if (method === "GET") return Response.json(question);
  if (method === "PATCH") {
    const changed = { ...question, text: String(body.text), expected: toExpected(body), outcome: null };
    evals.questions = evals.questions.map((each) => (each.id === id ? changed : each));
    return Response.json(changed);
  }
  evals.removed.push(question);
  evals.questions = evals.questions.filter((each) => each.id !== id);
  return new Response(null, { status: 204 });
}

function runCall(call: string, evals: FakeEvals): Response | null {
  if (call === "GET /api/admin/evals/runs") return Response.json({ items: evals.runs, nextCursor: null });
  if (call === "POST /api/admin/evals/runs") {
    const run = aRun({
      ...{ id: "evr_9", state: "queued", asked: 0, skipped: 0, total: evals.questions.length },
      ...{
        measures: null,
        active: null,
        startedAt: null,
        finishedAt: null,
        createdAt: new Date().toISOString(),
      },
    });
    evals.runs = [run, ...evals.runs];
    return Response.json(run, { status: 202 });
  }
  const [, id = "", verb = ""] = /\/runs\/(evr_[^/]+)\/(cancel|comparison)$/.exec(call) ?? [];
  const run = evals.runs.find((each) => each.id === id);
  if (!run) return null;
  if (verb === "cancel") {
    const cancelled: EvaluationRunView = { ...run, state: "cancelled" };
    evals.runs = evals.runs.map((each) => (each.id === id ? cancelled : each));
    return Response.json(cancelled);
  }
  const former = evals.runs.find((each) => each.id !== id && each.measures) ?? null;
  const was = (changes: Partial<OutcomeView>) => anOutcome({ run: former?.id ?? "", ...changes });
  return Response.json({
    ...{ run, former },
    worse: {
      total: 1,
      items: [
        {
          before: was({
            question: "gld_3",
            text: "May I take my dog to the office?",
            verdict: "rightly-refused",
            rank: null,
          }),
          after: anOutcome({
            question: "gld_3",
            text: "May I take my dog to the office?",
            verdict: "wrongly-answered",
            rank: null,
          }),
        },
      ],
    },
    better: { total: 1, items: [{ before: was({ verdict: "lower", rank: 3 }), after: anOutcome() }] },
  });
}
