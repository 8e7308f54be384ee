/** Documents read anew in the background, after an upgrade to a Parley that makes other passages of the same file. */
import type { TenantId } from "../../domain/ids.ts";
import {
  type Job,
  type JobHandler,
  MAX_ATTEMPTS,
  newJob,
  retryFewTimes,
  unlessGone,
} from "../../domain/job.ts";
import type { Chunk, ChunkedDocument, KnowledgeDocument } from "../../domain/knowledge.ts";
import { AppError } from "../../errors.ts";
import { READING_VERSIONS, readingVersion } from "../../rag/formats/catalog.ts";
import { publishSource } from "./documents.ts";
import { type IngestionDeps, parseOriginal, writeVersion } from "./ingestion.ts";

export const REREAD = "reread";

const CHUNKS_AT_ONCE = 200;

export const rereading: JobHandler<IngestionDeps> = {
  // Behind documents that somebody waits for and behind terms: until then the former passages serve.
  priority: 2,
  shown: false,
  lane: "reading",
  atStart: queueRereading,

  async run(deps, job, signal, isTurnOver) {
    if (job.attempts > MAX_ATTEMPTS) throw stoppedTooOften();
    return reread(deps, job, signal, isTurnOver);
  },

  retryAt: retryFewTimes,
};

/** At start: queues the work for each tenant with documents that an older version of their parser read. */
async function queueRereading({ store, now }: IngestionDeps): Promise<void> {
  for (const tenantId of await store.documents.outdatedTenants(READING_VERSIONS))
    await store.jobs.createUnlessQueued(newJob(now(), tenantId, REREAD, tenantId));
}

/** One document after the other, until all are read or others have their turn. Stopping loses one reading. */
async function reread(
  deps: IngestionDeps,
  job: Job,
  signal: AbortSignal,
  isTurnOver: () => Promise<boolean>,
): Promise<"done" | "again"> {
  const total = await deps.store.documents.outdatedCount(job.tenantId, READING_VERSIONS);
  // What the server could not do is left for the next start, and does not keep the others from being read.
  let left = 0;
  for (let done = 0; ; done++) {
    if (signal.aborted) return "again";
    const document = await nextDocument(deps, job.tenantId, left);
    if (!document) return "done";
    const outcome = await unlessGone(rereadDocument(deps, document, signal), "read");
    if (signal.aborted) return "again";
    if (outcome === "left") left++;
    await report(deps, job, done + 1, total);
    if (await isTurnOver()) return "again";
  }
}

async function nextDocument(
  { store }: IngestionDeps,
  tenantId: TenantId,
  left: number,
): Promise<KnowledgeDocument | null> {
  const documents = await store.documents.outdated(tenantId, READING_VERSIONS, left + 1);
  return documents[left] ?? null;
}

async function rereadDocument(
  deps: IngestionDeps,
  document: KnowledgeDocument,
  signal: AbortSignal,
): Promise<"read" | "left"> {
  try {
    const parsed = await parseOriginal(deps, document, async () => {}, signal);
    if (await isSame(deps, document, parsed)) await markRead(deps, document, parsed.warnings);
    else {
      await writeVersion(deps, document, parsed, null);
      publishSource(deps, { tenantId: document.tenantId, id: document.sourceId });
    }
    return "read";
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code === "NOT_FOUND") throw thrown;
    return await keepFormer(deps, document, thrown);
  }
}

/** Whether every passage is what it was: then its vectors stay, and what was cited is still there. */
async function isSame(
  { store }: IngestionDeps,
  { tenantId, id, sourceId, status, chunkCount }: KnowledgeDocument,
  { chunks }: ChunkedDocument,
): Promise<boolean> {
  if (status !== "ready" || chunks.length !== chunkCount) return false;
  let cursor: string | null = null;
  do {
    const page: { items: Chunk[]; nextCursor: string | null } = await store.chunks.list(
      tenantId,
      sourceId,
      { documentId: id },
      { cursor, limit: CHUNKS_AT_ONCE },
    );
    for (const former of page.items) {
      const now = chunks[former.ordinal];
      if (now?.content !== former.content || now.page !== former.page) return false;
      if (now.headingPath.join("\n") !== former.headingPath.join("\n")) return false;
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
  return true;
}

/** Nothing that a person would call a change, so the document is not one that was changed just now. */
async function markRead(
  { store }: IngestionDeps,
  { tenantId, id, format }: KnowledgeDocument,
  warnings: string[],
): Promise<void> {
  const readBy = readingVersion(format);
  await store.documents.update(tenantId, id, { readBy, warnings });
}

/** A document that this Parley cannot read goes on serving as the older one read it. */
async function keepFormer(
  deps: IngestionDeps,
  document: KnowledgeDocument,
  { code, message }: AppError,
): Promise<"read" | "left"> {
  deps.log.warn("document-not-read-anew", { documentId: document.id, code });
  // Not the document's fault: a stop, a full disk, an original that is not there.
  if (code === "INTERNAL" || code.startsWith("STORAGE")) return "left";
  await markRead(deps, document, document.warnings);
  if (document.status === "failed") {
    const errorCode = code as KnowledgeDocument["errorCode"];
    await deps.store.documents.update(document.tenantId, document.id, { errorCode, errorMessage: message });
    publishSource(deps, { tenantId: document.tenantId, id: document.sourceId });
  }
  return "read";
}

async function report(deps: IngestionDeps, job: Job, done: number, total: number): Promise<void> {
  await deps.store.jobs.update(job.id, {
    // Progress at all makes this no job that fails again and again.
    attempts: 1,
    progress: total === 0 ? 1 : Math.min(1, done / total),
    stage: `Reading documents anew: ${done} of ${total}`,
    updatedAt: deps.now(),
  });
  deps.live.publish({ type: "job", tenantId: job.tenantId, jobId: job.id });
}

function stoppedTooOften(): AppError {
  return new AppError(
    "POISON",
    "Parley stopped three times while it read documents anew. Find the last one in its log, and choose “Read again” or delete it.",
  );
}
