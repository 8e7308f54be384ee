/** What the sketches of vectors read: vectors to be loaded, what has changed since, and who may be shown. */
import type { EmbeddingIndexId, TenantId } from "../../domain/ids.ts";
import { CHUNKS_PER_VERSION } from "./chunk-versions.ts";
import type { SqliteClient } from "./connection.ts";
import { documentIsShown } from "./shown.ts";
import { fromBlob, vectorTableName } from "./vector-tables.ts";

type IndexRow = { number: number; id: EmbeddingIndexId; dimension: number; generation: number };
type ChangeRow = { generation: number; tenant: number; rowId: number };
type BlockRow = {
  place: number;
  tenant: number;
  validity: Uint8Array;
  rowIds: Uint8Array;
  vectors: Uint8Array;
};

/** Vectors read in one go: about 6 ms to sketch. */
const ROWS_AT_ONCE = 512;

/** Also what `vectors/index-sketches` calls a VectorReader. */
export function sketchRows(client: SqliteClient) {
  const indexes = client.prepare<[], IndexRow>(`
    select number, id, dimension, vector_generation as generation from embedding_indexes
    where state in ('active', 'ready') order by state = 'active' desc, number desc`);
  const changes = client.prepare<[number, number, number], ChangeRow>(`
    select generation, tenant_number as tenant, chunk as rowId from vector_changes
    where index_number = ? and generation > ? order by generation limit ?`);
  const tenantNumber = client.prepare<[string], number>("select number from tenants where id = ?").pluck();
  const visibleVersions = client
    .prepare<[string, string], number>(
      `select document.current_version
       from json_each(?) as asked cross join documents as document on document.current_version = asked.value
       where document.tenant_id = ? and ${documentIsShown("document")}`,
    )
    .pluck();
  const tables = new Map<number, ReturnType<typeof prepareTable>>();
  const tableOf = (indexNumber: number) => {
    const table = tables.get(indexNumber) ?? prepareTable(client, indexNumber);
    tables.set(indexNumber, table);
    return table;
  };
  const inOneSnapshot = client.transaction((work: () => unknown) => work());

  return {
    /** Within `work` all reads see one state of the database. */
    inSnapshot: <T>(work: () => T): T => inOneSnapshot(work) as T,
    indexes: () => indexes.all(),
    tenantNumber: (tenantId: TenantId) => tenantNumber.get(tenantId) ?? null,

    places: (indexNumber: number) => tableOf(indexNumber).places.get() ?? 0,

    load(indexNumber: number, after: number) {
      const rows: { rowId: number; tenant: number; vector: Float32Array }[] = [];
      let reached: number | null = null;
      for (const block of tableOf(indexNumber).blocks.iterate(after)) {
        rows.push(...rowsOf(block));
        reached = block.place;
        if (rows.length >= ROWS_AT_ONCE) break;
      }
      return { rows, reached };
    },

    changes(indexNumber: number, after: number, limit: number) {
      const rows = changes.all(indexNumber, after, limit);
      return rows[0]?.generation === after + 1 ? rows : null;
    },

    vectors(indexNumber: number, rowIds: readonly number[]): Map<number, Float32Array> {
      const rows = tableOf(indexNumber).vectors.all(JSON.stringify(rowIds));
      return new Map(rows.map(({ rowId, vector }) => [rowId, fromBlob(vector)]));
    },

    visible(tenantId: TenantId, rowIds: readonly number[]): number[] {
      const versionOf = (rowId: number) => Math.floor(rowId / CHUNKS_PER_VERSION);
      const asked = [...new Set(rowIds.map(versionOf))];
      const versions = new Set(visibleVersions.all(JSON.stringify(asked), tenantId));
      return rowIds.filter((rowId) => versions.has(versionOf(rowId)));
    },
  };
}

/** Blocks are read from sqlite-vec's own tables, because it has no way to go on where a scan was left. */
function prepareTable(client: SqliteClient, indexNumber: number) {
  const name = vectorTableName(indexNumber);
  return {
    places: client.prepare<[], number>(`select coalesce(sum(size), 0) from ${name}_chunks`).pluck(),
    // Its table of vectors has a column called rowid that is not SQLite's.
    blocks: client.prepare<[number], BlockRow>(`
      select block.chunk_id as place, block.partition00 as tenant, block.validity, block.rowids as rowIds,
        stored.vectors
      from ${name}_chunks as block join ${name}_vector_chunks00 as stored on stored._rowid_ = block.chunk_id
      where block.chunk_id > ? order by block.chunk_id`),
    // One statement for many rows: half the time of one for each.
    vectors: client.prepare<[string], { rowId: number; vector: Uint8Array }>(`
      select asked.value as rowId, stored.vector
      from json_each(?) as asked cross join ${name} as stored on stored.rowid = asked.value`),
  };
}

function rowsOf({ tenant, validity, rowIds, vectors }: BlockRow) {
  const ids = new BigInt64Array(new Uint8Array(rowIds).buffer);
  const numbers = fromBlob(vectors);
  const dimension = numbers.length / ids.length;
  return Array.from(ids.keys())
    .filter((place) => ((validity[place >> 3] ?? 0) >> (place & 7)) & 1)
    .map((place) => ({
      rowId: Number(ids[place]),
      tenant,
      vector: numbers.subarray(place * dimension, (place + 1) * dimension),
    }));
}
