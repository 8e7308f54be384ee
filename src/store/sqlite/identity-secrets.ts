import { and, desc, eq, isNull, lte } from "drizzle-orm";
import type { IdentitySecretStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { identitySecrets } from "./schema.ts";

export function sqliteIdentitySecretStore(db: SqliteDb): IdentitySecretStore {
  return {
    async list(tenantId) {
      return db
        .select()
        .from(identitySecrets)
        .where(eq(identitySecrets.tenantId, tenantId))
        .orderBy(desc(identitySecrets.id))
        .all();
    },

    async touch(tenantId, secretId, now) {
      db.update(identitySecrets)
        .set({ lastUsedAt: now })
        .where(and(eq(identitySecrets.tenantId, tenantId), eq(identitySecrets.id, secretId)))
        .run();
    },

    async replace(tenantId, next, now, previousUntil) {
      const write = (tx: SqliteQueries) => {
        const ofTenant = eq(identitySecrets.tenantId, tenantId);
        if (previousUntil === null) tx.delete(identitySecrets).where(ofTenant).run();
        else {
          tx.delete(identitySecrets)
            .where(and(ofTenant, lte(identitySecrets.validUntil, now)))
            .run();
          tx.update(identitySecrets)
            .set({ validUntil: previousUntil })
            .where(and(ofTenant, isNull(identitySecrets.validUntil)))
            .run();
        }
        if (next !== null)
          tx.insert(identitySecrets)
            .values({ ...next, secret: next.secret ?? "" })
            .run();
      };
      db.transaction(write, { behavior: "immediate" });
    },
  };
}
