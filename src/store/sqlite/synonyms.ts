import { and, count, desc, eq, isNotNull, isNull, type Placeholder, sql } from "drizzle-orm";
import type { SynonymId, TenantId, UnixMs } from "../../domain/ids.ts";
import { PURGE_SYNONYM, ruleKey, type Synonym } from "../../domain/synonym.ts";
import { AppError } from "../../errors.ts";
import type { SynonymStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { fromCursor, toPage } from "./cursor.ts";
import { cancelUnbegun, insertJob, removeJobsOf } from "./jobs.ts";
import { notFound, required } from "./row.ts";
import { synonyms } from "./schema.ts";

export function sqliteSynonymStore(db: SqliteDb): SynonymStore {
  // Kept, because every turn asks for it: building the query takes longer than running it.
  const all = db
    .select()
    .from(synonyms)
    .where(ofTenant(sql.placeholder("tenantId")))
    .orderBy(synonyms.id)
    .prepare();

  return {
    async save(tenantId, rules, limit) {
      const writeAll = (tx: SqliteQueries) => {
        requireOnce(tx, tenantId, rules);
        for (const rule of rules) upsert(tx, rule);
        requireAtMost(tx, tenantId, limit);
      };
      db.transaction(writeAll, { behavior: "immediate" });
    },

    async get(tenantId, synonymId) {
      return getSynonym(db, tenantId, synonymId);
    },

    async list(tenantId, { wordContains }, page) {
      const words = sql`${synonyms.asked} || ' ' || ${synonyms.written}`;
      const isFound = wordContains ? sql`instr(folded(${words}), folded(${wordContains})) > 0` : undefined;
      const isBehind = page.cursor === null ? undefined : sql`${synonyms.id} < ${fromCursor(page.cursor)[1]}`;
      const rows = db
        .select()
        .from(synonyms)
        .where(and(ofTenant(tenantId), isFound, isBehind))
        .orderBy(desc(synonyms.id))
        .limit(page.limit + 1)
        .all();
      return toPage(rows, page.limit, ({ id }) => [0, id]);
    },

    async count(tenantId) {
      return countOf(db, tenantId);
    },

    async all(tenantId) {
      return all.all({ tenantId });
    },

    async remove(tenantId, synonymId, now, purge) {
      const write = (tx: SqliteQueries) => {
        const { changes } = tx
          .update(synonyms)
          .set({ deletedAt: now })
          .where(and(isSynonym(tenantId, synonymId), isNull(synonyms.deletedAt)))
          .run();
        if (changes === 0) throw notFound("synonym");
        insertJob(tx, purge);
      };
      db.transaction(write, { behavior: "immediate" });
    },

    async restore(tenantId, synonymId, now) {
      return db.transaction((tx) => restore(tx, tenantId, synonymId, now), { behavior: "immediate" });
    },

    async purge(tenantId, synonymId) {
      const write = (tx: SqliteQueries) => {
        tx.delete(synonyms).where(isHidden(tenantId, synonymId)).run();
        removeJobsOf(tx, [PURGE_SYNONYM], tenantId, synonymId);
      };
      db.transaction(write, { behavior: "immediate" });
    },
  };
}

function upsert(tx: SqliteQueries, synonym: Synonym): void {
  const { asked, written, bothWays, updatedAt } = synonym;
  tx.insert(synonyms)
    .values(synonym)
    .onConflictDoUpdate({
      target: [synonyms.tenantId, synonyms.id],
      set: { asked, written, bothWays, updatedAt },
      setWhere: isNull(synonyms.deletedAt),
    })
    .run();
}

function requireOnce(tx: SqliteQueries, tenantId: TenantId, rules: readonly Synonym[]): void {
  const replaced = new Set(rules.map(({ id }) => id));
  const others = allOf(tx, tenantId).filter(({ id }) => !replaced.has(id));
  const taken = new Set(others.map(ruleKey));
  for (const rule of rules) {
    const key = ruleKey(rule);
    if (taken.has(key))
      throw new AppError("CONFLICT", "These words are synonyms already. Change that entry instead.");
    taken.add(key);
  }
}

function requireAtMost(tx: SqliteQueries, tenantId: TenantId, limit: number): void {
  if (countOf(tx, tenantId) <= limit) return;
  throw new AppError(
    "RESOURCE_LIMIT",
    `There may be ${limit.toLocaleString("en")} synonyms, and these would be more. Delete some first.`,
  );
}

function restore(tx: SqliteQueries, tenantId: TenantId, synonymId: SynonymId, now: UnixMs): Synonym {
  const hidden = tx.select().from(synonyms).where(isHidden(tenantId, synonymId)).get();
  if (hidden === undefined || !cancelUnbegun(tx, PURGE_SYNONYM, tenantId, synonymId, now))
    throw notFound("synonym");
  requireOnce(tx, tenantId, [hidden]);
  tx.update(synonyms).set({ deletedAt: null }).where(isHidden(tenantId, synonymId)).run();
  return getSynonym(tx, tenantId, synonymId);
}

function getSynonym(db: SqliteQueries, tenantId: TenantId, synonymId: SynonymId): Synonym {
  const isVisible = and(isSynonym(tenantId, synonymId), isNull(synonyms.deletedAt));
  return required(db.select().from(synonyms).where(isVisible).get(), "synonym");
}

function allOf(db: SqliteQueries, tenantId: TenantId): Synonym[] {
  return db.select().from(synonyms).where(ofTenant(tenantId)).orderBy(synonyms.id).all();
}

function countOf(db: SqliteQueries, tenantId: TenantId): number {
  return db.select({ all: count() }).from(synonyms).where(ofTenant(tenantId)).get()?.all ?? 0;
}

function ofTenant(tenantId: TenantId | Placeholder) {
  return and(eq(synonyms.tenantId, tenantId), isNull(synonyms.deletedAt));
}

function isSynonym(tenantId: TenantId, synonymId: SynonymId) {
  return and(eq(synonyms.tenantId, tenantId), eq(synonyms.id, synonymId));
}

function isHidden(tenantId: TenantId, synonymId: SynonymId) {
  return and(isSynonym(tenantId, synonymId), isNotNull(synonyms.deletedAt));
}
