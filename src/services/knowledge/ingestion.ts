import type { Deps } from "../../deps.ts";
import { newId, type SourceId } from "../../domain/ids.ts";
import { type Job, type JobHandler, MAX_ATTEMPTS, retryFewTimes, unlessGone } from "../../domain/job.ts";
import type { ChunkDraft, ChunkedDocument, IndexedChunk, KnowledgeSource } from "../../domain/knowledge.ts";
import { AppError } from "../../errors.ts";
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
    await unlessGone(ingestSource(deps, job, signal), undefined);
    return "done";
  },

  retryAt: retryFewTimes,

  async failed(deps, job, error) {
    await unlessGone(failSource(deps, job, error), undefined);
  },
};

/**
 * Reads one source: parse and chunk in the child → analyse → rows of a new version → one commit that makes it current
 * and queues its vectors. Until then the former version serves; from then on it is found by its words.
 * @throws AppError with a DocumentErrorCode
 */
async function ingestSource(deps: IngestionDeps, job: Job, signal: AbortSignal): Promise<void> {
  const { tenantId, id: jobId } = job;
  const source = await deps.store.sources.get(tenantId, job.subject as SourceId);
  const report = progressReporter(deps, job, source);
  await report(0, "Reading");
  const { format, pageCount, warnings, chunks: drafts } = await parseSource(deps, source, report, signal);
  const chunks = await toIndexedChunks(source, drafts);
  if (chunks.length === 0) throw new AppError("EMPTY_DOCUMENT", "The file has no text to answer from.");
  await report(0.95, `Indexing ${chunks.length} passages`);
  const jobs = await fillingJobs(deps, tenantId);
  const outcome = { format, pageCount, warnings, jobId, now: deps.now(), analysis: ANALYSIS_VERSION, jobs };
  await deps.store.chunks.replaceForSource(tenantId, source.id, chunks, outcome);
  publishSource(deps, source);
}

async function failSource(deps: IngestionDeps, { tenantId, subject }: Job, error: AppError): Promise<void> {
  // A document never ends in INTERNAL: what the server could not do after three attempts is the document's poison.
  const { code, message } = error.code === "INTERNAL" ? poison() : error;
  const source = await deps.store.sources.update(tenantId, subject as SourceId, {
    status: "failed",
    progress: null,
    stage: null,
    errorCode: code as KnowledgeSource["errorCode"],
    errorMessage: message,
    updatedAt: deps.now(),
  });
  publishSource(deps, source);
}

function poison(): AppError {
  return new AppError(
    "POISON",
    "Reading this file failed three times. Save it again in its application, or as PDF, and upload that.",
  );
}

type ReportProgress = (progress: number, stage: string) => Promise<void>;

async function parseSource(
  deps: IngestionDeps,
  source: KnowledgeSource,
  report: ReportProgress,
  signal: AbortSignal,
): Promise<ChunkedDocument> {
  if (!source.fileId || !source.format)
    throw new AppError("INTERNAL", "The original of this source is missing. Upload it again.");
  return deps.parser.parse(
    deps.files.path(source.fileId),
    source.filename,
    source.format,
    ({ done, total, unit }) => {
      const stage = unit === "page" ? `Reading page ${done} of ${total}` : "Reading";
      report(READING_SHARE * (total > 0 ? done / total : 0), stage).catch((cause) =>
        // Progress is for the eye; the ingestion itself must not fail with it.
        deps.log.warn("progress-not-written", { sourceId: source.id, cause }),
      );
    },
    signal,
  );
}

async function toIndexedChunks(
  source: KnowledgeSource,
  drafts: readonly ChunkDraft[],
): Promise<IndexedChunk[]> {
  const indexed: IndexedChunk[] = [];
  for (const [index, draft] of drafts.entries()) {
    if (index % ANALYSE_BATCH === ANALYSE_BATCH - 1) await new Promise((resolve) => setImmediate(resolve));
    const terms = analyzeChunk({
      title: source.title,
      headingPath: draft.headingPath,
      content: draft.content,
    });
    indexed.push({ id: newId("chunk"), sourceId: source.id, ...draft, ...terms });
  }
  return indexed;
}

function progressReporter(deps: IngestionDeps, job: Job, source: KnowledgeSource): ReportProgress {
  let lastAt = Number.NEGATIVE_INFINITY;
  let lastStage = "";
  return async (progress, stage) => {
    const now = deps.now();
    const samePhase = stage.split(" ")[0] === lastStage.split(" ")[0];
    // A clock that was set back must not keep progress from being shown.
    if (samePhase && now >= lastAt && now - lastAt < PROGRESS_EVERY_MS) return;
    lastAt = now;
    lastStage = stage;
    await deps.store.sources.update(source.tenantId, source.id, {
      status: "processing",
      progress,
      stage,
      updatedAt: now,
    });
    await deps.store.jobs.update(job.id, { progress, stage, updatedAt: now });
    publishSource(deps, source);
    deps.live.publish({ type: "job", tenantId: source.tenantId, jobId: job.id });
  };
}

function publishSource({ live }: IngestionDeps, { tenantId, id }: KnowledgeSource): void {
  live.publish({ type: "source", tenantId, sourceId: id, removed: false });
}
