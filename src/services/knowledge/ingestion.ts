import type { Deps } from "../../deps.ts";
import { newId, type SourceId } from "../../domain/ids.ts";
import type { Job } from "../../domain/job.ts";
import type { IndexedChunk, KnowledgeSource, ParsedDocument } from "../../domain/knowledge.ts";
import { AppError } from "../../errors.ts";
import { chunkDocument } from "../../rag/chunk.ts";
import { analyzeChunk } from "../../rag/text.ts";

export type IngestionDeps = Pick<Deps, "store" | "files" | "parser" | "now" | "live" | "log">;

/** Chunks analysed before other work gets a turn: about 10 ms. */
const ANALYSE_BATCH = 40;
/** The database and the sockets need no more than this. */
const PROGRESS_EVERY_MS = 200;
/** Reading is most of the work, indexing the rest. */
const READING_SHARE = 0.8;

/**
 * Reads one source: parse → chunk → analyse → rows of a new version → one commit that makes it current.
 * Until then the former version serves.
 * @throws AppError with a DocumentErrorCode
 */
export async function ingestSource(deps: IngestionDeps, job: Job, signal: AbortSignal): Promise<void> {
  const source = await deps.store.sources.get(job.tenantId, job.subject as SourceId);
  const report = progressReporter(deps, job, source);
  await report(0, "Reading");
  const parsed = await parseSource(deps, source, report, signal);
  const chunks = await toIndexedChunks(source, parsed);
  if (chunks.length === 0) throw new AppError("EMPTY_DOCUMENT", "The file has no text to answer from.");
  await report(0.95, `Indexing ${chunks.length} passages`);
  await deps.store.chunks.replaceForSource(job.tenantId, source.id, chunks, {
    format: parsed.format,
    pageCount: parsed.pageCount,
    warnings: parsed.warnings,
    jobId: job.id,
    now: deps.now(),
  });
}

type ReportProgress = (progress: number, stage: string) => Promise<void>;

async function parseSource(
  deps: IngestionDeps,
  source: KnowledgeSource,
  report: ReportProgress,
  signal: AbortSignal,
): Promise<ParsedDocument> {
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

async function toIndexedChunks(source: KnowledgeSource, parsed: ParsedDocument): Promise<IndexedChunk[]> {
  const indexed: IndexedChunk[] = [];
  for (const [index, draft] of chunkDocument(parsed).entries()) {
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
    if (samePhase && now - lastAt < PROGRESS_EVERY_MS) return;
    lastAt = now;
    lastStage = stage;
    await deps.store.sources.update(source.tenantId, source.id, {
      status: "processing",
      progress,
      stage,
      updatedAt: now,
    });
    await deps.store.jobs.update(job.id, { progress, stage, updatedAt: now });
    deps.live.publish({ type: "source", tenantId: source.tenantId, sourceId: source.id, removed: false });
    deps.live.publish({ type: "job", tenantId: source.tenantId, jobId: job.id });
  };
}
