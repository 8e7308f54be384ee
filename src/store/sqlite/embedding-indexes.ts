import {
  type EmbeddingIndex,
  type EmbeddingIndexState,
  type EmbeddingModel,
  type EmbeddingScale,
  isLocal,
} from "../../domain/embedding.ts";
import type { EmbeddingIndexId, TenantId } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";
import type { EmbeddingIndexStore, SampledChunk, UnembeddedChunk } from "../store.ts";
import type { SqliteDb } from "./connection.ts";
import { insertJob, insertUnlessQueued } from "./jobs.ts";
import { notFound } from "./row.ts";
import { documentIsShown } from "./shown.ts";
import { inSlices } from "./slices.ts";
import { vectorSearch } from "./vector-search.ts";
import { createVectorTable, vectorTableName, vectorTables } from "./vector-tables.ts";

type IndexRow = {
  number: number;
  id: EmbeddingIndexId;
  source: EmbeddingModel["source"];
  name: string;
  baseUrl: string | null;
  apiKey: string | null;
  queryPrefix: string;
  passagePrefix: string;
  dimension: number;
  state: EmbeddingIndexState | "removing";
  related: number;
  unrelated: number;
  background: number;
  deviation: number;
  calibratedOn: number | null;
  createdAt: number;
  activatedAt: number | null;
};

const COLUMNS = `number, id, source, name, base_url as baseUrl, api_key as apiKey, query_prefix as queryPrefix,
  passage_prefix as passagePrefix, dimension, state, related, unrelated, background, deviation, calibrated_on as calibratedOn,
  created_at as createdAt, activated_at as activatedAt`;

/** Chunks looked through in one go for those without a vector: a few ms. */
const WINDOW_CHUNKS = 2048;

