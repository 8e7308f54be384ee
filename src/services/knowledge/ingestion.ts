import type { Deps } from "../../deps.ts";
import { type DocumentId, type JobId, newId } from "../../domain/ids.ts";
import { type Job, type JobHandler, MAX_ATTEMPTS, retryFewTimes, unlessGone } from "../../domain/job.ts";
import type { ChunkDraft, ChunkedDocument, IndexedChunk, KnowledgeDocument } from "../../domain/knowledge.ts";
import { AppError } from "../../errors.ts";
import { readingVersion } from "../../rag/formats/catalog.ts";
import { languageOfDocument } from "../../rag/language.ts";
import { ANALYSIS_VERSION, analyzeChunk } from "../../rag/text.ts";
import { fillingJobs } from "./index-job.ts";

export type IngestionDeps = Pick<Deps, "store" | "files" | "parser" | "now" | "live" | "log">;

/** Chunks analysed before other work gets a turn: about 10 ms. */
const ANALYSE_BATCH = 40;
/** The database and the sockets need no more than this. */
const PROGRESS_EVERY_MS = 200;
/** Reading is most of the work, indexing the rest. */
const READING_SHARE = 0.8;

export const ingestion: JobHandler<IngestionDeps> = {
  priority: 0,
  shown: true,
  lane: "reading",

  async atStart({ store }) {
    await store.chunks.sweep();
  },

  async run(deps, job, signal) {
    if (job.attempts > MAX_ATTEMPTS) throw poison();
    await unlessGone(ingestDocument(deps, job, signal), undefined);
    return "done";
  },

  retryAt: retryFewTimes,

  async failed(deps, job, error) {
    await unlessGone(failDocument(deps, job, error), undefined);
  },
};

/**
 * Reads one document: parse and chunk in the child → analyse → rows of a new version → one commit that makes it current
 * and queues its vectors. Until then the former version serves; from then on it is found by its words.
 * @throws AppError with a DocumentErrorCode
 */
async function ingestDocument(deps: IngestionDeps, job: Job, signal: AbortSignal): Promise<void> {
  const { tenantId, id: jobId } = job;
  const document = await deps.store.documents.get(tenantId, job.subject as DocumentId);
  const report = progressReporter(deps, job, document);
  await report(0, "Reading");
  const parsed = await parseOriginal(deps, document, report, signal);
  await report(0.95, `Indexing ${parsed.chunks.length} passages`);
  await writeVersion(deps, document, parsed, jobId);
  publishSource(deps, document);
}

/** Makes what was parsed the document's current version, in one commit that also ends `jobId` if there is one. */
export async function writeVersion(
  deps: Pick<Deps, "store" | "now">,
  document: KnowledgeDocument,
  { format, pageCount, warnings, chunks: drafts }: ChunkedDocument,
  jobId: JobId | null,
): Promise<void> {
  const { tenantId, id } = document;
  const chunks = await toIndexedChunks(document, drafts);
  const jobs = await fillingJobs(deps, tenantId);
  await deps.store.chunks.replaceForDocument(tenantId, id, chunks, {
    ...{ format, pageCount, warnings, jobId, jobs },
    ...{ now: deps.now(), analysis: ANALYSIS_VERSION, reading: readingVersion(format) },
  });
}

async function failDocument(deps: IngestionDeps, { tenantId, subject }: Job, error: AppError): Promise<void> {
  // A document never ends in INTERNAL: what the server could not do after three attempts is the document's poison.
  const { code, message } = error.code === "INTERNAL" ? poison() : error;
  const { format } = await deps.store.documents.get(tenantId, subject as DocumentId);
  const document = await deps.store.documents.update(tenantId, subject as DocumentId, {
    readBy: readingVersion(format),
    status: "failed",
    progress: null,
    stage: null,
    errorCode: code as KnowledgeDocument["errorCode"],
    errorMessage: message,
    updatedAt: deps.now(),
  });
  publishSource(deps, document);
}

function poison(): AppError {
  return new AppError(
    "POISON",
    "Reading this file failed three times. Save it again in its application, or as PDF, and upload that.",
  );
}

type ReportProgress = (progress: number, stage: string) => Promise<void>;

/** @throws AppError with a DocumentErrorCode, EMPTY_DOCUMENT for one that has nothing to answer from */
export async function parseOriginal(
  deps: Pick<Deps, "parser" | "files" | "log">,
  document: KnowledgeDocument,
  report: ReportProgress,
  signal: AbortSignal,
): Promise<ChunkedDocument> {
  if (!document.fileId || !document.format)
    throw new AppError("INTERNAL", "The original of this document is missing. Upload it again.");
  const parsed = await deps.parser.parse(
    deps.files.path(document.fileId),
    document.filename,
    document.format,
    ({ done, total, unit }) => {
      const stage = unit === "page" ? `Reading page ${done} of ${total}` : "Reading";
      report(READING_SHARE * (total > 0 ? done / total : 0), stage).catch((cause) =>
        // Progress is for the eye; the ingestion itself must not fail with it.
        deps.log.warn("progress-not-written", { documentId: document.id, cause }),
      );
    },
    signal,
  );
  if (parsed.chunks.length === 0)
    throw new AppError("EMPTY_DOCUMENT", "The file has no text to answer from.");
  return parsed;
}

async function toIndexedChunks(
  document: KnowledgeDocument,
  drafts: readonly ChunkDraft[],
): Promise<IndexedChunk[]> {
  const indexed: IndexedChunk[] = [];
  const documentLanguage = languageOfDocument(drafts.map(({ content }) => content));
  for (const [index, draft] of drafts.entries()) {
    if (index % ANALYSE_BATCH === ANALYSE_BATCH - 1) await new Promise((resolve) => setImmediate(resolve));
    const terms = analyzeChunk({
      title: document.title,
      headingPath: draft.headingPath,
      content: draft.content,
      documentLanguage,
    });
    indexed.push({
      id: newId("chunk"),
      sourceId: document.sourceId,
      documentId: document.id,
      ...draft,
      ...terms,
    });
  }
  return indexed;
}

function progressReporter(deps: IngestionDeps, job: Job, document: KnowledgeDocument): ReportProgress {
  let lastAt = Number.NEGATIVE_INFINITY;
  let lastStage = "";
  return async (progress, stage) => {
    const now = deps.now();
    const samePhase = stage.split(" ")[0] === lastStage.split(" ")[0];
    // A clock that was set back must not keep progress from being shown.
    if (samePhase && now >= lastAt && now - lastAt < PROGRESS_EVERY_MS) return;
    lastAt = now;
    lastStage = stage;
    await deps.store.documents.update(document.tenantId, document.id, {
      status: "processing",
      progress,
      stage,
      updatedAt: now,
    });
    await deps.store.jobs.update(job.id, { progress, stage, updatedAt: now });
    publishSource(deps, document);
    deps.live.publish({ type: "job", tenantId: document.tenantId, jobId: job.id });
  };
}

function publishSource({ live }: IngestionDeps, { tenantId, sourceId }: KnowledgeDocument): void {
  live.publish({ type: "source", tenantId, sourceId, removed: false });
}
