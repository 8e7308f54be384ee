/** Runs: every golden question of a tenant is asked of the search as it is now, and what comes back is measured. */
import type { Deps, Settings } from "../../deps.ts";
import {
  type ActiveRetrieval,
  containsText,
  EVALUATION_DEPTH,
  type EvaluationRun,
  type ExpectedSource,
  type FoundSource,
  type JudgedQuestion,
  progressOf,
  type QuestionOutcome,
  verdictOf,
} from "../../domain/evaluation.ts";
import { type EvaluationRunId, newId, type TenantId } from "../../domain/ids.ts";
import type { Job } from "../../domain/job.ts";
import type { Page, PageRequest } from "../../domain/page.ts";
import { AppError } from "../../errors.ts";
import type { FusedCandidate } from "../../rag/fuse.ts";
import type { JudgedRanking } from "../../rag/metrics.ts";
import { type RetrievalDeps, rankChunks } from "../chat/retrieval.ts";
import { newJob } from "../knowledge/sources.ts";
import { type AskedQuestion, askRetrieval, measureRetrieval } from "./evaluation.ts";

export type EvaluationRunDeps = Pick<Deps, "store" | "now" | "live"> &
  RetrievalDeps & { monotonicNow: () => number; settings: Pick<Settings, "version"> };
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
/** After this long documents that wait have their turn; well within a job's lease. */
const SLICE_MS = 10_000;
/** Outcomes are written together: little to lose when the process dies, and few commits. */
const WRITE_EVERY_MS = 300;
const ASKED_TOGETHER = 20;
const TOP_SHOWN = 3;
const GOING_ON = ["queued", "running"] as const;

