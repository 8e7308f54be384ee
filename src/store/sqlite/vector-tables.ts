/** The tables with the vectors: one per embedding index, all of one width, apart by tenant. */
import type { SqliteClient } from "./connection.ts";

/** sqlite-vec looks at no more candidates than this in one query. */
export const MOST_NEIGHBOURS = 4096;

/**
 * So many rows sqlite-vec keeps together, a multiple of 8. With its own 1,024 bringing one vector walks through a
 * megabyte of overflow pages: 200 µs instead of 10. Searching all of them takes a fifth longer, which only happens
 * while there is no sketch.
 */
const rowsPerBlock = (dimension: number) => (dimension > 512 ? 8 : 16);

/** Changes that are remembered: a few seconds of a sketch's work, and under half a megabyte an index. */
const CHANGES_KEPT = 20_000;
const CHANGES_PER_CLEARING = 256;

/** Each method belongs into a transaction of its caller's, while the chunk is there. */
export type VectorTable = {
  insert(number: number, tenantNumber: number, vector: Float32Array): void;
  /** Also where there is none yet. */
  replace(number: number, tenantNumber: number, vector: Float32Array): void;
  remove(number: number): void;
  /** For an index that goes away as a whole: nobody follows its changes any more. */
  removeUnnoticed(number: number): void;
};

/** sqlite-vec takes only whole numbers that are whole numbers in SQLite, too; better-sqlite3 sends others as reals. */
export const whole = (value: number) => BigInt(value);

export function vectorTableName(indexNumber: number): string {
  return `vectors_${whole(indexNumber)}`;
}

/** The width is part of the table, so a vector of another model cannot get into it. */
export function createVectorTable(client: SqliteClient, indexNumber: number, dimension: number): void {
  client.exec(`create virtual table ${vectorTableName(indexNumber)} using vec0(
    tenant integer partition key, vector float[${whole(dimension)}] distance_metric=cosine,
    chunk_size=${rowsPerBlock(dimension)})`);
}

/** Statements of the tables that there are now, prepared once. */
export function vectorTables(client: SqliteClient): {
  of(indexNumber: number): VectorTable;
  all(): VectorTable[];
} {
  const prepared = new Map<number, VectorTable>();
  const numbers = client.prepare<[], number>("select number from embedding_indexes").pluck();
  const changed = changeLog(client);

  function of(indexNumber: number): VectorTable {
    const known = prepared.get(indexNumber);
    if (known) return known;
    const name = vectorTableName(indexNumber);
    const insertRow = client.prepare(`insert into ${name} (rowid, tenant, vector) values (?, ?, ?)`);
    const removeRow = client.prepare(`delete from ${name} where rowid = ?`);
    const put = (number: number, tenantNumber: number, vector: Float32Array) => {
      insertRow.run(whole(number), whole(tenantNumber), toBlob(vector));
      changed(indexNumber, number);
    };
    const table: VectorTable = {
      insert: put,
      replace(number, tenantNumber, vector) {
        removeRow.run(whole(number));
        put(number, tenantNumber, vector);
      },
      remove(number) {
        if (removeRow.run(whole(number)).changes > 0) changed(indexNumber, number);
      },
      removeUnnoticed: (number) => void removeRow.run(whole(number)),
    };
    prepared.set(indexNumber, table);
    return table;
  }

  return { of, all: () => numbers.all().map(of) };
}

/** Counts and remembers a change. Part of the transaction that makes it, so none is ever missed or made up. */
function changeLog(client: SqliteClient): (indexNumber: number, chunk: number) => void {
  const count = client
    .prepare<[number], number>(
      "update embedding_indexes set vector_generation = vector_generation + 1 where number = ? returning vector_generation",
    )
    .pluck();
  const remember = client.prepare<{ indexNumber: number; generation: number; chunk: number }>(`
    insert into vector_changes (index_number, generation, tenant_number, chunk)
    select @indexNumber, @generation, tenants.number, @chunk
    from document_chunks as chunk join tenants on tenants.id = chunk.tenant_id where chunk.number = @chunk`);
  const forget = client.prepare<[number, number]>(
    "delete from vector_changes where index_number = ? and generation <= ?",
  );
  return (indexNumber, chunk) => {
    const generation = count.get(indexNumber);
    if (generation === undefined) return;
    remember.run({ indexNumber, generation, chunk });
    if (generation % CHANGES_PER_CLEARING === 0) forget.run(indexNumber, generation - CHANGES_KEPT);
  };
}

/** As sqlite-vec has them: 32-bit floats, one after the other. */
export function toBlob({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** A copy, because SQLite's bytes need not begin where floats may. */
export function fromBlob(bytes: Uint8Array): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer);
}
