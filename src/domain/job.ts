import { AppError, type ErrorCode } from "../errors.ts";
import { type JobId, newId, type TenantId, type UnixMs } from "./ids.ts";

/** A name in the register of src/services/jobs/handlers.ts, which alone says what kinds there are. */
export type JobKind = string;
export type JobState = "queued" | "running" | "done" | "failed" | "cancelled";

/** Durable background work. A running job whose lease ran out belongs to nobody and is claimed again. */
export type Job = {
  id: JobId;
  tenantId: TenantId;
  kind: JobKind;
  /** The id of what it works on. */
  subject: string;
  state: JobState;
  /** How often it was claimed. */
  attempts: number;
  /** 0 to 1. */
  progress: number;
  stage: string | null;
  errorCode: string | null;
  errorMessage: string | null;
  /** Not claimed before. */
  runAt: UnixMs;
  createdAt: UnixMs;
  updatedAt: UnixMs;
};

/**
 * Lanes are worked through beside each other, one job at a time in each: what is slow in one holds nothing up in
 * another. Reading writes the lexical index, vectors wait for an embedding model, others are servers of somebody else's,
 * and the background is the rest.
 */
export type JobLane = "reading" | "vectors" | "others" | "background";

/** How jobs of one kind are done. The queue knows no more of a kind than this. */
export type JobHandler<D> = {
  /** Among the jobs of its lane that are due, the smallest comes first. */
  priority: number;
  /** Whether people wait for it: it is listed, and has its line in the tray. */
  shown: boolean;
  lane: JobLane;
  /** For work that comes round by itself: a job that is done is queued again, due so long after. */
  everyMs?: number;
  /** Called when Parley starts, before any job runs: queues what was left undone. */
  atStart?(deps: D): Promise<void>;
  /**
   * Does the work, or a part of it: after "again" the job is queued behind what is due. Long work asks `isTurnOver`
   * between its pieces. An abort is answered by throwing or returning soon; either way it is no failed attempt.
   */
  run(deps: D, job: Job, signal: AbortSignal, isTurnOver: () => Promise<boolean>): Promise<"done" | "again">;
  /** When to try again after an attempt that failed; null when that would be of no use. */
  retryAt(code: ErrorCode, attempts: number, now: UnixMs): UnixMs | null;
  /** Tells those concerned that the job failed for good. May be called twice. */
  failed?(deps: D, job: Job, error: AppError): Promise<void>;
};

/** Handlers by kind. */
export type JobHandlers<D> = Readonly<Record<JobKind, JobHandler<D>>>;

/** What was removed can be restored this long: its purge is due only then. */
export const UNDO_MS = 30_000;
/** What fails this often for reasons of the server's is not tried again. */
export const MAX_ATTEMPTS = 3;
const RETRY_AFTER_MS = 2_000;
const LONGEST_RETRY_MS = 10 * 60_000;
const MAY_HAVE_PASSED: ReadonlySet<ErrorCode> = new Set(["INTERNAL", "PARSER_CRASHED"]);

/** For work that may fail: crashes and I/O errors may pass, anything else is final. */
export function retryFewTimes(code: ErrorCode, attempts: number, now: UnixMs): UnixMs | null {
  return MAY_HAVE_PASSED.has(code) && attempts < MAX_ATTEMPTS ? now + RETRY_AFTER_MS * attempts : null;
}

/** For work that must be done some day, such as deleting for good: less and less often, without end. */
export function retryForEver(_code: ErrorCode, attempts: number, now: UnixMs): UnixMs {
  return now + Math.min(RETRY_AFTER_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS);
}

/** Work on something that is removed meanwhile is over: there is nothing left that could fail. */
export async function unlessGone<T>(work: Promise<T>, over: T): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "NOT_FOUND") return over;
    throw thrown;
  }
}

/** A job that is due now. */
export function newJob(now: UnixMs, tenantId: TenantId, kind: JobKind, subject: string): Job {
  return {
    id: newId("job"),
    tenantId,
    kind,
    subject,
    state: "queued",
    attempts: 0,
    progress: 0,
    stage: null,
    errorCode: null,
    errorMessage: null,
    runAt: now,
    createdAt: now,
    updatedAt: now,
  };
}
