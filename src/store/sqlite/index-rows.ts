/** What the indexes in memory read: terms to be loaded, and the rows of what was found. */
import type { TenantId } from "../../domain/ids.ts";
import type { FoundChunk, LexicalHit } from "../../domain/knowledge.ts";
import type { SqliteClient } from "./connection.ts";

type TermRow = { number: number; titleTerms: string; headingTerms: string; contentTerms: string };
type FoundRow = Omit<FoundChunk, "headingPath"> & {
  headingPath: string;
  titleTerms: string;
  headingTerms: string;
};

/** Also what `lexical/tenant-indexes` calls a TermReader. */
export function indexRows(client: SqliteClient) {
  const tenants = client.prepare<[], TenantId>("select id from tenants order by number").pluck();
  const generation = client
    .prepare<[string], number>("select knowledge_generation from tenants where id = ?")
    .pluck();
  const versions = client
    .prepare<[string], number>(
      `select current_version from knowledge_sources
       where tenant_id = ? and deleted_at is null and current_version is not null order by current_version`,
    )
    .pluck();
  const terms = client.prepare<[number, number, number], TermRow>(`
    select number, title_terms as titleTerms, heading_terms as headingTerms, content_terms as contentTerms
    from document_chunks where version = ? and number > ? order by number limit ?`);
  const found = client.prepare<[number], FoundRow>(`
    select chunk.id, chunk.source_id as sourceId, chunk.ordinal, chunk.content, chunk.page, chunk.language,
      chunk.heading_path as headingPath, chunk.token_count as tokenCount, source.title as sourceTitle,
      chunk.title_terms as titleTerms, chunk.heading_terms as headingTerms
    from document_chunks as chunk
    join knowledge_sources as source on source.tenant_id = chunk.tenant_id and source.id = chunk.source_id
    where chunk.number = ?`);
  const inOneSnapshot = client.transaction((work: () => unknown) => work());

  return {
    /** Within `work` all reads see one state of the database. */
    inSnapshot: <T>(work: () => T): T => inOneSnapshot(work) as T,
    tenants: () => tenants.all(),
    generation: (tenantId: TenantId) => generation.get(tenantId) ?? null,
    versions: (tenantId: TenantId) => versions.all(tenantId),
    terms: (version: number, after: number, limit: number) => terms.all(version, after, limit),
    /** The chunk in row `number`, as a hit has it; null when there is none. */
    found(number: number): Pick<LexicalHit, "chunk" | "titleTerms" | "headingTerms"> | null {
      const row = found.get(number);
      if (row === undefined) return null;
      const { titleTerms, headingTerms, headingPath, ...chunk } = row;
      return {
        chunk: { ...chunk, headingPath: JSON.parse(headingPath) as string[] },
        titleTerms,
        headingTerms,
      };
    },
  };
}
