import type { Deps } from "../../deps.ts";
import type { ConversationId, DocumentId, GoldenQuestionId, SourceId } from "../../domain/ids.ts";
import type { Job } from "../../domain/job.ts";
import type { KnowledgeDocument } from "../../domain/knowledge.ts";
import { AppError, toAppError } from "../../errors.ts";
import { type EvaluationJobDeps, failRun, runEvaluation } from "../insight/evaluation-job.ts";
import { fillIndex, resumeBuilding } from "./indexes.ts";
import { type IngestionDeps, ingestDocument } from "./ingestion.ts";
import { queueReanalysis, reanalyse } from "./reanalysis.ts";

export type QueueDeps = IngestionDeps & EvaluationJobDeps & Pick<Deps, "store" | "files">;

export type JobQueue = {
  /** There may be work now. */
  wake(): void;
  /** Takes no more jobs, ends the running one and resolves when it has ended. */
  stop(): Promise<void>;
};

/** A job that its worker has not finished by then belongs to nobody. Longer than any job may take. */
const LEASE_MS = 5 * 60_000;
/** A document that fails this often for reasons of the server's is not tried again. */
const MAX_ATTEMPTS = 3;
const RETRY_AFTER_MS = 2_000;
/** A model's server that restarts takes longer to come back than a file does. */
const RETRY_EMBEDDING_AFTER_MS = 20_000;
const PASSING_AT_A_PROVIDER: ReadonlySet<string> = new Set([
  "PROVIDER_UNAVAILABLE",
  "PROVIDER_TIMEOUT",
  "PROVIDER_RATE_LIMITED",
  "OVERLOADED",
]);
/** Timers longer than this are cut into pieces: a job due later is looked at again then. */
const LONGEST_SLEEP_MS = 60_000;

/**
 * Works through the durable jobs, one at a time, until stopped. At start every job left running by a
 * process that died is queued again and half-written versions are swept.
 */
export async function startQueue(deps: QueueDeps): Promise<JobQueue> {
  await deps.store.jobs.releaseAll(deps.now());
  await deps.store.chunks.sweep();
  await resumeBuilding(deps);
  await queueReanalysis(deps);
  const stopping = new AbortController();
  let wakeUp: () => void = () => {};
  let woken = false;

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      const job = await deps.store.jobs.claim(deps.now(), LEASE_MS);
      if (job) await runJob(deps, job, stopping.signal);
      else await sleep(await deps.store.jobs.nextDueAt());
    }
  }

  function sleep(until: number | null): Promise<void> {
    if (woken || stopping.signal.aborted) {
      woken = false;
      return Promise.resolve();
    }
    return new Promise<void>((resolve) => {
      const wait =
        until === null ? LONGEST_SLEEP_MS : Math.min(LONGEST_SLEEP_MS, Math.max(1, until - deps.now()));
      const timer = setTimeout(resolve, wait);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    }).then(() => {
      woken = false;
    });
  }

  function wake(): void {
    woken = true;
    wakeUp();
  }

  /** A database that refuses to answer must not end the queue: it is asked again a little later. */
  async function workOn(): Promise<void> {
    while (!stopping.signal.aborted) {
      await work().catch(async (cause) => {
        deps.log.error("queue-failed", { cause });
        await sleep(deps.now() + RETRY_AFTER_MS);
      });
    }
  }

  const finished = workOn();
  return {
    wake,
    async stop() {
      stopping.abort();
      wake();
      await finished;
    },
  };
}

async function runJob(deps: QueueDeps, job: Job, signal: AbortSignal): Promise<void> {
  try {
    if (job.attempts > MAX_ATTEMPTS) throw tooOften(job);
    await perform(deps, job, signal);
  } catch (thrown) {
    await recordFailure(deps, job, thrown, signal);
  }
  announce(deps, job);
}

