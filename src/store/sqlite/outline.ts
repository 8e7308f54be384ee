import type { TenantId } from "../../domain/ids.ts";
import type { DocumentOutline } from "../../domain/knowledge.ts";
import type { SqliteDb } from "./connection.ts";

/** A heading that comes later in a document says little about all of it. */
const CHUNKS_LOOKED_AT = 100;

const LARGEST = `
  select documents.title, documents.source_id as source, documents.current_version as version
  from documents join knowledge_sources
    on knowledge_sources.tenant_id = documents.tenant_id and knowledge_sources.id = documents.source_id
  where documents.tenant_id = ? and documents.current_version is not null and knowledge_sources.deleted_at is null
  order by documents.chunk_count desc, documents.title, documents.id limit ?`;

const HEADINGS = `
  select heading_path from document_chunks
  where version = ? and ordinal < ${CHUNKS_LOOKED_AT} group by heading_path order by min(ordinal)`;

type Document = { title: string; source: DocumentOutline["source"]; version: number };

/** Titles and headings of the documents that say most. */
export function outlineOf(db: SqliteDb, tenantId: TenantId, most: number): DocumentOutline[] {
  const client = db.$client;
  const headings = client.prepare<[number], string>(HEADINGS).pluck();
  return client
    .prepare<[TenantId, number], Document>(LARGEST)
    .all(tenantId, most)
    .map(({ title, source, version }) => ({
      title,
      source,
      headingPaths: headings.all(version).map((path) => JSON.parse(path) as string[]),
    }));
}
