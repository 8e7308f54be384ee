import {
  and,
  asc,
  count,
  desc,
  eq,
  isNotNull,
  isNull,
  ne,
  or,
  type Placeholder,
  type SQL,
  sql,
} from "drizzle-orm";
import type { LlmConfigId, TenantId } from "../../domain/ids.ts";
import { type LlmConfig, PURGE_LLM_CONFIG } from "../../domain/llm.ts";
import { AppError } from "../../errors.ts";
import type { LlmConfigStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { cancelUnbegun, insertJob, removeJobsOf } from "./jobs.ts";
import { notFound, required, without } from "./row.ts";
import { llmConfigs } from "./schema.ts";

type LlmRow = typeof llmConfigs.$inferSelect;

const THING = "model configuration";

export function sqliteLlmConfigStore(db: SqliteDb): LlmConfigStore {
  const inOneWrite = (write: (tx: SqliteQueries) => void) => db.transaction(write, { behavior: "immediate" });

  // Kept, because every turn asks for it: building the query takes longer than running it.
  const theDefault = db
    .select()
    .from(llmConfigs)
    .where(isDefaultOf(sql.placeholder("tenantId")))
    .prepare();

  return {
    async getDefault(tenantId) {
      return fromLlmRow(required(theDefault.get({ tenantId }), THING));
    },

    async replaceDefault(tenantId, settings) {
      inOneWrite((tx) => {
        tx.delete(llmConfigs).where(isDefaultOf(tenantId)).run();
        tx.insert(llmConfigs).values(toLlmRow(tenantId, settings)).run();
      });
    },

    async all(tenantId) {
      return withPrompt(listRows(db, isThere(tenantId)));
    },

    async chain(tenantId) {
      const isAsked = or(eq(llmConfigs.isDefault, true), isNotNull(llmConfigs.chainPlace));
      return withPrompt(listRows(db, and(isThere(tenantId), isAsked)));
    },

    get: async (tenantId, configId) => getConfig(db, tenantId, configId),

    async create(config, limit) {
      inOneWrite((tx) => {
        requireFreeName(tx, config);
        const there = tx.select({ count: count() }).from(llmConfigs).where(isThere(config.tenantId)).get();
        if ((there?.count ?? 0) >= limit)
          throw new AppError("RESOURCE_LIMIT", `There may be ${limit} models. Delete one first.`);
        tx.insert(llmConfigs)
          .values({ ...toLlmRow(config.tenantId, config), ...NOT_THE_DEFAULT })
          .run();
      });
    },

    async update(config) {
      inOneWrite((tx) => {
        const { tenantId, id } = config;
        const before = required(findRow(tx, isConfig(tenantId, id)), THING);
        requireFreeName(tx, config);
        const { isDefault, chainPlace, deletedAt } = before;
        const systemPrompt = isDefault ? config.systemPrompt : "";
        const row = { ...toLlmRow(tenantId, config), isDefault, chainPlace, deletedAt, systemPrompt };
        tx.update(llmConfigs).set(row).where(isConfig(tenantId, id)).run();
      });
    },

    async recordTest(tenantId, configId, updatedAt, capabilities, testedAt) {
      const isUnchanged = and(isConfig(tenantId, configId), eq(llmConfigs.updatedAt, updatedAt));
      db.update(llmConfigs).set({ capabilities, testedAt }).where(isUnchanged).run();
    },

    async replaceChain(tenantId, configIds) {
      inOneWrite((tx) => {
        tx.update(llmConfigs).set({ chainPlace: null }).where(eq(llmConfigs.tenantId, tenantId)).run();
        for (const [place, configId] of configIds.entries()) {
          requireNotDefault(tx, tenantId, configId, "It is asked first anyway. Leave it out of the order.");
          tx.update(llmConfigs)
            .set({ chainPlace: place + 1 })
            .where(isConfig(tenantId, configId))
            .run();
        }
      });
    },

    async makeDefault(tenantId, configId) {
      inOneWrite((tx) => {
        required(findRow(tx, isConfig(tenantId, configId)), THING);
        const systemPrompt = promptOf(tx, tenantId);
        tx.update(llmConfigs)
          .set({ isDefault: false, chainPlace: null, systemPrompt: "" })
          .where(isDefaultOf(tenantId))
          .run();
        tx.update(llmConfigs)
          .set({ isDefault: true, chainPlace: null, systemPrompt })
          .where(isConfig(tenantId, configId))
          .run();
      });
    },

    async remove(tenantId, configId, now, purge) {
      inOneWrite((tx) => {
        requireNotDefault(tx, tenantId, configId, "Make another one the default before you delete it.");
        tx.update(llmConfigs).set({ deletedAt: now }).where(isConfig(tenantId, configId)).run();
        insertJob(tx, purge);
      });
    },

    async restore(tenantId, configId, now) {
      inOneWrite((tx) => {
        const hidden = required(findRow(tx, isHidden(tenantId, configId)), THING);
        if (!cancelUnbegun(tx, PURGE_LLM_CONFIG, tenantId, configId, now)) throw notFound(THING);
        requireFreeName(tx, hidden);
        tx.update(llmConfigs).set({ deletedAt: null }).where(isHidden(tenantId, configId)).run();
      });
      return getConfig(db, tenantId, configId);
    },

    async purge(tenantId, configId) {
      db.delete(llmConfigs).where(isHidden(tenantId, configId)).run();
      removeJobsOf(db, [PURGE_LLM_CONFIG], tenantId, configId);
    },
  };
}

const NOT_THE_DEFAULT = { isDefault: false, systemPrompt: "" };

/** The row of a tenant's default settings. Its secrets are sealed for exactly that row, by whoever gives it. */
export function toLlmRow(tenantId: TenantId, { keyLost: _, ...settings }: LlmConfig): LlmRow {
  return { ...settings, tenantId, isDefault: true, chainPlace: null, deletedAt: null };
}

function fromLlmRow(row: LlmRow): LlmConfig {
  return without(row, "isDefault", "chainPlace", "deletedAt");
}

/** The default comes first, and its prompt is everyone's. */
function withPrompt(rows: LlmRow[]): LlmConfig[] {
  const systemPrompt = rows.find(({ isDefault }) => isDefault)?.systemPrompt ?? "";
  return rows.map((row) => ({ ...fromLlmRow(row), systemPrompt }));
}

function getConfig(db: SqliteDb, tenantId: TenantId, configId: LlmConfigId): LlmConfig {
  const row = required(findRow(db, isConfig(tenantId, configId)), THING);
  return row.isDefault ? fromLlmRow(row) : { ...fromLlmRow(row), systemPrompt: promptOf(db, tenantId) };
}

function findRow(db: Pick<SqliteQueries, "select">, which: SQL | undefined): LlmRow | undefined {
  return db.select().from(llmConfigs).where(which).get();
}

function listRows(db: Pick<SqliteQueries, "select">, which: SQL | undefined): LlmRow[] {
  const { isDefault, chainPlace, id } = llmConfigs;
  return db
    .select()
    .from(llmConfigs)
    .where(which)
    .orderBy(desc(isDefault), isNull(chainPlace), asc(chainPlace), asc(id))
    .all();
}

function promptOf(db: Pick<SqliteQueries, "select">, tenantId: TenantId): string {
  return required(findRow(db, isDefaultOf(tenantId)), THING).systemPrompt;
}

function requireNotDefault(
  tx: SqliteQueries,
  tenantId: TenantId,
  configId: LlmConfigId,
  sentence: string,
): void {
  const { isDefault, name } = required(findRow(tx, isConfig(tenantId, configId)), THING);
  if (isDefault) throw new AppError("CONFLICT", `“${name}” is the default. ${sentence}`);
}

function requireFreeName(
  tx: SqliteQueries,
  { tenantId, id, name }: Pick<LlmConfig, "tenantId" | "id" | "name">,
): void {
  const isTaken = and(isThere(tenantId), eq(llmConfigs.name, name), ne(llmConfigs.id, id));
  if (findRow(tx, isTaken) === undefined) return;
  throw new AppError("CONFLICT", `There is a model called “${name}” already. Name it otherwise.`);
}

function isDefaultOf(tenantId: TenantId | Placeholder) {
  return and(eq(llmConfigs.tenantId, tenantId), eq(llmConfigs.isDefault, true));
}

function isThere(tenantId: TenantId) {
  return and(eq(llmConfigs.tenantId, tenantId), isNull(llmConfigs.deletedAt));
}

function isConfig(tenantId: TenantId, configId: LlmConfigId) {
  return and(isThere(tenantId), eq(llmConfigs.id, configId));
}

function isHidden(tenantId: TenantId, configId: LlmConfigId) {
  return and(eq(llmConfigs.tenantId, tenantId), eq(llmConfigs.id, configId), isNotNull(llmConfigs.deletedAt));
}
