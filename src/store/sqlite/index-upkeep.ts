import type { ChunkId, TenantId } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";
import type { IndexUpkeepStore, OutdatedChunk, ReanalysedChunk } from "../store.ts";
import { CHUNKS_PER_VERSION } from "./chunk-versions.ts";
import { emptyLog, type SqliteClient, type SqliteDb } from "./connection.ts";
import { isCorruption } from "./constraint.ts";
import { type ChunkTermFields, lexicalRows, termCount } from "./lexical-rows.ts";
import { emptyMessageIndex } from "./message-index.ts";
import { inSlices, othersTurn } from "./slices.ts";
import { createVectorTable, vectorTableName, vectorTables } from "./vector-tables.ts";

/** What `chunk_versions.analysis` says of terms that are to be made anew: as one tenant's, or as everybody's. */
const OF_TENANT = -1;
const OF_EVERYBODY = -2;

/** Readers come and go within milliseconds; one that stays longer is not waited for, as the log empties when Parley stops. */
const EMPTYING_ATTEMPTS = 50;

export function sqliteIndexUpkeepStore(
  db: SqliteDb,
  termsChanged: (tenantId: TenantId) => void,
): IndexUpkeepStore {
  const client = db.$client;
  const outdated = outdatedQueries(client);
  const rewriting = termRewriting(client);
  const vectors = vectorUpkeep(client);
  const lexical = lexicalUpkeep(client);

  return {
    async outdatedTenants(analysis) {
      return outdated.tenants.all({ analysis });
    },

    async outdatedCount(tenantId, analysis) {
      return outdated.count.get({ tenantId, analysis }) ?? { chunks: 0, outdated: 0 };
    },

    async outdatedChunks(tenantId, analysis, limit) {
      const chunks: OutdatedChunk[] = [];
      for (const { version, title, done } of outdated.versions.all({ tenantId, analysis, limit })) {
        const from = version * CHUNKS_PER_VERSION + done;
        const until = (version + 1) * CHUNKS_PER_VERSION;
        for (const { chunk, headingPath, content, language } of outdated.chunks.all(
          from,
          until,
          limit - chunks.length,
        )) {
          chunks.push({ chunk, title, headingPath: JSON.parse(headingPath) as string[], content, language });
        }
        if (chunks.length === limit) break;
      }
      return chunks;
    },

    async replaceTerms(tenantId, analysis, chunks) {
      let hasFinished = false;
      await inSlices(
        client,
        chunks,
        (chunk) => {
          if (rewriting.rewrite(tenantId, analysis, chunk)) hasFinished = true;
        },
        rewriting.merge,
      );
      if (hasFinished) termsChanged(tenantId);
    },

    async outdate(tenantId) {
      lexical.outdate(tenantId);
    },

    async forgetVectors(tenantId) {
      return tenantId === null ? vectors.forgetAll() : await vectors.forgetOf(tenantId);
    },

    async removeOrphans() {
      return { terms: await lexical.removeOrphans(), vectors: await vectors.removeOrphans() };
    },

    async scrub(signal) {
      await lexical.rewrite(signal);
      for (let attempt = 0; attempt < EMPTYING_ATTEMPTS && !emptyLog(client); attempt++) await othersTurn();
    },

    async checkLexical() {
      lexical.check();
    },
  };
}

type Outdated = { tenantId: TenantId; analysis: number };

