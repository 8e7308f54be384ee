import { and, eq } from "drizzle-orm";
import type { LlmConfigId, TenantId } from "../../domain/ids.ts";
import type { LlmConfig } from "../../domain/llm.ts";
import type { SecretPlace, Secrets } from "../../domain/secret.ts";
import type { LlmConfigStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { required, without } from "./row.ts";
import { llmConfigs } from "./schema.ts";
import { openKey } from "./sealed-key.ts";

type LlmRow = typeof llmConfigs.$inferSelect;

export function sqliteLlmConfigStore(db: SqliteDb, secrets: Secrets): LlmConfigStore {
  return {
    async getDefault(tenantId) {
      const row = db.select().from(llmConfigs).where(isDefaultOf(tenantId)).get();
      return toLlmConfig(secrets, required(row, "model configuration"));
    },

    async replaceDefault(tenantId, settings) {
      const row = toLlmRow(secrets, tenantId, settings);
      const write = (tx: SqliteQueries) => {
        tx.delete(llmConfigs).where(isDefaultOf(tenantId)).run();
        tx.insert(llmConfigs).values(row).run();
      };
      db.transaction(write, { behavior: "immediate" });
    },
  };
}

/** The row of a tenant's default settings, its key sealed for exactly that row. */
export function toLlmRow(secrets: Secrets, tenantId: TenantId, settings: LlmConfig): LlmRow {
  const apiKey =
    settings.apiKey === null ? null : secrets.seal(placeOf(tenantId, settings.id), settings.apiKey);
  return { ...settings, tenantId, apiKey, isDefault: true };
}

function toLlmConfig(secrets: Secrets, row: LlmRow): LlmConfig {
  const settings = without(row, "isDefault");
  return { ...settings, ...openKey(secrets, placeOf(row.tenantId, row.id), row.apiKey) };
}

function placeOf(tenantId: TenantId, rowId: LlmConfigId): SecretPlace {
  return { tenantId, table: "llm_configs", column: "api_key", rowId };
}

function isDefaultOf(tenantId: TenantId) {
  return and(eq(llmConfigs.tenantId, tenantId), eq(llmConfigs.isDefault, true));
}
