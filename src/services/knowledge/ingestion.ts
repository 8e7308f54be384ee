import type { Deps } from "../../deps.ts";
import { type DocumentId, type EmbeddingIndexId, newId } from "../../domain/ids.ts";
import type { Job } from "../../domain/job.ts";
import type { ChunkDraft, ChunkedDocument, IndexedChunk, KnowledgeDocument } from "../../domain/knowledge.ts";
import { AppError } from "../../errors.ts";
import { embeddedText } from "../../rag/embedded-text.ts";
import { ANALYSIS_VERSION, analyzeChunk } from "../../rag/text.ts";
import type { ChunkVectors } from "../../store/store.ts";
import { queueFilling } from "./indexes.ts";

export type IngestionDeps = Pick<Deps, "store" | "files" | "parser" | "embeddings" | "now" | "live" | "log">;

/** Chunks analysed before other work gets a turn: about 10 ms. */
const ANALYSE_BATCH = 40;
/** Texts between two reports of progress; the provider makes batches of its own. */
const EMBED_AT_ONCE = 64;
/** The database and the sockets need no more than this. */
const PROGRESS_EVERY_MS = 200;
/** Reading is most of the work, indexing the rest. */
const READING_SHARE = 0.8;

/**
 * Reads one document: parse and chunk in the child → analyse → rows of a new version → one commit that makes it current.
 * Until then the former version serves.
 * @throws AppError with a DocumentErrorCode
 */
export async function ingestDocument(deps: IngestionDeps, job: Job, signal: AbortSignal): Promise<void> {
  const document = await deps.store.documents.get(job.tenantId, job.subject as DocumentId);
  const report = progressReporter(deps, job, document);
  await report(0, "Reading");
  const parsed = await parseOriginal(deps, document, report, signal);
  const chunks = await toIndexedChunks(document, parsed.chunks);
  if (chunks.length === 0) throw new AppError("EMPTY_DOCUMENT", "The file has no text to answer from.");
  const { vectors, owed } = await embedForIndexes(deps, document, chunks, report, signal);
  await report(0.95, `Indexing ${chunks.length} passages`);
  const { format, pageCount, warnings } = parsed;
  const outcome = { format, pageCount, warnings, jobId: job.id, now: deps.now(), analysis: ANALYSIS_VERSION };
  await deps.store.chunks.replaceForDocument(job.tenantId, document.id, chunks, outcome, vectors);
  deps.live.publish({ type: "source", tenantId: job.tenantId, sourceId: document.sourceId, removed: false });
  for (const index of owed) await queueFilling(deps, job.tenantId, index);
}

/**
 * Vectors for every index that is in use or will be. A model that does not answer holds no document back: what it
 * owes is embedded later, and until then the passages are found by their words.
 */
async function embedForIndexes(
  deps: IngestionDeps,
  document: KnowledgeDocument,
  chunks: readonly IndexedChunk[],
  report: ReportProgress,
  signal: AbortSignal,
): Promise<{ vectors: ChunkVectors[]; owed: EmbeddingIndexId[] }> {
  const vectors: ChunkVectors[] = [];
  const owed: EmbeddingIndexId[] = [];
  const texts = chunks.map(({ headingPath, content }) => embeddedText(document.title, headingPath, content));
  for (const { id, state, model, dimension } of await deps.store.embeddingIndexes.list()) {
    if (state === "retired") continue;
    try {
      const provider = await deps.embeddings.open(model, dimension);
      const made: Float32Array[] = [];
      while (made.length < texts.length) {
        await report(READING_SHARE, `Embedding passage ${made.length + 1} of ${texts.length}`);
        const next = texts.slice(made.length, made.length + EMBED_AT_ONCE);
        made.push(...(await provider.embed(next, "passage", signal)));
      }
      vectors.push({ index: id, vectors: made });
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      deps.log.warn("passages-not-embedded", { documentId: document.id, indexId: id, cause: thrown });
      owed.push(id);
    }
  }
  return { vectors, owed };
}

type ReportProgress = (progress: number, stage: string) => Promise<void>;

async function parseOriginal(
  deps: IngestionDeps,
  document: KnowledgeDocument,
  report: ReportProgress,
  signal: AbortSignal,
): Promise<ChunkedDocument> {
  if (!document.fileId || !document.format)
    throw new AppError("INTERNAL", "The original of this document is missing. Upload it again.");
  return deps.parser.parse(
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
}

async function toIndexedChunks(
  document: KnowledgeDocument,
  drafts: readonly ChunkDraft[],
): Promise<IndexedChunk[]> {
  const indexed: IndexedChunk[] = [];
  for (const [index, draft] of drafts.entries()) {
    if (index % ANALYSE_BATCH === ANALYSE_BATCH - 1) await new Promise((resolve) => setImmediate(resolve));
    const terms = analyzeChunk({
      title: document.title,
      headingPath: draft.headingPath,
      content: draft.content,
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
    if (samePhase && now - lastAt < PROGRESS_EVERY_MS) return;
    lastAt = now;
    lastStage = stage;
    await deps.store.documents.update(document.tenantId, document.id, {
      status: "processing",
      progress,
      stage,
      updatedAt: now,
    });
    await deps.store.jobs.update(job.id, { progress, stage, updatedAt: now });
    deps.live.publish({
      type: "source",
      tenantId: document.tenantId,
      sourceId: document.sourceId,
      removed: false,
    });
    deps.live.publish({ type: "job", tenantId: document.tenantId, jobId: job.id });
  };
}