/** Queues a run. @throws AppError CONFLICT while another one is going on, or without questions */
export async function startRun(deps: RunRequestDeps, tenantId: TenantId): Promise<EvaluationRun> {
  const { all: total } = await deps.store.goldenQuestions.counts(tenantId);
  if (total === 0) throw new AppError("CONFLICT", "There is nothing to ask. Add a golden question first.");
  const run: EvaluationRun = {
    ...{ id: newId("evaluation-run"), tenantId, state: "queued", total, asked: 0, skipped: 0 },
    ...{ active: null, measures: null, errorCode: null, errorMessage: null },
    ...{ createdAt: deps.now(), startedAt: null, finishedAt: null },
  };
  const job = newJob(deps, tenantId, "evaluate", run.id);
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

/**
 * The job: asks what the run has not asked yet, for a while, and queues itself again unless it is finished. Stopping
 * loses what was asked within a third of a second; after a restart the run goes on.
 *
 * @throws AppError CONFLICT when what questions are searched with changed meanwhile
 */
export async function runEvaluation(deps: EvaluationRunDeps, job: Job, signal: AbortSignal): Promise<void> {
  const again = { state: "queued", attempts: 0, runAt: deps.now() } as const;
  try {
    const end = await askForAWhile(deps, job, signal);
    await deps.store.jobs.update(job.id, {
      ...(end === "more" ? again : { state: end, progress: 1, stage: null }),
      updatedAt: deps.now(),
    });
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    // Being stopped is no failed attempt.
    await deps.store.jobs.update(job.id, { ...again, updatedAt: deps.now() });
  }
}

/** Ends a run whose job failed, with the reason. */
export async function failRun(
  { store, now }: Pick<Deps, "store" | "now">,
  { tenantId, subject }: Job,
  errorCode: string,
  errorMessage: string,
): Promise<void> {
  const failed = { state: "failed", errorCode, errorMessage, finishedAt: now() } as const;
  await store.evaluations.changeRun(tenantId, subject as EvaluationRunId, GOING_ON, failed);
}

async function askForAWhile(
  deps: EvaluationRunDeps,
  job: Job,
  signal: AbortSignal,
): Promise<"more" | "done" | "cancelled"> {
  const { tenantId } = job;
  const runId = job.subject as EvaluationRunId;
  const active = await begin(deps, tenantId, runId);
  const until = deps.monotonicNow() + SLICE_MS;
  for (;;) {
    const { state } = await deps.store.evaluations.getRun(tenantId, runId);
    if (state !== "running" || active === null) return "cancelled";
    const asked = await askSome(deps, tenantId, runId, signal);
    await requireSame(deps, active);
    if (asked === 0) return finish(deps, tenantId, runId);
    await report(deps, job, runId);
    if (deps.monotonicNow() >= until) return "more";
  }
}

/** Marks the run as begun, or as gone on with. What it is searched with; null when it was cancelled before. */
async function begin(
  deps: EvaluationRunDeps,
  tenantId: TenantId,
  runId: EvaluationRunId,
): Promise<ActiveRetrieval | null> {
  const [first] = await deps.store.evaluations.unasked(tenantId, runId, 1);
  // Opening a model is no part of what a question takes, and shows whether the model answers.
  if (first) await rankChunks(deps, tenantId, first.text, 1);
  const active = await activeRetrieval(deps);
  const { all: total } = await deps.store.goldenQuestions.counts(tenantId);
  const begun = { state: "running", startedAt: deps.now(), active, total } as const;
  const run =
    (await deps.store.evaluations.changeRun(tenantId, runId, ["queued"], begun)) ??
    (await deps.store.evaluations.changeRun(tenantId, runId, ["running"], { total }));
  return run?.active ?? null;
}

async function activeRetrieval({ store, dense, settings }: EvaluationRunDeps): Promise<ActiveRetrieval> {
  const index = dense.problem() === null ? await store.embeddingIndexes.findActive() : null;
  return {
    version: settings.version,
    embedding: index && { index: index.id, model: index.model.name },
    reranker: null,
  };
}

/** Numbers of two kinds of search in one would tell nothing. */
async function requireSame(deps: EvaluationRunDeps, begunWith: ActiveRetrieval): Promise<void> {
  const now = await activeRetrieval(deps);
  if (JSON.stringify(now) === JSON.stringify(begunWith)) return;
  throw new AppError(
    "CONFLICT",
    "The model that questions are searched with, or Parley itself, was changed during the run. Run it again.",
  );
}

async function askSome(
  deps: EvaluationRunDeps,
  tenantId: TenantId,
  runId: EvaluationRunId,
  signal: AbortSignal,
): Promise<number> {
  const until = deps.monotonicNow() + WRITE_EVERY_MS;
  const outcomes: QuestionOutcome[] = [];
  for (const question of await deps.store.evaluations.unasked(tenantId, runId, ASKED_TOGETHER)) {
    signal.throwIfAborted();
    outcomes.push(await askQuestion(deps, runId, question));
    await new Promise((resolve) => setImmediate(resolve));
    if (deps.monotonicNow() >= until) break;
  }
  await deps.store.evaluations.saveOutcomes(tenantId, outcomes);
  return outcomes.length;
}

async function askQuestion(
  deps: EvaluationRunDeps,
  run: EvaluationRunId,
  question: JudgedQuestion,
): Promise<QuestionOutcome> {
  const { id, tenantId, text, updatedAt, lacking } = question;
  const wanted = question.expected.filter(({ source }) => !lacking.includes(source));
  const answerable = question.expected.length > 0;
  const left = wanted.length > 0;
  const isAsked = left || !answerable;
  const { candidates, refused, ms } = isAsked
    ? await askRetrieval(deps, tenantId, text)
    : { candidates: [], refused: true, ms: 0 };
  const found = foundSources(candidates, wanted);
  const ranks = ranksOf(found);
  return {
    ...{ run, question: id, text, revision: updatedAt, expected: wanted.length, ranks, refused, ms },
    verdict: verdictOf({ answerable, left, refused, ranks }),
    relevance: Math.max(0, ...candidates.map(({ relevance }) => relevance)),
    top: found.slice(0, TOP_SHOWN),
  };
}

/**
 * Sources in the order of their best passage. A source of which one passage is right and another is not has two
 * places, so that finding the wrong one first is no success.
 */
function foundSources(
  candidates: readonly FusedCandidate[],
  wanted: readonly ExpectedSource[],
): FoundSource[] {
  const found = new Map<string, FoundSource>();
  for (const { hit, relevance } of candidates) {
    const { sourceId: source, sourceTitle: title, content } = hit.chunk;
    const expected = wanted.find((each) => each.source === source);
    const right = expected !== undefined && containsText(content, expected.passage ?? "");
    const key = `${source} ${right}`;
    if (!found.has(key)) found.set(key, { source, title, relevance, right });
  }
  return [...found.values()];
}

function ranksOf(found: readonly FoundSource[]): number[] {
  return found.slice(0, EVALUATION_DEPTH).flatMap(({ right }, index) => (right ? [index + 1] : []));
}

async function finish(
  deps: EvaluationRunDeps,
  tenantId: TenantId,
  runId: EvaluationRunId,
): Promise<"done" | "cancelled"> {
  const outcomes = await deps.store.evaluations.allOutcomes(tenantId, runId);
  const measures = measureRetrieval(outcomes.filter(({ verdict }) => verdict !== "skipped").map(toAsked));
  const done = { state: "done", measures, total: outcomes.length, finishedAt: deps.now() } as const;
  const run = await deps.store.evaluations.changeRun(tenantId, runId, ["running"], done);
  return run === null ? "cancelled" : "done";
}

function toAsked(outcome: QuestionOutcome): AskedQuestion {
  const { verdict, refused, ms } = outcome;
  const isAnswerable = verdict !== "rightly-refused" && verdict !== "wrongly-answered";
  return { ranking: isAnswerable ? toRanking(outcome) : null, refused, ms };
}

/** A ranking with the right sources in the places that are known; what stood in the others does not matter. */
function toRanking({ expected, ranks }: QuestionOutcome): JudgedRanking {
  const relevant = Array.from({ length: expected }, (_, index) => `right ${index}`);
  const ranked = Array.from({ length: EVALUATION_DEPTH }, (_, place) => {
    const index = ranks.indexOf(place + 1);
    return relevant[index] ?? `wrong ${place}`;
  });
  return { ranked, relevant };
}

async function report(deps: EvaluationRunDeps, job: Job, runId: EvaluationRunId): Promise<void> {
  const { asked, total } = await deps.store.evaluations.getRun(job.tenantId, runId);
  await deps.store.jobs.update(job.id, {
    // Progress at all makes this no job that fails again and again.
    attempts: 1,
    progress: Math.min(1, asked / Math.max(1, total)),
    stage: `Asked ${asked} of ${total} questions`,
    updatedAt: deps.now(),
  });
  deps.live.publish({ type: "job", tenantId: job.tenantId, jobId: job.id });
}
