import type {
  CreateGoldenQuestion,
  EvaluationRunView,
  GoldenQuestionPage,
  GoldenQuestionView,
  ImportAnswer,
  RunComparisonView,
} from "../../src/protocol/admin-api/evals.ts";
import { getJson, getText, sendJson } from "./client.ts";
import type { Page } from "./knowledge.ts";
import { query } from "./query.ts";

export type GoldenFilter = { q: string; state: "failing" | "attention" | null };

const QUESTIONS = "/api/admin/evals/questions";
const RUNS = "/api/admin/evals/runs";
/** As many as are kept. */
const ALL_RUNS = 50;

export function listGoldenQuestions(
  filter: GoldenFilter,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<GoldenQuestionPage> {
  return getJson(`${QUESTIONS}${query({ ...filter, cursor })}`, signal ? { signal } : {});
}

export const getGoldenQuestion = (id: string, signal?: AbortSignal) =>
  getJson<GoldenQuestionView>(`${QUESTIONS}/${id}`, signal ? { signal } : {});
export const addGoldenQuestion = (question: CreateGoldenQuestion) =>
  sendJson<GoldenQuestionView>("POST", QUESTIONS, question);
export const updateGoldenQuestion = (id: string, question: CreateGoldenQuestion) =>
  sendJson<GoldenQuestionView>("PATCH", `${QUESTIONS}/${id}`, question);
/** Hidden at once, final after 30 s; restoreGoldenQuestion undoes it before that. */
export const removeGoldenQuestion = (id: string) => sendJson<void>("DELETE", `${QUESTIONS}/${id}`);
export const restoreGoldenQuestion = (id: string) => sendJson<void>("POST", `${QUESTIONS}/${id}/restore`);
export const exportGoldenQuestions = (format: "csv" | "jsonl") =>
  getText(`${QUESTIONS}/export?format=${format}`);

/** All questions of the file, or none. */
export function importGoldenQuestions(file: File): Promise<ImportAnswer> {
  const form = new FormData();
  form.append("file", file, file.name);
  return sendJson<ImportAnswer>("POST", `${QUESTIONS}/import`, form);
}

/** All runs that are kept, newest first. */
export const listRuns = (signal?: AbortSignal) =>
  getJson<Page<EvaluationRunView>>(`${RUNS}${query({ limit: ALL_RUNS })}`, signal ? { signal } : {});
export const startRun = () => sendJson<EvaluationRunView>("POST", RUNS);
export const cancelRun = (id: string) => sendJson<EvaluationRunView>("POST", `${RUNS}/${id}/cancel`);
export const compareRun = (id: string, former: string | null, signal?: AbortSignal) =>
  getJson<RunComparisonView>(`${RUNS}/${id}/comparison${query({ with: former })}`, signal ? { signal } : {});