/** @param vectorsChanged told after each write of vectors and whenever another index is in use */
export function sqliteEmbeddingIndexStore(db: SqliteDb, vectorsChanged: () => void): EmbeddingIndexStore {
  const client = db.$client;
  const search = vectorSearch(client);
  const tables = vectorTables(client);
  const all = client.prepare<[], IndexRow>(
    `select ${COLUMNS} from embedding_indexes where state <> 'removing' order by number`,
  );
  const active = client.prepare<[], IndexRow>(
    `select ${COLUMNS} from embedding_indexes where state = 'active'`,
  );
  const byId = client.prepare<[string], IndexRow>(
    `select ${COLUMNS} from embedding_indexes where id = ? and state <> 'removing'`,
  );
  const same = client
    .prepare<[Omit<IndexRow, "number">], EmbeddingIndexId>(
      `select id from embedding_indexes where source = @source and name = @name and base_url is @baseUrl
         and query_prefix = @queryPrefix and passage_prefix = @passagePrefix and dimension = @dimension
         and state <> 'removing'`,
    )
    .pluck();
  const insert = client.prepare(`
    insert into embedding_indexes (id, source, name, base_url, api_key, query_prefix, passage_prefix, dimension,
      state, related, unrelated, background, deviation, calibrated_on, created_at, activated_at)
    values (@id, @source, @name, @baseUrl, @apiKey, @queryPrefix, @passagePrefix, @dimension,
      @state, @related, @unrelated, @background, @deviation, @calibratedOn, @createdAt, @activatedAt)`);
  const setState = client.prepare<[string, string]>("update embedding_indexes set state = ? where id = ?");
  const setKey = client.prepare<[string | null, string]>(
    "update embedding_indexes set api_key = ? where id = ? and source <> 'local'",
  );
  const setScale = client.prepare<[EmbeddingScale & { calibratedOn: number; id: string }]>(
    `update embedding_indexes set related = @related, unrelated = @unrelated, background = @background,
       deviation = @deviation, calibrated_on = @calibratedOn where id = @id`,
  );
  const retireActive = client.prepare(
    "update embedding_indexes set state = 'retired' where state = 'active'",
  );
  const makeActive = client.prepare<[number, string]>(
    "update embedding_indexes set state = 'active', activated_at = ? where id = ?",
  );
  const removing = client
    .prepare<[], number>("select number from embedding_indexes where state = 'removing'")
    .pluck();
  const removeRow = client.prepare<[number]>("delete from embedding_indexes where number = ?");
  const currentChunks = client
    .prepare<[], number>(
      "select coalesce(sum(chunk_count), 0) from knowledge_sources where deleted_at is null",
    )
    .pluck();
  const windowStart = client
    .prepare<[number, number], number | null>(
      "select min(number) from (select number from document_chunks where number < ? order by number desc limit ?)",
    )
    .pluck();
  const numbers = client.prepare<[], number>("select number from document_chunks").pluck();
  const currentAt = client.prepare<[number], SampledRow>(`
    select chunk.tenant_id as tenantId, chunk.content, chunk.heading_path as headingPath,
      document.id as document, document.title
    from document_chunks as chunk
    join documents as document on document.current_version = chunk.version and ${documentIsShown("document")}
    where chunk.number = ?`);
  const allChunks = client.prepare<[], number>("select count(*) from document_chunks").pluck();
  const place = client.prepare<[string], { number: number; tenantNumber: number }>(`
    select chunk.number, tenants.number as tenantNumber
    from document_chunks as chunk join tenants on tenants.id = chunk.tenant_id where chunk.id = ?`);

  function get(indexId: EmbeddingIndexId): IndexRow {
    const row = byId.get(indexId);
    if (row === undefined) throw notFound("embedding index");
    return row;
  }

  /** sqlite-vec's own table of row ids, because counting in the vectors' table reads them all. */
  function countVectors(number: number): number {
    return (
      client
        .prepare<[], number>(`select count(*) from ${vectorTableName(number)}_rowids`)
        .pluck()
        .get() ?? 0
    );
  }

  function lacking(number: number, before: number, from: number, limit: number): LackingRow[] {
    return client
      .prepare<[number, number, number], LackingRow>(
        `select chunk.number, chunk.id, chunk.tenant_id as tenantId, chunk.content, chunk.heading_path as headingPath,
           document.title
         from document_chunks as chunk
         join documents as document on document.current_version = chunk.version and ${documentIsShown("document")}
         where chunk.number < ? and chunk.number >= ?
           and not exists (select 1 from ${vectorTableName(number)}_rowids as vector where vector.rowid = chunk.number)
         order by chunk.number desc limit ?`,
      )
      .all(before, from, limit);
  }

  /** Small steps first, because dropping a large table takes as long as clearing it. */
  async function clearAway(number: number): Promise<void> {
    const rows = client
      .prepare<[], number>(`select rowid from ${vectorTableName(number)}_rowids`)
      .pluck()
      .all();
    await inSlices(client, rows, (row) => tables.of(number).removeUnnoticed(row));
    const drop = client.transaction(() => {
      client.exec(`drop table ${vectorTableName(number)}`);
      removeRow.run(number);
    });
    drop.immediate();
  }

  return {
    async list() {
      return all.all().map(toIndex);
    },

    async get(indexId) {
      return toIndex(get(indexId));
    },

    async findActive() {
      const row = active.get();
      return row === undefined ? null : toIndex(row);
    },

    async create(index, filling) {
      const row = toRow(index);
      const write = client.transaction(() => {
        const known = same.get(row);
        if (known !== undefined) return known;
        const { lastInsertRowid } = insert.run(row);
        createVectorTable(client, Number(lastInsertRowid), index.dimension);
        if (filling) insertJob(db, filling);
        return null;
      });
      return write.immediate();
    },

    async replaceKey(indexId, apiKey) {
      const { id } = get(indexId);
      setKey.run(apiKey, id);
    },

    async coverage(indexId) {
      const { number } = get(indexId);
      const chunks = currentChunks.get() ?? 0;
      return { chunks, embedded: Math.min(chunks, countVectors(number)) };
    },

    async chunksWithoutVector(indexId, after, limit) {
      const { number } = get(indexId);
      const before = after === null ? Number.MAX_SAFE_INTEGER : Number(after);
      const from = windowStart.get(before, WINDOW_CHUNKS) ?? null;
      if (from === null) return { items: [], next: null };
      const rows = lacking(number, before, from, limit);
      const items = rows.map(toUnembedded);
      if (rows.length === limit) return { items, next: String(rows.at(-1)?.number) };
      // What was added last usually is all that lacks a vector, and then nothing else needs to be looked at.
      const isMore = (allChunks.get() ?? 0) - countVectors(number) > rows.length;
      return { items, next: isMore ? String(from) : null };
    },

    async sampleChunks(most) {
      const all = numbers.all().sort((left, right) => left - right);
      const step = Math.max(1, all.length / most);
      const picked = Array.from(
        { length: Math.min(most, all.length) },
        (_, place) => all[Math.floor(place * step)],
      );
      return picked.flatMap((number) => currentAt.all(number as number).map(toSampled));
    },

    async calibrate(indexId, scale, calibratedOn) {
      const { id } = get(indexId);
      setScale.run({ ...scale, calibratedOn, id });
    },

    async write(indexId, vectors) {
      for (const { vector } of vectors) requireDimension(get(indexId).dimension, vector);
      let written = 0;
      const writeOne = ({ chunk, vector }: { chunk: string; vector: Float32Array }) => {
        const row = byId.get(indexId);
        const at = place.get(chunk);
        // Either may have been deleted while the vector was made.
        if (row === undefined || at === undefined) return;
        tables.of(row.number).replace(at.number, at.tenantNumber, vector);
        written++;
      };
      // After each slice, so that nobody who follows falls far behind.
      await inSlices(client, vectors, writeOne, () => {
        vectorsChanged();
        return false;
      });
      return written;
    },

    async markReady(indexId) {
      if (get(indexId).state === "building") setState.run("ready", indexId);
      vectorsChanged();
    },

    async activate(indexId, now, filling) {
      const change = client.transaction(() => {
        const { state } = get(indexId);
        if (state === "building") {
          throw new AppError("CONFLICT", "This index is still being built. Wait until it is ready.");
        }
        if (filling) insertUnlessQueued(db, filling);
        if (state === "active") return;
        retireActive.run();
        makeActive.run(now, indexId);
      });
      change.immediate();
      vectorsChanged();
    },

    async retire(indexId) {
      if (get(indexId).state === "active") setState.run("retired", indexId);
      vectorsChanged();
    },

    async remove(indexId) {
      const { number, state } = get(indexId);
      if (state === "active") {
        throw new AppError(
          "CONFLICT",
          "This index is in use. Make another one active or switch it off, then remove it.",
        );
      }
      setState.run("removing", indexId);
      vectorsChanged();
      await clearAway(number);
    },

    async sweep() {
      for (const number of removing.all()) await clearAway(number);
    },

    async searchByVector(tenantId, indexId, vector, limit) {
      requireDimension(get(indexId).dimension, vector);
      return search.searchByVector(tenantId, indexId, vector, limit);
    },
  };
}

