import { and, eq } from "drizzle-orm";
import type { TenantId } from "../../domain/ids.ts";
import type { LlmConfig } from "../../domain/llm.ts";
import type { LlmConfigStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { required, without } from "./row.ts";
import { llmConfigs } from "./schema.ts";

type LlmRow = typeof llmConfigs.$inferSelect;

export function sqliteLlmConfigStore(db: SqliteDb): LlmConfigStore {
  return {
    async getDefault(tenantId) {
      const row = db.select().from(llmConfigs).where(isDefaultOf(tenantId)).get();
      return without(required(row, "model configuration"), "isDefault");
    },

    async replaceDefault(tenantId, settings) {
      const write = (tx: SqliteQueries) => {
        tx.delete(llmConfigs).where(isDefaultOf(tenantId)).run();
        tx.insert(llmConfigs).values(toLlmRow(tenantId, settings)).run();
      };
      db.transaction(write, { behavior: "immediate" });
    },
  };
}

/** The row of a tenant's default settings. Its key is sealed for exactly that row, by whoever gives it. */
export function toLlmRow(tenantId: TenantId, settings: LlmConfig): LlmRow {
  return { ...settings, tenantId, isDefault: true };
}

function isDefaultOf(tenantId: TenantId) {
  return and(eq(llmConfigs.tenantId, tenantId), eq(llmConfigs.isDefault, true));
}
