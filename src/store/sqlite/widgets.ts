import { eq, sql } from "drizzle-orm";
import type { WidgetStore } from "../store.ts";
import type { SqliteDb } from "./connection.ts";
import { notFound, required, without } from "./row.ts";
import { widgetConfigs } from "./schema.ts";

export function sqliteWidgetStore(db: SqliteDb): WidgetStore {
  // Kept, because every turn asks for it: building the query takes longer than running it.
  const ofTenant = db
    .select()
    .from(widgetConfigs)
    .where(eq(widgetConfigs.tenantId, sql.placeholder("tenantId")))
    .prepare();

  return {
    async get(tenantId) {
      return without(required(ofTenant.get({ tenantId }), "widget"), "tenantId", "updatedAt");
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
