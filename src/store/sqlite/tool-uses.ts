import { and, eq } from "drizzle-orm";
import type { TenantId, ToolId, UnixMs } from "../../domain/ids.ts";
import {
  type CountedCalls,
  durationStep,
  figuresOf,
  TOOL_FIGURES_DAYS,
  TOOL_USES_KEPT,
  type ToolUse,
  type ToolUser,
} from "../../domain/tool-use.ts";
import type { RecentToolUse, ToolUseStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { toolFigures, toolUses } from "./schema.ts";

const DAY_MS = 86_400_000;

export function sqliteToolUseStore(db: SqliteDb): ToolUseStore {
  const write = toolUseWriter(db);
  const counted = db.$client.prepare<[TenantId, ToolId, number], CountedCalls>(`
    select used_by as by, ms, sum(calls) as calls, sum(failures) as failures
    from tool_figures where tenant_id = ? and tool_id = ? and day >= ? group by used_by, ms`);
  const lastUse = db.$client
    .prepare<[TenantId, ToolId], UnixMs | null>(
      "select max(at) from tool_uses where tenant_id = ? and tool_id = ? and used_by <> 'person'",
    )
    .pluck();
  // A key may be revoked and a person gone; a deleted conversation is nobody's to read.
  const latest = db.$client.prepare<[TenantId, ToolId, number], RecentToolUse>(`
    select use.used_by as "by", use.at, use.ms, use.error, use.actor, conversation.id as conversationId,
      iif(conversation.id is null, null, use.message_id) as messageId,
      coalesce(person.name, program.name, conversation.visitor ->> 'name', conversation.visitor ->> 'email') as name
    from tool_uses use
    left join conversations conversation on conversation.tenant_id = use.tenant_id
      and conversation.id = use.conversation_id and conversation.deleted_at is null
    left join users person on person.id = use.actor
    left join api_keys program on program.tenant_id = use.tenant_id and program.id = use.actor
    where use.tenant_id = ? and use.tool_id = ? order by use.number desc limit ?`);

  return {
    async record(uses) {
      db.transaction(() => write(uses), { behavior: "immediate" });
    },

    async figures(tenantId, toolIds, since) {
      const figures = toolIds.map((toolId) => {
        const calls = counted.all(tenantId, toolId, dayOf(since));
        return [toolId, figuresOf(calls, lastUse.get(tenantId, toolId) ?? null)] as const;
      });
      return new Map(figures);
    },

    async latest(tenantId, toolId, limit) {
      return latest.all(tenantId, toolId, limit);
    },
  };
}

/** Adds uses to those that are kept, within the transaction that is open. */
export function toolUseWriter(db: SqliteDb): (uses: readonly ToolUse[]) => void {
  const client = db.$client;
  const exists = client.prepare<[TenantId, ToolId]>("select 1 from tools where tenant_id = ? and id = ?");
  const count = client.prepare<[object]>(`
    insert into tool_figures (tenant_id, tool_id, day, used_by, ms, calls, failures)
    values (@tenantId, @toolId, @day, @by, @step, 1, @failures)
    on conflict do update set calls = calls + 1, failures = failures + excluded.failures`);
  const forgetDays = client.prepare<[TenantId, ToolId, number]>(
    "delete from tool_figures where tenant_id = ? and tool_id = ? and day < ?",
  );
  const keep = client.prepare<[object]>(`
    insert into tool_uses (tenant_id, tool_id, used_by, at, ms, error, actor, conversation_id, message_id)
    values (@tenantId, @toolId, @by, @at, @ms, @error, @actor, @conversationId, @messageId)`);
  const forgetUses = client.prepare<{ tenantId: TenantId; toolId: ToolId; by: ToolUser; kept: number }>(`
    delete from tool_uses where tenant_id = @tenantId and tool_id = @toolId and used_by = @by and number <= (
      select number from tool_uses where tenant_id = @tenantId and tool_id = @toolId and used_by = @by
      order by number desc limit 1 offset @kept)`);

  return (uses) => {
    for (const use of uses) {
      const { tenantId, toolId, by, at, ms, error } = use;
      if (exists.get(tenantId, toolId) === undefined) continue;
      count.run({ ...use, day: dayOf(at), step: durationStep(ms), failures: error === null ? 0 : 1 });
      forgetDays.run(tenantId, toolId, dayOf(at) - TOOL_FIGURES_DAYS);
      keep.run(use);
      forgetUses.run({ tenantId, toolId, by, kept: TOOL_USES_KEPT });
    }
  };
}

export function removeUsesOf(tx: SqliteQueries, tenantId: TenantId, toolId: ToolId): void {
  tx.delete(toolFigures)
    .where(and(eq(toolFigures.tenantId, tenantId), eq(toolFigures.toolId, toolId)))
    .run();
  tx.delete(toolUses)
    .where(and(eq(toolUses.tenantId, tenantId), eq(toolUses.toolId, toolId)))
    .run();
}

function dayOf(at: UnixMs): number {
  return Math.floor(at / DAY_MS);
}
