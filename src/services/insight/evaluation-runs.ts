/** Runs over golden questions: started, cancelled, listed and compared. evaluation-job.ts does them. */
import type { Deps } from "../../deps.ts";
import {
  EVALUATE,
  type EvaluationRun,
  GOING_ON,
  progressOf,
  type QuestionOutcome,
} from "../../domain/evaluation.ts";
import { type EvaluationRunId, newId, type TenantId } from "../../domain/ids.ts";
import { newJob } from "../../domain/job.ts";
import type { Page, PageRequest } from "../../domain/page.ts";
import { AppError } from "../../errors.ts";

export type RunRequestDeps = Pick<Deps, "store" | "now" | "live"> & { wakeQueue: () => void };

/** How a question's place changed between two runs. */
export type QuestionChange = { before: QuestionOutcome; after: QuestionOutcome };
export type RunComparison = {
  run: EvaluationRun;
  /** The run that it is compared with; null when there is none. */
  former: EvaluationRun | null;
  /** The largest change first. */
  better: QuestionChange[];
  worse: QuestionChange[];
};

/** As many as a chart shows; more are history that nobody compares with. */
const KEPT_RUNS = 50;

/** Queues a run. @throws AppError CONFLICT while another one is going on, or without questions */
export async function startRun(deps: RunRequestDeps, tenantId: TenantId): Promise<EvaluationRun> {
  const { all: total } = await deps.store.goldenQuestions.counts(tenantId);
  if (total === 0) throw new AppError("CONFLICT", "There is nothing to ask. Add a golden question first.");
  const run: EvaluationRun = {
    ...{ id: newId("evaluation-run"), tenantId, state: "queued", total, asked: 0, skipped: 0 },
    ...{ active: null, measures: null, errorCode: null, errorMessage: null },
    ...{ createdAt: deps.now(), startedAt: null, finishedAt: null },
  };
  const job = newJob(deps.now(), tenantId, EVALUATE, run.id);
  await deps.store.evaluations.createRun(run, job, KEPT_RUNS);
  deps.live.publish({ type: "job", tenantId, jobId: job.id });
  deps.wakeQueue();
  return run;
}

/** @throws AppError CONFLICT when it is over already */
export async function cancelRun(
  deps: RunRequestDeps,
  tenantId: TenantId,
  runId: EvaluationRunId,
): Promise<EvaluationRun> {
  await deps.store.evaluations.getRun(tenantId, runId);
  const cancelled = { state: "cancelled", finishedAt: deps.now() } as const;
  const run = await deps.store.evaluations.changeRun(tenantId, runId, GOING_ON, cancelled);
  if (run === null) throw new AppError("CONFLICT", "This run is over already.");
  deps.wakeQueue();
  return run;
}

export async function listRuns(
  deps: Pick<Deps, "store">,
  tenantId: TenantId,
  page: PageRequest,
): Promise<Page<EvaluationRun>> {
  return deps.store.evaluations.listRuns(tenantId, page);
}

export async function getRun(
  deps: Pick<Deps, "store">,
  tenantId: TenantId,
  runId: EvaluationRunId,
): Promise<EvaluationRun> {
  return deps.store.evaluations.getRun(tenantId, runId);
}

export async function listOutcomes(
  deps: Pick<Deps, "store">,
  tenantId: TenantId,
  runId: EvaluationRunId,
  page: PageRequest,
): Promise<Page<QuestionOutcome>> {
  return deps.store.evaluations.outcomes(tenantId, runId, page);
}

/** Which questions got better and which worse, against another run or the finished one before. */
export async function compareRuns(
  deps: Pick<Deps, "store">,
  tenantId: TenantId,
  runId: EvaluationRunId,
  formerId: EvaluationRunId | null,
): Promise<RunComparison> {
  const { evaluations } = deps.store;
  const run = await evaluations.getRun(tenantId, runId);
  const former =
    formerId === null
      ? await evaluations.findRunBefore(tenantId, runId)
      : await evaluations.getRun(tenantId, formerId);
  if (former === null) return { run, former, better: [], worse: [] };
  const before = new Map(
    (await evaluations.allOutcomes(tenantId, former.id)).map((outcome) => [outcome.question, outcome]),
  );
  const changes = (await evaluations.allOutcomes(tenantId, runId)).flatMap((after) => {
    const outcome = before.get(after.question);
    return outcome ? [{ change: { before: outcome, after }, way: progressOf(outcome, after) }] : [];
  });
  changes.sort((left, right) => Math.abs(right.way) - Math.abs(left.way));
  return {
    ...{ run, former },
    better: changes.filter(({ way }) => way > 0).map(({ change }) => change),
    worse: changes.filter(({ way }) => way < 0).map(({ change }) => change),
  };
}
