import type { Deps } from "../../deps.ts";
import type { DocumentId, SourceId, TenantId } from "../../domain/ids.ts";
import { type Job, newJob, UNDO_MS } from "../../domain/job.ts";
import {
  type Chunk,
  type DocumentFormat,
  filenameOf,
  INGEST,
  type KnowledgeDocument,
  type KnowledgeSource,
  type NewSource,
  newDocument,
  newFileSource,
  PURGE_SOURCE,
} from "../../domain/knowledge.ts";
import type { Page, PageRequest } from "../../domain/page.ts";
import { asLine, cut, mended } from "../../domain/text.ts";
import { AppError, type DocumentErrorCode } from "../../errors.ts";
import { detectFormat } from "../../rag/formats/detect.ts";
import type { SourceCounts, SourceFilter, SourceSort } from "../../store/store.ts";
import { writeFileFor } from "../operations/written-file.ts";
import { publishQueued, publishSource, requeueDocuments } from "./documents.ts";
import { forgetQuestionsOf, recallQuestionsOf } from "./sample-questions.ts";

export type SourceDeps = Pick<Deps, "store" | "files" | "tokens" | "now" | "settings" | "live"> & {
  /** Tells the queue that there is work. */
  wakeQueue: () => void;
};

export type Upload = { filename: string; bytes: Uint8Array };

/** As much as detecting a format may read: the sniffer never inflates anything. */
const SNIFF_BYTES = 4096;
const MAX_FILENAME = 200;
/** About 4 ms. */
const HASHED_AT_ONCE = 2 * 1024 * 1024;

/**
 * Takes files in, one source each, in order. What is refused is a `failed` source with its reason, so
 * that nothing an admin dropped vanishes; the same bytes again are the source that has them already.
 */
export async function acceptUploads(
  deps: SourceDeps,
  tenantId: TenantId,
  uploads: readonly Upload[],
): Promise<KnowledgeSource[]> {
  const sources: KnowledgeSource[] = [];
  try {
    for (const upload of uploads) sources.push(await acceptUpload(deps, tenantId, upload));
  } finally {
    // Those before one that found no room are there.
    deps.wakeQueue();
  }
  return sources;
}

async function acceptUpload(deps: SourceDeps, tenantId: TenantId, upload: Upload): Promise<KnowledgeSource> {
  const checked = checkUpload(deps, upload);
  if ("code" in checked) return refuse(deps, tenantId, upload, checked);
  const contentHash = await sha256(upload.bytes);
  const known = await findSame(deps, tenantId, contentHash);
  if (known) return known;
  const { all } = await deps.store.sources.counts(tenantId);
  if (all >= deps.settings.limits.sourcesPerTenant) {
    return refuse(deps, tenantId, upload, {
      code: "RESOURCE_LIMIT",
      message: `There are ${all} sources, and no more may be added. Delete some first.`,
    });
  }
  return takeIn(deps, tenantId, upload, { format: checked.format, contentHash });
}

/** The source that has these bytes already. */
async function findSame(
  { store }: SourceDeps,
  tenantId: TenantId,
  contentHash: string,
): Promise<KnowledgeSource | null> {
  const document = await store.documents.findByContentHash(tenantId, contentHash);
  return document && store.sources.get(tenantId, document.sourceId);
}

async function takeIn(
  deps: SourceDeps,
  tenantId: TenantId,
  upload: Upload,
  known: Pick<KnowledgeDocument, "format" | "contentHash">,
): Promise<KnowledgeSource> {
  const { source, document } = fromUpload(deps, tenantId, upload);
  const job = newJob(deps.now(), tenantId, INGEST, document.id);
  const { fileId, written: meanwhile } = await writeFileFor(deps, upload.bytes, (fileId) =>
    deps.store.sources.createUnlessKnown(source, { ...document, ...known, fileId }, job),
  );
  if (meanwhile) {
    // Writing the file took a while, in which the same bytes came a second time.
    await deps.files.remove(fileId);
    return deps.store.sources.get(tenantId, meanwhile);
  }
  publishQueued(deps, job, source.id);
  return deps.store.sources.get(tenantId, source.id);
}

export async function getSource(
  deps: Pick<Deps, "store">,
  tenantId: TenantId,
  sourceId: SourceId,
): Promise<KnowledgeSource> {
  return deps.store.sources.get(tenantId, sourceId);
}

export async function listSources(
  deps: Pick<Deps, "store">,
  tenantId: TenantId,
  filter: SourceFilter,
  sort: SourceSort,
  page: PageRequest,
): Promise<Page<KnowledgeSource> & { counts: SourceCounts }> {
  const [sources, counts] = await Promise.all([
    deps.store.sources.list(tenantId, filter, sort, page),
    deps.store.sources.counts(tenantId),
  ]);
  return { ...sources, counts };
}

export async function listChunks(
  deps: Pick<Deps, "store">,
  tenantId: TenantId,
  sourceId: SourceId,
  filter: { documentId?: DocumentId },
  page: PageRequest,
): Promise<Page<Chunk>> {
  return deps.store.chunks.list(tenantId, sourceId, filter, page);
}

