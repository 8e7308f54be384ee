/** A database of Parley with a chunk for every vector, written past the store, which would take minutes. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { type EmbeddingIndexId, newId, type TenantId } from "../../src/domain/ids.ts";
import { embeddedMigrations } from "../../src/native/embedded.ts";
import { CHUNKS_PER_VERSION } from "../../src/store/sqlite/chunk-versions.ts";
import type { SqliteClient } from "../../src/store/sqlite/connection.ts";
import { openMigrated } from "../../src/store/sqlite/migrate.ts";
import { createVectorTable, vectorTables } from "../../src/store/sqlite/vector-tables.ts";
import type { ClusteredVectors } from "./clustered-vectors.ts";

/** Each source has so many chunks; the last one may have fewer. */
const CHUNKS_PER_SOURCE = 1_000;
const BATCH_ROWS = 5_000;
/** About what a passage of 120 words takes. */
const CONTENT = "Parental leave is 26 weeks for each parent of a child. ".repeat(12);
const NOW = Date.UTC(2026, 8, 1);

export type VectorDatabase = {
  client: SqliteClient;
  path: string;
  tenantId: TenantId;
  indexId: EmbeddingIndexId;
  /** Time and bytes of the vectors alone. */
  buildMs: number;
  fileBytes: number;
  /** Writes one more chunk with its vector in one commit, as the only one of its source. */
  add(row: number, vector: Float32Array): void;
};

/** Rows count from 1, as in every engine of the benchmark. */
export function vectorDatabase(folder: string, vec0: string, set: ClusteredVectors): VectorDatabase {
  const path = join(folder, "parley.db");
  const backupsDirectory = join(folder, "backups");
  const client = openMigrated(
    { path, vec0 },
    { migrations: embeddedMigrations(), backupsDirectory, now: () => NOW },
  );
  const [tenantId, indexId] = [newId("tenant"), newId("embedding-index")];
  client
    .prepare(
      "insert into tenants (id, name, slug, embed_key, created_at) values (?, 'Bench', 'bench', 'bench', 0)",
    )
    .run(tenantId);
  client
    .prepare(
      `insert into embedding_indexes (id, source, name, dimension, state, related, unrelated, created_at)
       values (?, 'local', 'bench', ?, 'active', 0.7, 0.2, 0)`,
    )
    .run(indexId, set.dimension);
  createVectorTable(client, 1, set.dimension);

  const chunks = chunkWriter(client, tenantId);
  const count = set.vectors.length / set.dimension;
  inBatches(client, count, (row) => chunks.write(row));
  chunks.showAll();
  const before = sizeOf(client, path);
  const table = vectorTables(client).of(1);
  const startedAt = performance.now();
  inBatches(client, count, (row) => table.insert(numberOf(row), 1, vectorOf(set, row)));
  const fileBytes = sizeOf(client, path) - before;
  const add = client.transaction((row: number, vector: Float32Array) => {
    chunks.write(row);
    table.insert(numberOf(row), 1, vector);
    chunks.showAll();
  });
  return { client, path, tenantId, indexId, buildMs: performance.now() - startedAt, fileBytes, add };
}

/** The row of a chunk that was found. */
export function rowOfChunk(chunkId: string): number {
  return Number(chunkId.slice(4));
}

function chunkWriter(client: SqliteClient, tenantId: TenantId) {
  const source = client.prepare(`
    insert into knowledge_sources (tenant_id, id, kind, title, created_at, updated_at)
    values (?, ?, 'file', 'Handbook', 0, 0)`);
  const document = client.prepare(`
    insert into documents (tenant_id, id, source_id, title, filename, status, byte_size, created_at, updated_at)
    values (?, ?, ?, 'Handbook', 'handbook.md', 'ready', 0, 0, 0)`);
  const version = client.prepare(
    "insert into chunk_versions (version, tenant_id, source_id) values (?, ?, ?)",
  );
  const chunk = client.prepare(`
    insert into document_chunks (number, id, tenant_id, source_id, version, ordinal, content, heading_path, language,
      token_count, title_terms, heading_terms, content_terms)
    values (?, ?, ?, ?, ?, ?, ?, '[]', 'eng', 150, '', '', '')`);
  const show = client.prepare(`
    update documents
    set current_version = (select version from chunk_versions where chunk_versions.source_id = documents.source_id)
    where current_version is null`);
  let begun = 0;
  return {
    write(row: number) {
      const number = numberOf(row);
      const [versionNumber, ordinal] = [Math.floor(number / CHUNKS_PER_VERSION), number % CHUNKS_PER_VERSION];
      const sourceId = `src_${versionNumber}`;
      if (versionNumber > begun) {
        source.run(tenantId, sourceId);
        document.run(tenantId, `doc_${versionNumber}`, sourceId);
        version.run(versionNumber, tenantId, sourceId);
        begun = versionNumber;
      }
      chunk.run(number, `chk_${row}`, tenantId, sourceId, versionNumber, ordinal, CONTENT);
    },
    showAll: () => void show.run(),
  };
}

function numberOf(row: number): number {
  const version = 1 + Math.floor((row - 1) / CHUNKS_PER_SOURCE);
  return version * CHUNKS_PER_VERSION + ((row - 1) % CHUNKS_PER_SOURCE);
}

function vectorOf({ vectors, dimension }: ClusteredVectors, row: number): Float32Array {
  return vectors.subarray((row - 1) * dimension, row * dimension);
}

function inBatches(client: SqliteClient, count: number, write: (row: number) => void): void {
  const batch = client.transaction((from: number, to: number) => {
    for (let row = from; row <= to; row++) write(row);
  });
  for (let from = 1; from <= count; from += BATCH_ROWS) batch(from, Math.min(count, from + BATCH_ROWS - 1));
}

function sizeOf(client: SqliteClient, path: string): number {
  client.pragma("wal_checkpoint(truncate)");
  return statSync(path).size;
}
