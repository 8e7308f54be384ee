import { asc, eq, sql } from "drizzle-orm";
import type { TenantId, UserId } from "../../domain/ids.ts";
import type { LlmConfig } from "../../domain/llm.ts";
import type { Tenant, WidgetConfig } from "../../domain/tenant.ts";
import { AppError } from "../../errors.ts";
import type { TenantStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { isUniqueViolation } from "./constraint.ts";
import { toLlmRow } from "./llm-configs.ts";
import { required, without } from "./row.ts";
import { llmConfigs, memberships, tenants, widgetConfigs } from "./schema.ts";

type TenantRow = typeof tenants.$inferSelect;

export function sqliteTenantStore(db: SqliteDb): TenantStore {
  // Kept, because every turn asks for it: building the query takes longer than running it.
  const byId = db
    .select()
    .from(tenants)
    .where(eq(tenants.id, sql.placeholder("tenantId")))
    .prepare();

  return {
    async create(tenant, owner, widget, llm) {
      const write = (tx: SqliteQueries) => insertTenant(tx, tenant, owner, widget, llm);
      sayingWhatIsTaken(() => db.transaction(write, { behavior: "immediate" }));
    },

    async get(tenantId) {
      return toTenant(required(byId.get({ tenantId }), "tenant"));
    },

    async findByEmbedKey(embedKey) {
      const row = db.select().from(tenants).where(eq(tenants.embedKey, embedKey)).get();
      return row ? toTenant(row) : null;
    },

    async list() {
      return db
        .select()
        .from(tenants)
        .orderBy(asc(tenants.createdAt), asc(tenants.number))
        .all()
        .map(toTenant);
    },

    async update(tenantId, changes) {
      if (Object.keys(changes).length > 0) {
        sayingWhatIsTaken(() => db.update(tenants).set(changes).where(eq(tenants.id, tenantId)).run());
      }
      return toTenant(required(byId.get({ tenantId }), "tenant"));
    },
  };
}

/** The tenant with everything that exists once per tenant. To be called inside a transaction. */
export function insertTenant(
  tx: SqliteQueries,
  tenant: Tenant,
  owner: UserId,
  widget: WidgetConfig,
  llm: LlmConfig,
): void {
  tx.insert(tenants).values(tenant).run();
  tx.insert(memberships)
    .values({ userId: owner, tenantId: tenant.id, role: "owner", createdAt: tenant.createdAt })
    .run();
  tx.insert(widgetConfigs)
    .values({ ...widget, tenantId: tenant.id, updatedAt: tenant.createdAt })
    .run();
  tx.insert(llmConfigs).values(toLlmRow(tenant.id, llm)).run();
}

/** The tenant's short stand-in in the search index. @throws NOT_FOUND */
export function tenantNumber(db: SqliteQueries, tenantId: TenantId): number {
  const row = db.select({ number: tenants.number }).from(tenants).where(eq(tenants.id, tenantId)).get();
  return required(row, "tenant").number;
}

function toTenant(row: TenantRow): Tenant {
  return without(row, "number", "lastJobTurn", "knowledgeGeneration");
}

function sayingWhatIsTaken(write: () => unknown): void {
  try {
    write();
  } catch (thrown) {
    if (!isUniqueViolation(thrown)) throw thrown;
    throw new AppError("CONFLICT", "Another tenant has that short name or embed key. Choose another.", {
      cause: thrown,
    });
  }
}