async function perform(deps: QueueDeps, job: Job, signal: AbortSignal): Promise<void> {
  if (job.kind === "ingest") return ingestDocument(deps, job, signal);
  if (job.kind === "embed-index") return fillIndex(deps, job, signal);
  if (job.kind === "evaluate") return runEvaluation(deps, job, signal);
  if (job.kind === "reanalyse") return reanalyse(deps, job, signal);
  if (job.kind === "purge-source") {
    const purged = await deps.store.sources.purge(job.tenantId, job.subject as SourceId);
    for (const fileId of purged?.fileIds ?? []) await deps.files.remove(fileId);
    // Once for all that are purged in a row: it rewrites the index.
    if (!(await deps.store.jobs.isDue("purge-source", deps.now())))
      await deps.store.indexUpkeep.scrub(signal);
  } else if (job.kind === "purge-golden-question") {
    await deps.store.goldenQuestions.purge(job.tenantId, job.subject as GoldenQuestionId);
  } else {
    await deps.store.conversations.purge(job.tenantId, job.subject as ConversationId);
  }
  await deps.store.jobs.update(job.id, { state: "done", progress: 1, updatedAt: deps.now() });
}

async function recordFailure(deps: QueueDeps, job: Job, thrown: unknown, signal: AbortSignal): Promise<void> {
  const { code, message, cause } = toAppError(thrown);
  const now = deps.now();
  // Removed while it was read: there is nothing left to fail.
  if (code === "NOT_FOUND" && job.kind !== "evaluate") {
    await deps.store.jobs.update(job.id, { state: "cancelled", updatedAt: now });
    return;
  }
  if (signal.aborted) {
    // Being stopped is no failed attempt.
    await deps.store.jobs.update(job.id, { state: "queued", attempts: job.attempts - 1, updatedAt: now });
    return;
  }
  if (isWorthRetrying(job, code) && job.attempts < MAX_ATTEMPTS) {
    deps.log.warn("job-will-retry", { jobId: job.id, code, attempts: job.attempts, cause });
    await deps.store.jobs.update(job.id, {
      state: "queued",
      runAt: now + (job.kind === "embed-index" ? RETRY_EMBEDDING_AFTER_MS : RETRY_AFTER_MS) * job.attempts,
      updatedAt: now,
    });
    return;
  }
  if (code === "INTERNAL") deps.log.error("job-failed", { jobId: job.id, kind: job.kind, cause });
  await deps.store.jobs.update(job.id, {
    state: "failed",
    errorCode: code,
    errorMessage: message,
    updatedAt: now,
  });
  if (job.kind === "ingest") await failDocument(deps, job, code, message);
  if (job.kind === "evaluate") await failRun(deps, job, code, message);
}

async function failDocument(deps: QueueDeps, job: Job, code: string, message: string): Promise<void> {
  // A document never ends in INTERNAL: what the server could not do after three attempts is the document's poison.
  const failure = code === "INTERNAL" ? poison() : new AppError(code as AppError["code"], message);
  const { sourceId } = await deps.store.documents.update(job.tenantId, job.subject as DocumentId, {
    status: "failed",
    progress: null,
    stage: null,
    errorCode: failure.code as KnowledgeDocument["errorCode"],
    errorMessage: failure.message,
    updatedAt: deps.now(),
  });
  deps.live.publish({ type: "source", tenantId: job.tenantId, sourceId, removed: false });
}

/** Format errors and limits are final; crashes and I/O errors may pass, and so may what a model's server has. */
function isWorthRetrying({ kind }: Job, code: string): boolean {
  if (kind === "embed-index" && PASSING_AT_A_PROVIDER.has(code)) return true;
  return code === "INTERNAL" || code === "PARSER_CRASHED" || code === "STORAGE_FULL";
}

/** What a job that ended the process again and again is answered with. */
function tooOften({ kind }: Job): AppError {
  if (kind === "embed-index") {
    return new AppError(
      "MODEL_NOT_AVAILABLE",
      "Parley stopped three times while it embedded with this model. Build the index again, or choose a smaller model.",
    );
  }
  if (kind === "evaluate") {
    return new AppError("INTERNAL", "Parley stopped three times during this run. Look into its log.");
  }
  if (kind === "reanalyse") {
    return new AppError(
      "DB_CORRUPT",
      "Parley stopped three times while it made the lexical index anew. Stop it and run: parley index rebuild",
    );
  }
  return poison();
}

function poison(): AppError {
  return new AppError(
    "POISON",
    "Reading this file failed three times. Save it again in its application, or as PDF, and upload that.",
  );
}

function announce(deps: QueueDeps, job: Job): void {
  deps.live.publish({ type: "job", tenantId: job.tenantId, jobId: job.id });
}
