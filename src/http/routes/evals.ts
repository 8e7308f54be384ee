import type { z } from "zod";
import type { EvaluationRunId, SourceId } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";
import {
  compareRunsQuery,
  createGoldenQuestionSchema,
  evaluationRunPageSchema,
  evaluationRunSchema,
  exportGoldenQuestionsQuery,
  goldenQuestionPageSchema,
  goldenQuestionSchema,
  importAnswerSchema,
  listEvaluationRunsQuery,
  listGoldenQuestionsQuery,
  listOutcomesQuery,
  outcomePageSchema,
  runComparisonSchema,
  updateGoldenQuestionSchema,
} from "../../protocol/admin-api/evals.ts";
import {
  cancelRun,
  compareRuns,
  getRun,
  listOutcomes,
  listRuns,
  startRun,
} from "../../services/insight/evaluation-runs.ts";
import { exportQuestions, importQuestions } from "../../services/insight/golden-question-files.ts";
import {
  addQuestion,
  getQuestion,
  listQuestions,
  removeQuestion,
  restoreQuestion,
  updateQuestion,
  type WantedSource,
} from "../../services/insight/golden-questions.ts";
import { endpoint } from "../endpoint.ts";
import { evaluationRunView, goldenQuestionView, outcomeView, runComparisonView } from "../eval-views.ts";

/** 2,000 of the longest questions, each with a few sources. */
const MAX_IMPORT_BYTES = 4 * 1024 * 1024;
const EXPORT_TYPES = { csv: "text/csv; charset=utf-8", jsonl: "application/jsonl; charset=utf-8" };

const questions = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/evals/questions",
      need: { role: "viewer" },
      summary: "Golden questions, newest first, each with its last outcome",
      query: listGoldenQuestionsQuery,
      answer: goldenQuestionPageSchema,
    },
    async (deps, { tenantId, query: { cursor = null, limit, q, state } }) => {
      const filter = { ...(q && { textContains: q }), ...(state && { state }) };
      const page = await listQuestions(deps, tenantId, filter, { cursor, limit });
      const items = page.items.map(goldenQuestionView);
      return { items, nextCursor: page.nextCursor, counts: page.counts };
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/evals/questions",
      need: { role: "admin" },
      summary: "Add a golden question",
      body: createGoldenQuestionSchema,
      status: 201,
      answer: goldenQuestionSchema,
    },
    async (deps, { tenantId, body: { text, expected } }) =>
      goldenQuestionView(await addQuestion(deps, tenantId, text, expected.map(toWanted))),
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/evals/questions/export",
      need: { role: "viewer" },
      summary: "All golden questions as CSV or JSON Lines",
      query: exportGoldenQuestionsQuery,
    },
    async (deps, { c, tenantId, query: { format } }) => {
      c.header("Content-Type", EXPORT_TYPES[format]);
      c.header("Content-Disposition", `attachment; filename="golden-questions.${format}"`);
      return c.body(await exportQuestions(deps, tenantId, format));
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/evals/questions/import",
      need: { role: "admin" },
      summary: "Add the golden questions of one file, CSV or JSON Lines: all of them or none",
      body: { files: "whole", maxBytes: MAX_IMPORT_BYTES },
      answer: importAnswerSchema,
    },
    async (deps, { tenantId, body: [file, another] }) => {
      if (file === undefined || another) throw new AppError("VALIDATION", "Import one file at a time.");
      if (file.bytes.length > MAX_IMPORT_BYTES) {
        throw new AppError("PAYLOAD_TOO_LARGE", "The file is larger than 4 MB. Import it in parts.");
      }
      return importQuestions(deps, tenantId, file.bytes);
    },
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/evals/questions/:id",
      need: { role: "viewer" },
      summary: "One golden question",
      params: { id: "golden-question" },
      answer: goldenQuestionSchema,
    },
    async (deps, { tenantId, params }) => goldenQuestionView(await getQuestion(deps, tenantId, params.id)),
  ),

  endpoint(
    {
      method: "PATCH",
      path: "/api/admin/evals/questions/:id",
      need: { role: "admin" },
      summary: "Change a golden question; it then has no outcome until the next run",
      params: { id: "golden-question" },
      body: updateGoldenQuestionSchema,
      answer: goldenQuestionSchema,
    },
    async (deps, { tenantId, params, body: { text, expected } }) => {
      const changes = { text, expected: expected?.map(toWanted) };
      return goldenQuestionView(await updateQuestion(deps, tenantId, params.id, changes));
    },
  ),

  endpoint(
    {
      method: "DELETE",
      path: "/api/admin/evals/questions/:id",
      need: { role: "admin" },
      summary: "Delete a golden question; final after 30 s",
      params: { id: "golden-question" },
      status: 204,
    },
    (deps, { tenantId, params }) => removeQuestion(deps, tenantId, params.id),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/evals/questions/:id/restore",
      need: { role: "admin" },
      summary: "Undo the deletion",
      params: { id: "golden-question" },
      answer: goldenQuestionSchema,
    },
    async (deps, { tenantId, params }) =>
      goldenQuestionView(await restoreQuestion(deps, tenantId, params.id)),
  ),
];

const runs = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/evals/runs",
      need: { role: "viewer" },
      summary: "Runs, newest first; the last 50 are kept",
      query: listEvaluationRunsQuery,
      answer: evaluationRunPageSchema,
    },
    async (deps, { tenantId, query: { cursor = null, limit } }) => {
      const page = await listRuns(deps, tenantId, { cursor, limit });
      return { items: page.items.map(evaluationRunView), nextCursor: page.nextCursor };
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/evals/runs",
      need: { role: "admin" },
      summary: "Ask all golden questions in the background; one run at a time",
      status: 202,
      answer: evaluationRunSchema,
    },
    async (deps, { tenantId }) => evaluationRunView(await startRun(deps, tenantId)),
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/evals/runs/:id",
      need: { role: "viewer" },
      summary: "One run",
      params: { id: "evaluation-run" },
      answer: evaluationRunSchema,
    },
    async (deps, { tenantId, params }) => evaluationRunView(await getRun(deps, tenantId, params.id)),
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/evals/runs/:id/outcomes",
      need: { role: "viewer" },
      summary: "What each question gave",
      params: { id: "evaluation-run" },
      query: listOutcomesQuery,
      answer: outcomePageSchema,
    },
    async (deps, { tenantId, params, query: { cursor = null, limit } }) => {
      const page = await listOutcomes(deps, tenantId, params.id, { cursor, limit });
      return { items: page.items.map(outcomeView), nextCursor: page.nextCursor };
    },
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/evals/runs/:id/comparison",
      need: { role: "viewer" },
      summary: "Which questions got better or worse, against another run or the one before",
      params: { id: "evaluation-run" },
      query: compareRunsQuery,
      answer: runComparisonSchema,
    },
    async (deps, { tenantId, params, query }) => {
      const { with: former = null } = query;
      const comparison = await compareRuns(deps, tenantId, params.id, former as EvaluationRunId | null);
      return runComparisonView(comparison);
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/evals/runs/:id/cancel",
      need: { role: "admin" },
      summary: "Stop a run; what was asked so far is kept",
      params: { id: "evaluation-run" },
      answer: evaluationRunSchema,
    },
    async (deps, { tenantId, params }) => evaluationRunView(await cancelRun(deps, tenantId, params.id)),
  ),
];

export const evals = [...questions, ...runs];

type WantedBody = z.output<typeof createGoldenQuestionSchema>["expected"][number];

/** The schema has checked that it is an id. */
function toWanted({ source, passage }: WantedBody): WantedSource {
  return { source: source as SourceId, passage };
}
