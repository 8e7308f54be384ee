import { type JobId, newId, type TenantId, type UnixMs } from "./ids.ts";

export type JobKind =
  | "ingest"
  | "purge-source"
  | "purge-conversation"
  | "embed-index"
  | "purge-golden-question"
  | "evaluate"
  | "reanalyse";
export type JobState = "queued" | "running" | "done" | "failed" | "cancelled";

/** Durable background work. A running job whose lease ran out belongs to nobody and is claimed again. */
export type Job = {
  id: JobId;
  tenantId: TenantId;
  kind: JobKind;
  /** The id of what it works on: a document, a source, a conversation, an embedding index, a golden question, a run or a tenant. */
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

/** What was removed can be restored this long: its purge is due only then. */
export const UNDO_MS = 30_000;

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
