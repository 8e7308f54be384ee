/** What the indexes in memory read: terms to be loaded, and the rows of what was found. */
import type { TenantId } from "../../domain/ids.ts";
import type { FoundChunk } from "../../domain/knowledge.ts";
import type { SqliteClient } from "./connection.ts";
import { documentIsShown } from "./shown.ts";

type TermRow = { number: number; titleTerms: string; headingTerms: string; contentTerms: string };
type FoundRow = Omit<FoundChunk, "headingPath"> & { number: number; headingPath: string };

/** One statement for many rows costs a fifth of a statement for each. */
const ROWS_AT_ONCE = 50;
const NO_ROW = -1;

/** Also what `lexical/tenant-indexes` calls a TermReader. */
export function indexRows(client: SqliteClient) {
  const tenants = client.prepare<[], TenantId>("select id from tenants order by number").pluck();
  const generation = client
    .prepare<[string], number>("select knowledge_generation from tenants where id = ?")
    .pluck();
  const sets = client.prepare<[string], { version: number; analysis: number }>(
    `select version.version, version.analysis
     from documents as document join chunk_versions as version on version.version = document.current_version
     where document.tenant_id = ? and ${documentIsShown("document")} order by version.version`,
  );
  const terms = client.prepare<[number, number, number], TermRow>(`
    select number, title_terms as titleTerms, heading_terms as headingTerms, content_terms as contentTerms
    from document_chunks where version = ? and number > ? order by number limit ?`);
  // The version leads to the document by a number. The cross joins and the plus keep SQLite from starting with all
  // documents of the tenant.
  const found = client.prepare<(number | string)[], FoundRow>(`
    select chunk.number, chunk.id, chunk.source_id as sourceId, document.id as documentId, chunk.ordinal, chunk.content, chunk.page,
      chunk.language, chunk.heading_path as headingPath, chunk.token_count as tokenCount,
      source.title as sourceTitle, document.title as documentTitle
    from document_chunks as chunk
    cross join documents as document on document.current_version = chunk.version
    cross join knowledge_sources as source on source.tenant_id = document.tenant_id and source.id = document.source_id
    where chunk.number in (${Array.from({ length: ROWS_AT_ONCE }, () => "?").join(", ")})
      and +chunk.tenant_id = ? and source.deleted_at is null`);
  const inOneSnapshot = client.transaction((work: () => unknown) => work());

  return {
    /** Within `work` all reads see one state of the database. */
    inSnapshot: <T>(work: () => T): T => inOneSnapshot(work) as T,
    tenants: () => tenants.all(),
    generation: (tenantId: TenantId) => generation.get(tenantId) ?? null,
    sets: (tenantId: TenantId) => sets.all(tenantId),
    terms: (version: number, after: number, limit: number) => terms.all(version, after, limit),
    /** Visible chunks of the tenant by their row. */
    found(tenantId: TenantId, numbers: readonly number[]): Map<number, FoundChunk> {
      const chunks = new Map<number, FoundChunk>();
      for (let from = 0; from < numbers.length; from += ROWS_AT_ONCE) {
        const asked = numbers.slice(from, from + ROWS_AT_ONCE);
        const padding = Array.from({ length: ROWS_AT_ONCE - asked.length }, () => NO_ROW);
        for (const { number, headingPath, ...chunk } of found.all(...asked, ...padding, tenantId)) {
          chunks.set(number, { ...chunk, headingPath: JSON.parse(headingPath) as string[] });
        }
      }
      return chunks;
    },
  };
}