function outdatedQueries(client: SqliteClient) {
  // Two ranges and not "another than", so that the index leads to them past all those that are up to date.
  const isOutdated = "(version.analysis < @analysis or version.analysis > @analysis)";
  const current = `chunk_versions as version cross join documents as document
    on document.current_version = version.version and document.chunk_count > 0`;
  const done = "case when version.reanalysed_by = @analysis then version.reanalysed_chunks else 0 end";
  return {
    tenants: client
      .prepare<[{ analysis: number }], TenantId>(
        `select id from tenants
         where exists (select 1 from ${current} where version.tenant_id = tenants.id and ${isOutdated})
         order by number`,
      )
      .pluck(),
    count: client.prepare<[Outdated], { chunks: number; outdated: number }>(
      `select coalesce(sum(document.chunk_count), 0) as chunks,
         coalesce(sum(document.chunk_count - ${done}) filter (where ${isOutdated}), 0) as outdated
       from documents as document join chunk_versions as version on version.version = document.current_version
       where document.tenant_id = @tenantId`,
    ),
    versions: client.prepare<
      [Outdated & { limit: number }],
      { version: number; title: string; done: number }
    >(
      `select version.version, document.title, ${done} as done from ${current}
       where version.tenant_id = @tenantId and ${isOutdated} limit @limit`,
    ),
    chunks: client.prepare<
      [number, number, number],
      { chunk: ChunkId; headingPath: string; content: string; language: string }
    >(
      `select id as chunk, heading_path as headingPath, content, language from document_chunks
       where number >= ? and number < ? order by number limit ?`,
    ),
  };
}

type FormerRow = ChunkTermFields & {
  number: number;
  version: number;
  ordinal: number;
  language: string;
  tenantNumber: number;
};

function termRewriting(client: SqliteClient) {
  const lexical = lexicalRows(client);
  const former = client.prepare<[string, string], FormerRow>(
    `select chunk.number, chunk.version, chunk.ordinal, chunk.language, chunk.title_terms as titleTerms,
       chunk.heading_terms as headingTerms, chunk.content_terms as contentTerms, tenants.number as tenantNumber
     from document_chunks as chunk join tenants on tenants.id = chunk.tenant_id
     where chunk.id = ? and chunk.tenant_id = ?`,
  );
  const setTerms = client.prepare<[ChunkTermFields & { number: number; language: string }]>(
    `update document_chunks set language = @language, title_terms = @titleTerms, heading_terms = @headingTerms,
       content_terms = @contentTerms where number = @number`,
  );
  const addTermCount = client.prepare<[number, number]>(
    "update documents set term_count = term_count + ? where current_version = ?",
  );
  const languages = client
    .prepare<[number], string>("select languages from documents where current_version = ?")
    .pluck();
  const setLanguages = client.prepare<[string, number]>(
    "update documents set languages = ? where current_version = ?",
  );
  const isLast = client
    .prepare<[number, number], number>(
      "select not exists (select 1 from document_chunks where number > ? and number < ?)",
    )
    .pluck();
  const goOn = client.prepare<[number, number, number]>(
    "update chunk_versions set reanalysed_by = ?, reanalysed_chunks = ? where version = ?",
  );
  const finish = client.prepare<[number, number]>(
    "update chunk_versions set analysis = ?, reanalysed_by = null, reanalysed_chunks = 0 where version = ?",
  );

  function moveLanguage(version: number, from: string, to: string): void {
    const text = languages.get(version);
    if (text === undefined || from === to) return;
    const counts = JSON.parse(text) as Record<string, number>;
    counts[to] = (counts[to] ?? 0) + 1;
    counts[from] = (counts[from] ?? 0) - 1;
    const kept = Object.entries(counts).filter(([, chunks]) => chunks > 0);
    setLanguages.run(JSON.stringify(Object.fromEntries(kept)), version);
  }

  return {
    merge: lexical.merge,
    /** Everything that depends on the terms, so that no commit is half of it. Whether that was the set's last chunk. */
    rewrite(tenantId: TenantId, analysis: number, { chunk, ...terms }: ReanalysedChunk): boolean {
      const row = former.get(chunk, tenantId);
      if (row === undefined) return false;
      const { number, version, ordinal } = row;
      setTerms.run({ number, ...terms });
      lexical.remove(number);
      lexical.insert(number, row.tenantNumber, terms);
      addTermCount.run(termCount(terms) - termCount(row), version);
      moveLanguage(version, row.language, terms.language);
      const isFinished = isLast.get(number, (version + 1) * CHUNKS_PER_VERSION) === 1;
      if (isFinished) finish.run(analysis, version);
      else goOn.run(analysis, ordinal + 1, version);
      return isFinished;
    },
  };
}