export async function updateSource(
  deps: SourceDeps,
  tenantId: TenantId,
  sourceId: SourceId,
  changes: { title?: string | undefined; tags?: string[] | undefined },
): Promise<KnowledgeSource> {
  const { onlyDocument } = await deps.store.sources.get(tenantId, sourceId);
  // The title of a document is part of what is indexed, so a new one means reading it again.
  const reading = onlyDocument?.fileId ? newJob(deps.now(), tenantId, INGEST, onlyDocument.id) : undefined;
  const given = {
    ...(changes.title !== undefined && { title: changes.title }),
    ...(changes.tags !== undefined && { tags: changes.tags }),
  };
  const update = { ...given, updatedAt: deps.now() };
  const source = await deps.store.sources.update(tenantId, sourceId, update, reading);
  publishSource(deps, source);
  if (reading !== undefined) {
    // Where the title is the former one there is no such job, and nobody hears of it.
    publishQueued(deps, reading, sourceId);
    deps.wakeQueue();
  }
  return source;
}

/**
 * Reads the originals of all its documents again. Those that wait or are being read are left to that.
 *
 * @throws AppError CONFLICT when none of them was ever taken in
 */
export async function reingestSource(
  deps: SourceDeps,
  tenantId: TenantId,
  sourceId: SourceId,
): Promise<KnowledgeSource> {
  const readable = await requeueDocuments(deps, tenantId, sourceId);
  if (readable === 0)
    throw new AppError("CONFLICT", "This file was refused when it was uploaded. Upload it again.");
  deps.wakeQueue();
  return deps.store.sources.get(tenantId, sourceId);
}

/** Hides the source and its passages at once; `restoreSource` brings it back for 30 s. */
export async function removeSource(deps: SourceDeps, tenantId: TenantId, sourceId: SourceId): Promise<void> {
  const now = deps.now();
  const purge: Job = { ...newJob(now, tenantId, PURGE_SOURCE, sourceId), runAt: now + UNDO_MS };
  const source = await deps.store.sources.get(tenantId, sourceId);
  await deps.store.sources.remove(tenantId, sourceId, now, purge);
  await forgetQuestionsOf(deps, tenantId, filenameOf(source));
  deps.live.publish({ type: "source", tenantId, sourceId, removed: true });
  deps.wakeQueue();
}

export async function restoreSource(
  deps: SourceDeps,
  tenantId: TenantId,
  sourceId: SourceId,
): Promise<KnowledgeSource> {
  const source = await deps.store.sources.restore(tenantId, sourceId, deps.now());
  await recallQuestionsOf(deps, tenantId, filenameOf(source));
  publishSource(deps, source);
  deps.wakeQueue();
  return source;
}

/** Hex. In pieces, with a turn for everybody else in between: 50 MB in one go hold up every stream for 100 ms. */
async function sha256(bytes: Uint8Array): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256");
  for (let at = 0; at < bytes.length; at += HASHED_AT_ONCE) {
    if (at > 0) await new Promise((resolve) => setImmediate(resolve));
    hasher.update(bytes.subarray(at, at + HASHED_AT_ONCE));
  }
  return hasher.digest("hex");
}

type Refusal = { code: DocumentErrorCode; message: string };

function checkUpload(deps: SourceDeps, { filename, bytes }: Upload): { format: DocumentFormat } | Refusal {
  const { uploadBytes } = deps.settings.limits;
  if (bytes.length > uploadBytes) {
    const limit = Math.round(uploadBytes / 1024 / 1024);
    return {
      code: "RESOURCE_LIMIT",
      message: `The file is larger than ${limit} MB. Split it and upload the parts.`,
    };
  }
  if (bytes.length === 0) return { code: "EMPTY_DOCUMENT", message: "The file is empty." };
  try {
    return { format: detectFormat(bytes.subarray(0, SNIFF_BYTES), filename) };
  } catch (thrown) {
    // A file that cannot be read is an outcome for the admin to see, not a failure of the upload.
    if (thrown instanceof AppError)
      return { code: thrown.code as DocumentErrorCode, message: thrown.message };
    throw thrown;
  }
}

async function refuse(
  deps: SourceDeps,
  tenantId: TenantId,
  upload: Upload,
  { code, message }: Refusal,
): Promise<KnowledgeSource> {
  const { source, document } = fromUpload(deps, tenantId, upload);
  const failed: KnowledgeDocument = { ...document, status: "failed", errorCode: code, errorMessage: message };
  await deps.store.sources.create(source, [failed], []);
  publishSource(deps, source);
  return deps.store.sources.get(tenantId, source.id);
}

/** An uploaded file as a source with its one document. */
function fromUpload(
  { now }: SourceDeps,
  tenantId: TenantId,
  { filename, bytes }: Upload,
): { source: NewSource; document: KnowledgeDocument } {
  const shownName = displayFilename(filename);
  const title = shownName.replace(/(?<=.)\.[^.\s]{1,10}$/, "");
  const source = newFileSource(now(), tenantId, shownName, title);
  return { source, document: newDocument(source, shownName, bytes.length) };
}

/** The last part of a path as text to show: never used as a path, and stripped of what would change how it reads. */
function displayFilename(filename: string): string {
  const name = asLine(mended(filename).split(/[/\\]/).at(-1) ?? "");
  return cut(name, MAX_FILENAME) || "Untitled";
}
