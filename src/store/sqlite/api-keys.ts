import { and, count, desc, eq } from "drizzle-orm";
import { AppError } from "../../errors.ts";
import type { ApiKeyStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { notFound, without } from "./row.ts";
import { apiKeys } from "./schema.ts";

export function sqliteApiKeyStore(db: SqliteDb): ApiKeyStore {
  return {
    async create(key, keyHash, limit) {
      const write = (tx: SqliteQueries) => {
        const ofTenant = eq(apiKeys.tenantId, key.tenantId);
        const all = tx.select({ all: count() }).from(apiKeys).where(ofTenant).get()?.all ?? 0;
        if (all >= limit)
          throw new AppError(
            "RESOURCE_LIMIT",
            `There may be ${limit} API keys. Revoke one that is not used.`,
          );
        tx.insert(apiKeys)
          .values({ ...key, keyHash })
          .run();
      };
      db.transaction(write, { behavior: "immediate" });
    },

    async list(tenantId) {
      const rows = db
        .select()
        .from(apiKeys)
        .where(eq(apiKeys.tenantId, tenantId))
        .orderBy(desc(apiKeys.id))
        .all();
      return rows.map((row) => without(row, "keyHash"));
    },

    async findByHash(keyHash) {
      const row = db.select().from(apiKeys).where(eq(apiKeys.keyHash, keyHash)).get();
      return row === undefined ? null : without(row, "keyHash");
    },

    async touch(keyId, now) {
      db.update(apiKeys).set({ lastUsedAt: now }).where(eq(apiKeys.id, keyId)).run();
    },

    async remove(tenantId, keyId) {
      const isKey = and(eq(apiKeys.tenantId, tenantId), eq(apiKeys.id, keyId));
      if (db.delete(apiKeys).where(isKey).run().changes === 0) throw notFound("API key");
    },
  };
}
