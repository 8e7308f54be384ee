/** Exact search for the nearest vectors over one SQLite connection. */
import type { EmbeddingIndexId, TenantId } from "../../domain/ids.ts";
import type { FoundChunk, VectorHit } from "../../domain/knowledge.ts";
import type { SqliteClient } from "./connection.ts";
import { notFound } from "./row.ts";
import { MOST_NEIGHBOURS, toBlob, vectorTableName, whole } from "./vector-tables.ts";

export type VectorSearch = {
  searchByVector(
    tenantId: TenantId,
    indexId: EmbeddingIndexId,
    vector: Float32Array,
    limit: number,
  ): VectorHit[];
};

type Neighbour = { number: number; distance: number };
type FoundRow = Omit<FoundChunk, "headingPath"> & { headingPath: string };

/** How many more are asked for when some of the nearest turn out not to be visible. */
const GROWTH = 4;

/** Each call sees one state of the database: all commits before it and none after. */
export function vectorSearch(client: SqliteClient): VectorSearch {
  const tenantNumber = client.prepare<[string], number>("select number from tenants where id = ?").pluck();
  const indexNumber = client
    .prepare<[string], number>("select number from embedding_indexes where id = ? and state <> 'removing'")
    .pluck();
  const visible = client.prepare<[number, string], FoundRow>(`
    select chunk.id, chunk.source_id as sourceId, document.id as documentId, chunk.ordinal, chunk.content, chunk.page, chunk.language,
      chunk.heading_path as headingPath, chunk.token_count as tokenCount, source.title as sourceTitle,
      document.title as documentTitle
    from document_chunks as chunk
    join documents as document on document.current_version = chunk.version
    join knowledge_sources as source on source.tenant_id = document.tenant_id and source.id = document.source_id
      and source.deleted_at is null
    where chunk.number = ? and chunk.tenant_id = ?`);
  const nearest = new Map<number, ReturnType<typeof prepareNearest>>();

  function search(
    tenantId: TenantId,
    indexId: EmbeddingIndexId,
    vector: Float32Array,
    limit: number,
  ): VectorHit[] {
    const number = indexNumber.get(indexId);
    if (number === undefined) throw notFound("embedding index");
    const tenant = tenantNumber.get(tenantId);
    if (tenant === undefined) return [];
    const statement = nearest.get(number) ?? prepareNearest(client, number);
    nearest.set(number, statement);
    const hitOf = ({ number: chunk, distance }: Neighbour): VectorHit[] => {
      const row = visible.get(chunk, tenantId);
      if (row === undefined) return [];
      const found = { ...row, headingPath: JSON.parse(row.headingPath) as string[] };
      return [{ chunk: found, similarity: 1 - distance }];
    };
    // Vectors of versions that are being written or cleared away are there, too, and may be the nearest.
    for (let most = limit; ; most *= GROWTH) {
      const asked = Math.min(most, MOST_NEIGHBOURS);
      const neighbours = statement.all(toBlob(vector), whole(asked), whole(tenant));
      const hits = neighbours.flatMap(hitOf).slice(0, limit);
      if (hits.length === limit || neighbours.length < asked || asked === MOST_NEIGHBOURS) return hits;
    }
  }

  const inOneSnapshot = client.transaction((work: () => unknown) => work());
  return {
    searchByVector: (tenantId, indexId, vector, limit) =>
      inOneSnapshot(() => search(tenantId, indexId, vector, limit)) as VectorHit[],
  };
}

/** The tenant is part of the search: another tenant's vectors are not filtered out of it, they are never read. */
function prepareNearest(client: SqliteClient, indexNumber: number) {
  return client.prepare<[Uint8Array, bigint, bigint], Neighbour>(
    `select rowid as number, distance from ${vectorTableName(indexNumber)}
     where vector match ? and k = ? and tenant = ? order by distance`,
  );
}
