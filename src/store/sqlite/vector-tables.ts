/** The tables with the vectors: one per embedding index, all of one width, apart by tenant. */
import type { SqliteClient } from "./connection.ts";

/** sqlite-vec looks at no more candidates than this in one query. */
export const MOST_NEIGHBOURS = 4096;

export type VectorTable = {
  insert(number: number, tenantNumber: number, vector: Float32Array): void;
  remove(number: number): void;
};

/** sqlite-vec takes only whole numbers that are whole numbers in SQLite, too; better-sqlite3 sends others as reals. */
export const whole = (value: number) => BigInt(value);

export function vectorTableName(indexNumber: number): string {
  return `vectors_${whole(indexNumber)}`;
}

/** The width is part of the table, so a vector of another model cannot get into it. */
export function createVectorTable(client: SqliteClient, indexNumber: number, dimension: number): void {
  client.exec(`create virtual table ${vectorTableName(indexNumber)} using vec0(
    tenant integer partition key, vector float[${whole(dimension)}] distance_metric=cosine)`);
}

/** Statements of the tables that there are now, prepared once. */
export function vectorTables(client: SqliteClient): {
  of(indexNumber: number): VectorTable;
  all(): VectorTable[];
} {
  const prepared = new Map<number, VectorTable>();
  const numbers = client.prepare<[], number>("select number from embedding_indexes").pluck();

  function of(indexNumber: number): VectorTable {
    const known = prepared.get(indexNumber);
    if (known) return known;
    const name = vectorTableName(indexNumber);
    const insert = client.prepare(`insert into ${name} (rowid, tenant, vector) values (?, ?, ?)`);
    const remove = client.prepare(`delete from ${name} where rowid = ?`);
    const table: VectorTable = {
      insert: (number, tenantNumber, vector) =>
        void insert.run(whole(number), whole(tenantNumber), toBlob(vector)),
      remove: (number) => void remove.run(whole(number)),
    };
    prepared.set(indexNumber, table);
    return table;
  }

  return { of, all: () => numbers.all().map(of) };
}

/** As sqlite-vec has them: 32-bit floats, one after the other. */
export function toBlob({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
