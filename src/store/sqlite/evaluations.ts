import { and, asc, desc, eq, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { EvaluationRun, QuestionOutcome } from "../../domain/evaluation.ts";
import type { EvaluationRunId, TenantId } from "../../domain/ids.ts";
import type { Job } from "../../domain/job.ts";
import { AppError } from "../../errors.ts";
import type { EvaluationStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { fromCursor, toPage } from "./cursor.ts";
import { toOutcome, unaskedQuestions } from "./golden-questions.ts";
import { insertJob } from "./jobs.ts";
import { required, without } from "./row.ts";
import { evaluationOutcomes, evaluationRuns } from "./schema.ts";

type RunRow = typeof evaluationRuns.$inferSelect;

export function sqliteEvaluationStore(db: SqliteDb): EvaluationStore {
  const write = outcomeWriter(db);
  return {
    async createRun(run, job, kept) {
      db.transaction((tx) => createRun(tx, run, job, kept), { behavior: "immediate" });
    },

    async getRun(tenantId, runId) {
      return getRun(db, tenantId, runId);
    },

    async listRuns(tenantId, page) {
      const isBehind =
        page.cursor === null ? undefined : lt(evaluationRuns.number, Number(fromCursor(page.cursor)[1]));
      const rows = selectRuns(db, tenantId, isBehind)
        .orderBy(desc(evaluationRuns.number))
        .limit(page.limit + 1)
        .all();
      const { items, nextCursor } = toPage(rows, page.limit, ({ number }) => [0, number]);
      return { items: items.map(toRun), nextCursor };
    },

    async findRunBefore(tenantId, runId) {
      const number = sql`(select number from evaluation_runs as latter where latter.tenant_id = ${tenantId}
        and latter.id = ${runId})`;
      const isBefore = and(sql`${evaluationRuns.number} < ${number}`, eq(evaluationRuns.state, "done"));
      const row = selectRuns(db, tenantId, isBefore).orderBy(desc(evaluationRuns.number)).limit(1).get();
      return row ? toRun(row) : null;
    },

    async changeRun(tenantId, runId, from, changes) {
      const isThere = and(isRun(tenantId, runId), inArray(evaluationRuns.state, [...from]));
      const { changes: changed } = db.update(evaluationRuns).set(changes).where(isThere).run();
      return changed === 0 ? null : getRun(db, tenantId, runId);
    },

    async unasked(tenantId, runId, limit) {
      return unaskedQuestions(db, tenantId, runId, limit);
    },

    async saveOutcomes(tenantId, outcomes) {
      const writeAll = () => {
        for (const outcome of outcomes) write(tenantId, outcome);
      };
      db.transaction(writeAll, { behavior: "immediate" });
    },

    async outcomes(tenantId, runId, page) {
      getRun(db, tenantId, runId);
      const after =
        page.cursor === null
          ? undefined
          : sql`${evaluationOutcomes.question} > ${fromCursor(page.cursor)[1]}`;
      const rows = db
        .select()
        .from(evaluationOutcomes)
        .where(and(isOf(tenantId, runId), after))
        .orderBy(asc(evaluationOutcomes.question))
        .limit(page.limit + 1)
        .all();
      const { items, nextCursor } = toPage(rows, page.limit, ({ question }) => [0, question]);
      return { items: items.map(toOutcome), nextCursor };
    },

    async allOutcomes(tenantId, runId) {
      return db.select().from(evaluationOutcomes).where(isOf(tenantId, runId)).all().map(toOutcome);
    },
  };
}

function createRun(tx: SqliteQueries, run: EvaluationRun, job: Job, kept: number): void {
  const isGoingOn = and(
    eq(evaluationRuns.tenantId, run.tenantId),
    inArray(evaluationRuns.state, ["queued", "running"]),
  );
  if (tx.select({ id: evaluationRuns.id }).from(evaluationRuns).where(isGoingOn).get()) throw oneAtATime();
  tx.insert(evaluationRuns).values(run).run();
  const isKept = sql`${evaluationRuns.number} in (select number from evaluation_runs
    where tenant_id = ${run.tenantId} order by number desc limit ${kept})`;
  tx.delete(evaluationRuns)
    .where(and(eq(evaluationRuns.tenantId, run.tenantId), sql`not ${isKept}`))
    .run();
  insertJob(tx, job);
}

function oneAtATime(): AppError {
  return new AppError("CONFLICT", "A run is going on already. Wait until it is done, or cancel it.");
}

/** Prepared, because the run writes many in one commit, between two searches. */
function outcomeWriter({ $client }: SqliteDb): (tenantId: TenantId, outcome: QuestionOutcome) => void {
  const insert = $client.prepare(`
    insert into evaluation_outcomes
      (tenant_id, run_id, question_id, text, revision, verdict, expected, ranks, refused, relevance, top, ms)
    select @tenantId, @run, @question, @text, @revision, @verdict, @expected, @ranks, @refused, @relevance, @top, @ms
    where exists (select 1 from evaluation_runs where tenant_id = @tenantId and id = @run)
      and exists (select 1 from golden_questions where tenant_id = @tenantId and id = @question)
    on conflict do nothing`);
  const count = $client.prepare(`
    update evaluation_runs set asked = asked + 1, skipped = skipped + @skipped
    where tenant_id = @tenantId and id = @run`);
  return (tenantId, outcome) => {
    const { run, verdict, refused, ranks, top } = outcome;
    const lists = { ranks: JSON.stringify(ranks), top: JSON.stringify(top) };
    const row = { ...outcome, ...lists, tenantId, refused: refused ? 1 : 0 };
    if (insert.run(row).changes === 0) return;
    count.run({ tenantId, run, skipped: verdict === "skipped" ? 1 : 0 });
  };
}

function getRun(db: SqliteQueries, tenantId: TenantId, runId: EvaluationRunId): EvaluationRun {
  return toRun(required(selectRuns(db, tenantId, eq(evaluationRuns.id, runId)).get(), "run"));
}

function selectRuns(db: SqliteQueries, tenantId: TenantId, where: SQL | undefined) {
  return db
    .select()
    .from(evaluationRuns)
    .where(and(eq(evaluationRuns.tenantId, tenantId), where));
}

function toRun(row: RunRow): EvaluationRun {
  return without(row, "number");
}

function isRun(tenantId: TenantId, runId: EvaluationRunId) {
  return and(eq(evaluationRuns.tenantId, tenantId), eq(evaluationRuns.id, runId));
}

function isOf(tenantId: TenantId, runId: EvaluationRunId) {
  return and(eq(evaluationOutcomes.tenantId, tenantId), eq(evaluationOutcomes.run, runId));
}
