/** The documents of a source: one for an uploaded file, many where a source is a folder, an archive or a site. */
import type { Deps } from "../../deps.ts";
import type { SourceId, TenantId } from "../../domain/ids.ts";
import { type Job, newJob } from "../../domain/job.ts";
import { INGEST, type KnowledgeDocument, type KnowledgeSource } from "../../domain/knowledge.ts";
import type { Page, PageRequest } from "../../domain/page.ts";
import type { DocumentFilter } from "../../store/store.ts";

/** Documents queued again in one commit: a few ms. */
const REQUEUED_AT_ONCE = 200;

export async function listDocuments(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
  sourceId: SourceId,
  filter: DocumentFilter,
  page: PageRequest,
): Promise<Page<KnowledgeDocument>> {
  return store.documents.list(tenantId, sourceId, filter, page);
}

/**
 * Queues all documents of a source that have an original and are not queued already, some at a time. How many have
 * one.
 */
export async function requeueDocuments(
  deps: Pick<Deps, "store" | "now" | "live">,
  tenantId: TenantId,
  sourceId: SourceId,
): Promise<number> {
  let readable = 0;
  let cursor: string | null = null;
  do {
    const page: Page<KnowledgeDocument> = await deps.store.documents.list(
      tenantId,
      sourceId,
      {},
      { cursor, limit: REQUEUED_AT_ONCE },
    );
    const withOriginal = page.items.filter(({ fileId }) => fileId !== null);
    const jobs = withOriginal.map(({ id }) => newJob(deps.now(), tenantId, INGEST, id));
    for (const job of await deps.store.documents.requeue(tenantId, jobs)) publishQueued(deps, job, sourceId);
    readable += withOriginal.length;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return readable;
}

export function publishSource(
  { live }: Pick<Deps, "live">,
  { tenantId, id }: Pick<KnowledgeSource, "tenantId" | "id">,
): void {
  live.publish({ type: "source", tenantId, sourceId: id, removed: false });
}

/** Work that waits is announced like work that runs, or nobody could tell how much there is. */
export function publishQueued({ live }: Pick<Deps, "live">, job: Job, sourceId: SourceId): void {
  live.publish({ type: "job", tenantId: job.tenantId, jobId: job.id });
  live.publish({ type: "source", tenantId: job.tenantId, sourceId, removed: false });
}
