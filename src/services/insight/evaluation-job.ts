/** The job that does a run: asks every golden question of the search as it is now, and measures what comes back. */
import type { Deps, Settings } from "../../deps.ts";
import {
  type ActiveRetrieval,
  containsText,
  EVALUATION_DEPTH,
  type ExpectedSource,
  type FoundSource,
  GOING_ON,
  type JudgedQuestion,
  type QuestionOutcome,
  verdictOf,
} from "../../domain/evaluation.ts";
import type { EvaluationRunId, TenantId } from "../../domain/ids.ts";
import { type Job, type JobHandler, MAX_ATTEMPTS, retryFewTimes } from "../../domain/job.ts";
import { AppError } from "../../errors.ts";
import type { FusedCandidate } from "../../rag/fuse.ts";
import type { JudgedRanking } from "../../rag/metrics.ts";
import { type RetrievalDeps, rankChunks } from "../retrieval/retrieve.ts";
import { type AskedQuestion, askRetrieval, measureRetrieval } from "./evaluation.ts";

export type EvaluationJobDeps = Pick<Deps, "store" | "now" | "live"> &
  RetrievalDeps & { monotonicNow: () => number; settings: Pick<Settings, "version"> };

/** Outcomes are written together: little to lose when the process dies, and few commits. */
const WRITE_EVERY_MS = 300;
const ASKED_TOGETHER = 20;
const TOP_SHOWN = 3;

export const evaluation: JobHandler<EvaluationJobDeps> = {
  // Behind what is deleted for good.
  priority: 1,
  shown: false,
  lane: "background",

  /**
   * Asks what the run has not asked yet. Stopping loses what was asked within a third of a second; after a restart
   * the run goes on. @throws AppError CONFLICT when what questions are searched with changed meanwhile
   */
  async run(deps, job, signal, isTurnOver) {
    if (job.attempts > MAX_ATTEMPTS) throw stoppedTooOften();
    return ask(deps, job, signal, isTurnOver);
  },

  retryAt: retryFewTimes,

  /** Ends the run with the reason. */
  async failed({ store, now }, { tenantId, subject }, { code, message }) {
    const failed = { state: "failed", errorCode: code, errorMessage: message, finishedAt: now() } as const;
    await store.evaluations.changeRun(tenantId, subject as EvaluationRunId, GOING_ON, failed);
  },
};

async function ask(
  deps: EvaluationJobDeps,
  job: Job,
  signal: AbortSignal,
  isTurnOver: () => Promise<boolean>,
): Promise<"done" | "again"> {
  const { tenantId } = job;
  const runId = job.subject as EvaluationRunId;
  const active = await begin(deps, tenantId, runId);
  for (;;) {
    const { state } = await deps.store.evaluations.getRun(tenantId, runId);
    // Cancelled by a person.
    if (state !== "running" || active === null) return "done";
    const asked = await askSome(deps, tenantId, runId, signal);
    await requireSame(deps, active);
    if (asked === 0) break;
    await report(deps, job, runId);
    if (await isTurnOver()) return "again";
  }
  await finish(deps, tenantId, runId);
  return "done";
}

/** Marks the run as begun, or as gone on with. What it is searched with; null when it was cancelled before. */
async function begin(
  deps: EvaluationJobDeps,
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

async function activeRetrieval({
  store,
  dense,
  reranking,
  settings,
}: EvaluationJobDeps): Promise<ActiveRetrieval> {
  const index = dense.problem() === null ? await store.embeddingIndexes.findActive() : null;
  const reranker = reranking.problem() === null ? await store.reranker.findActive() : null;
  return {
    version: settings.version,
    embedding: index && { index: index.id, model: index.model.name },
    reranker: reranker?.model ?? null,
  };
}

/** Numbers of two kinds of search in one would tell nothing. */
async function requireSame(deps: EvaluationJobDeps, begunWith: ActiveRetrieval): Promise<void> {
  const now = await activeRetrieval(deps);
  if (JSON.stringify(now) === JSON.stringify(begunWith)) return;
  throw new AppError(
    "CONFLICT",
    "The model that questions are searched with, or Parley itself, was changed during the run. Run it again.",
  );
}

async function askSome(
  deps: EvaluationJobDeps,
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
  deps: EvaluationJobDeps,
  run: EvaluationRunId,
  question: JudgedQuestion,
): Promise<QuestionOutcome> {
  const { id, tenantId, text, updatedAt, lacking } = question;
  const wanted = question.expected.filter(({ source }) => !lacking.includes(source));
  const answerable = question.expected.length > 0;
  const left = wanted.length > 0;
  const isAsked = left || !answerable;
  const { candidates, refused, relevance, ms } = isAsked
    ? await askRetrieval(deps, tenantId, text)
    : { candidates: [], refused: true, relevance: 0, ms: 0 };
  const found = foundSources(candidates, wanted);
  const ranks = ranksOf(found);
  return {
    ...{ run, question: id, text, revision: updatedAt, expected: wanted.length, ranks, refused, ms },
    verdict: verdictOf({ answerable, left, refused, ranks }),
    relevance,
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

async function finish(deps: EvaluationJobDeps, tenantId: TenantId, runId: EvaluationRunId): Promise<void> {
  const outcomes = await deps.store.evaluations.allOutcomes(tenantId, runId);
  const measures = measureRetrieval(outcomes.filter(({ verdict }) => verdict !== "skipped").map(toAsked));
  const done = { state: "done", measures, total: outcomes.length, finishedAt: deps.now() } as const;
  await deps.store.evaluations.changeRun(tenantId, runId, ["running"], done);
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

async function report(deps: EvaluationJobDeps, job: Job, runId: EvaluationRunId): Promise<void> {
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

function stoppedTooOften(): AppError {
  return new AppError("INTERNAL", "Parley stopped three times during this run. Look into its log.");
}
