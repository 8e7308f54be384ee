import { eq } from "drizzle-orm";
import type { WidgetStore } from "../store.ts";
import type { SqliteDb } from "./connection.ts";
import { notFound, required, without } from "./row.ts";
import { widgetConfigs } from "./schema.ts";

export function sqliteWidgetStore(db: SqliteDb): WidgetStore {
  return {
    async get(tenantId) {
      const row = db.select().from(widgetConfigs).where(eq(widgetConfigs.tenantId, tenantId)).get();
      return without(required(row, "widget"), "tenantId", "updatedAt");
    },

    async replace(tenantId, widget, now) {
      const { changes } = db
        .update(widgetConfigs)
        .set({ ...widget, updatedAt: now })
        .where(eq(widgetConfigs.tenantId, tenantId))
        .run();
      if (changes === 0) throw notFound("widget");
    },

    async logoFiles() {
      const rows = db.select({ logoFile: widgetConfigs.logoFile }).from(widgetConfigs).all();
      return rows.flatMap(({ logoFile }) => logoFile ?? []);
    },

    async allAllowedDomains() {
      const rows = db.select({ domains: widgetConfigs.allowedDomains }).from(widgetConfigs).all();
      return [...new Set(rows.flatMap(({ domains }) => domains))];
    },
  };
}
