import { createHash } from "node:crypto";
import { and, desc, eq, lt } from "drizzle-orm";
import type { AuditEntry } from "../../domain/audit.ts";
import type { AuditStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { fromCursor, toPage } from "./cursor.ts";
import { without } from "./row.ts";
import { auditLog } from "./schema.ts";

export function sqliteAuditStore(db: SqliteDb): AuditStore {
  return {
    async append(entry) {
      const write = (tx: SqliteQueries) => {
        const last = tx
          .select({ hash: auditLog.hash })
          .from(auditLog)
          .orderBy(desc(auditLog.id))
          .limit(1)
          .get();
        tx.insert(auditLog)
          .values({ ...entry, hash: chainHash(last?.hash ?? "", entry) })
          .run();
      };
      db.transaction(write, { behavior: "immediate" });
    },

    async list(tenantId, page) {
      const isBehind = page.cursor === null ? undefined : lt(auditLog.id, Number(fromCursor(page.cursor)[0]));
      const rows = db
        .select()
        .from(auditLog)
        .where(and(tenantId === null ? undefined : eq(auditLog.tenantId, tenantId), isBehind))
        .orderBy(desc(auditLog.id))
        .limit(page.limit + 1)
        .all();
      const { items, nextCursor } = toPage(rows, page.limit, (row) => [row.id, row.id]);
      return { items: items.map((row) => without(row, "hash")), nextCursor };
    },
  };
}

/** SHA-256, hex, over the hash of the entry before and this entry's fields in a fixed order. */
export function chainHash(previous: string, entry: AuditEntry): string {
  const { at, tenantId, actor, address, requestId, action, target, changes } = entry;
  const fields = JSON.stringify([at, tenantId, actor, address, requestId, action, target, changes]);
  return createHash("sha256").update(`${previous}\n${fields}`).digest("hex");
}