type SampledRow = Omit<SampledChunk, "headingPath"> & { headingPath: string };

function toSampled({ tenantId, document, title, headingPath, content }: SampledRow): SampledChunk {
  return { tenantId, document, title, headingPath: JSON.parse(headingPath) as string[], content };
}

type LackingRow = {
  number: number;
  id: UnembeddedChunk["chunk"];
  tenantId: TenantId;
  content: string;
  headingPath: string;
  title: string;
};

function toUnembedded({ id, tenantId, content, headingPath, title }: LackingRow): UnembeddedChunk {
  return { chunk: id, tenantId, title, headingPath: JSON.parse(headingPath) as string[], content };
}

/** The database would refuse it as well, with a message for nobody. */
export function requireDimension(dimension: number, vector: Float32Array): void {
  if (vector.length === dimension) return;
  throw new AppError(
    "VALIDATION",
    `This index compares vectors of ${dimension} numbers, and one of ${vector.length} was given. Build an index of its own for another model.`,
  );
}

function toRow(index: EmbeddingIndex): Omit<IndexRow, "number"> {
  const { id, model, dimension, state, scale, calibratedOn, createdAt, activatedAt } = index;
  const common = { id, dimension, state, ...scale, calibratedOn, createdAt, activatedAt };
  if (isLocal(model)) {
    return { ...common, ...model, baseUrl: null, apiKey: null, queryPrefix: "", passagePrefix: "" };
  }
  return { ...common, ...model };
}

function toIndex(row: IndexRow): EmbeddingIndex {
  const { id, dimension, related, unrelated, background, deviation } = row;
  const { calibratedOn, createdAt, activatedAt } = row;
  const state = row.state as EmbeddingIndexState;
  return {
    ...{ id, dimension, state, calibratedOn, createdAt, activatedAt },
    model: toModel(row),
    scale: { related, unrelated, background, deviation },
  };
}

function toModel(row: IndexRow): EmbeddingModel {
  const { source, name, baseUrl, apiKey, queryPrefix, passagePrefix } = row;
  // One that this version does not know is handed on as it is, for whoever would open it to refuse.
  if (baseUrl === null) return { source: source as "local", name };
  return { source, name, baseUrl, apiKey, queryPrefix, passagePrefix };
}
