import { Hono } from "hono";
import type { z } from "zod";
import type { EvaluationRunId, SourceId } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";
import {
  compareRunsQuery,
  createGoldenQuestionSchema,
  exportGoldenQuestionsQuery,
  listEvaluationRunsQuery,
  listGoldenQuestionsQuery,
  listOutcomesQuery,
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
import type { AdminEnv, HttpDeps } from "../env.ts";
import { evaluationRunView, goldenQuestionView, outcomeView, runComparisonView } from "../eval-views.ts";
import { filesOf } from "../multipart.ts";
import { jsonBody, pathId, queryOf } from "../validate.ts";

/** 2,000 of the longest questions, each with a few sources. */
const MAX_IMPORT_BYTES = 4 * 1024 * 1024;
const EXPORT_TYPES = { csv: "text/csv; charset=utf-8", jsonl: "application/jsonl; charset=utf-8" };

/** /api/admin/evals */
export function evalRoutes(deps: HttpDeps) {
  return new Hono<AdminEnv>().route("/questions", questionRoutes(deps)).route("/runs", runRoutes(deps));
}

function questionRoutes(deps: HttpDeps) {
  return new Hono<AdminEnv>()
    .get("/", async (c) => {
      const { cursor = null, limit, q, state } = queryOf(c, listGoldenQuestionsQuery);
      const filter = { ...(q && { textContains: q }), ...(state && { state }) };
      const page = await listQuestions(deps, c.var.tenantId, filter, { cursor, limit });
      const items = page.items.map(goldenQuestionView);
      return c.json({ items, nextCursor: page.nextCursor, counts: page.counts });
    })

    .post("/", async (c) => {
      const { text, expected } = await jsonBody(c, createGoldenQuestionSchema);
      const question = await addQuestion(deps, c.var.tenantId, text, expected.map(toWanted));
      return c.json(goldenQuestionView(question), 201);
    })

    .get("/export", async (c) => {
      const { format } = queryOf(c, exportGoldenQuestionsQuery);
      c.header("Content-Type", EXPORT_TYPES[format]);
      c.header("Content-Disposition", `attachment; filename="golden-questions.${format}"`);
      return c.body(await exportQuestions(deps, c.var.tenantId, format));
    })

    .post("/import", async (c) => {
      const [file, another] = await filesOf(c, MAX_IMPORT_BYTES);
      if (file === undefined || another) throw new AppError("VALIDATION", "Import one file at a time.");
      if (file.bytes.length > MAX_IMPORT_BYTES) {
        throw new AppError("PAYLOAD_TOO_LARGE", "The file is larger than 4 MB. Import it in parts.");
      }
      return c.json(await importQuestions(deps, c.var.tenantId, file.bytes));
    })

    .get("/:id", async (c) =>
      c.json(goldenQuestionView(await getQuestion(deps, c.var.tenantId, pathId(c, "golden-question")))),
    )

    .patch("/:id", async (c) => {
      const id = pathId(c, "golden-question");
      const { text, expected } = await jsonBody(c, updateGoldenQuestionSchema);
      const changes = { text, expected: expected?.map(toWanted) };
      return c.json(goldenQuestionView(await updateQuestion(deps, c.var.tenantId, id, changes)));
    })

    .delete("/:id", async (c) => {
      await removeQuestion(deps, c.var.tenantId, pathId(c, "golden-question"));
      return c.body(null, 204);
    })

    .post("/:id/restore", async (c) =>
      c.json(goldenQuestionView(await restoreQuestion(deps, c.var.tenantId, pathId(c, "golden-question")))),
    );
}

function runRoutes(deps: HttpDeps) {
  return new Hono<AdminEnv>()
    .get("/", async (c) => {
      const { cursor = null, limit } = queryOf(c, listEvaluationRunsQuery);
      const page = await listRuns(deps, c.var.tenantId, { cursor, limit });
      return c.json({ items: page.items.map(evaluationRunView), nextCursor: page.nextCursor });
    })

    .post("/", async (c) => c.json(evaluationRunView(await startRun(deps, c.var.tenantId)), 202))

    .get("/:id", async (c) =>
      c.json(evaluationRunView(await getRun(deps, c.var.tenantId, pathId(c, "evaluation-run")))),
    )

    .get("/:id/outcomes", async (c) => {
      const { cursor = null, limit } = queryOf(c, listOutcomesQuery);
      const id = pathId(c, "evaluation-run");
      const page = await listOutcomes(deps, c.var.tenantId, id, { cursor, limit });
      return c.json({ items: page.items.map(outcomeView), nextCursor: page.nextCursor });
    })

    .get("/:id/comparison", async (c) => {
      const { with: former = null } = queryOf(c, compareRunsQuery);
      const id = pathId(c, "evaluation-run");
      const comparison = await compareRuns(deps, c.var.tenantId, id, former as EvaluationRunId | null);
      return c.json(runComparisonView(comparison));
    })

    .post("/:id/cancel", async (c) =>
      c.json(evaluationRunView(await cancelRun(deps, c.var.tenantId, pathId(c, "evaluation-run")))),
    );
}

type WantedBody = z.output<typeof createGoldenQuestionSchema>["expected"][number];

/** The schema has checked that it is an id. */
function toWanted({ source, passage }: WantedBody): WantedSource {
  return { source: source as SourceId, passage };
}