function lexicalUpkeep(client: SqliteClient) {
  const rows = lexicalRows(client);
  const areLeft = client
    .prepare<[{ tenantId: TenantId | null }], number>(
      `select 1 from chunk_versions as version
       join documents as document on document.current_version = version.version and document.chunk_count > 0
       where version.analysis = ${OF_EVERYBODY} and @tenantId is null
         or version.analysis < 0 and version.tenant_id = @tenantId limit 1`,
    )
    .pluck();
  const mark = client.prepare<[{ tenantId: TenantId | null }]>(
    `update chunk_versions set analysis = iif(@tenantId is null, ${OF_EVERYBODY}, ${OF_TENANT}),
       reanalysed_by = null, reanalysed_chunks = 0
     where @tenantId is null or tenant_id = @tenantId`,
  );
  const empty = client.prepare("insert into chunks_fts (chunks_fts) values ('delete-all')");
  const orphans = client
    .prepare<[], number>(
      `select row.id from chunks_fts_docsize as row
       where not exists (select 1 from document_chunks as chunk where chunk.number = row.id)`,
    )
    .pluck();
  const missing = client
    .prepare<[], number>(
      `select count(*) from document_chunks as chunk
       where not exists (select 1 from chunks_fts_docsize as row where row.id = chunk.number)`,
    )
    .pluck();
  const integrityCheck = client.prepare("insert into chunks_fts (chunks_fts) values ('integrity-check')");
  const outdate = client.transaction((tenantId: TenantId | null) => {
    if (areLeft.get({ tenantId }) !== undefined) return;
    mark.run({ tenantId });
    // All of it, because what is damaged cannot be trusted to delete a row.
    if (tenantId !== null) return;
    empty.run();
    emptyMessageIndex(client);
  });

  return {
    outdate: (tenantId: TenantId | null) => outdate.immediate(tenantId),

    async removeOrphans(): Promise<number> {
      const found = orphans.all();
      await inSlices(client, found, rows.remove, rows.merge);
      return found.length;
    },

    async rewrite(signal: AbortSignal): Promise<void> {
      rows.beginRewrite();
      while (rows.merge()) {
        await othersTurn();
        signal.throwIfAborted();
      }
    },

    check(): void {
      try {
        integrityCheck.run();
      } catch (thrown) {
        throw isCorruption(thrown) ? unsound(thrown) : thrown;
      }
      if (missing.get() !== 0 || orphans.get() !== undefined) throw unsound(null);
    },
  };
}

function unsound(cause: unknown): AppError {
  return new AppError(
    "DB_CORRUPT",
    "The lexical index is not what the passages say. Stop Parley and run: parley index rebuild",
    { cause },
  );
}

function vectorUpkeep(client: SqliteClient) {
  const tables = vectorTables(client);
  const indexes = client.prepare<[], { number: number; dimension: number }>(
    "select number, dimension from embedding_indexes where state <> 'removing'",
  );
  /** sqlite-vec's own table of row ids, because reading them from the vectors' table reads the vectors. */
  const rowsWhere = (number: number, condition: string, ...values: string[]) =>
    client
      .prepare<string[], number>(
        `select vector.rowid from ${vectorTableName(number)}_rowids as vector where ${condition}`,
      )
      .pluck()
      .all(...values);

  async function removeWhere(condition: string, ...values: string[]): Promise<number> {
    let removed = 0;
    for (const { number } of indexes.all()) {
      const rows = rowsWhere(number, condition, ...values);
      await inSlices(client, rows, (row) => tables.of(number).removeUnnoticed(row));
      removed += rows.length;
    }
    return removed;
  }

  /** New tables, which also takes care of one that is damaged. */
  const forgetAll = client.transaction(() => {
    let forgotten = 0;
    for (const { number, dimension } of indexes.all()) {
      forgotten += rowsWhere(number, "true").length;
      client.exec(`drop table ${vectorTableName(number)}`);
      createVectorTable(client, number, dimension);
    }
    return forgotten;
  });

  return {
    forgetAll: () => forgetAll.immediate(),
    forgetOf: (tenantId: TenantId) =>
      removeWhere("vector.rowid in (select number from document_chunks where tenant_id = ?)", tenantId),
    removeOrphans: () =>
      removeWhere("not exists (select 1 from document_chunks as chunk where chunk.number = vector.rowid)"),
  };
}
