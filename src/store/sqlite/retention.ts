import { eq } from "drizzle-orm";
import { KEEP_EVERYTHING } from "../../domain/retention.ts";
import type { RetentionStore } from "../store.ts";
import type { SqliteDb } from "./connection.ts";
import { retention as retentions } from "./schema.ts";

export function sqliteRetentionStore(db: SqliteDb): RetentionStore {
  return {
    async get(tenantId) {
      const { conversationDays, traceDays } = retentions;
      const isTenants = eq(retentions.tenantId, tenantId);
      const row = db.select({ conversationDays, traceDays }).from(retentions).where(isTenants).get();
      return row ?? KEEP_EVERYTHING;
    },

    async replace(tenantId, retention, now) {
      const kept = { ...retention, updatedAt: now };
      db.insert(retentions)
        .values({ tenantId, ...kept })
        .onConflictDoUpdate({ target: retentions.tenantId, set: kept })
        .run();
    },
  };
}
