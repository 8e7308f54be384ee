/** What tools did: how often, how fast, and for whom. */
import type { Deps } from "../../deps.ts";
import type { TenantId, ToolId } from "../../domain/ids.ts";
import { figuresOf, type ToolFigures } from "../../domain/tool-use.ts";
import type { RecentToolUse } from "../../store/store.ts";
import type { ToolUses } from "./tool-uses.ts";

export type StatisticsDeps = Pick<Deps, "store" | "now"> & { toolUses: Pick<ToolUses, "flush"> };

const DAY_MS = 86_400_000;
/** Of the latest calls, as many as one looks through. */
const LATEST = 50;

/** Of each tool asked for, over the last `days`. */
export async function figuresOfTools(
  { store, now, toolUses }: StatisticsDeps,
  tenantId: TenantId,
  toolIds: readonly ToolId[],
  days: number,
): Promise<ReadonlyMap<ToolId, ToolFigures>> {
  await toolUses.flush();
  return store.toolUses.figures(tenantId, toolIds, now() - (days - 1) * DAY_MS);
}

export type ToolStatistics = { figures: ToolFigures; latest: RecentToolUse[] };

/** @throws AppError NOT_FOUND */
export async function toolStatistics(
  deps: StatisticsDeps,
  tenantId: TenantId,
  toolId: ToolId,
  days: number,
): Promise<ToolStatistics> {
  await deps.store.tools.get(tenantId, toolId);
  const figures = await figuresOfTools(deps, tenantId, [toolId], days);
  const latest = await deps.store.toolUses.latest(tenantId, toolId, LATEST);
  return { figures: figures.get(toolId) ?? figuresOf([], null), latest };
}
