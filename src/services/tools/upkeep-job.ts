import type { Deps } from "../../deps.ts";
import type { TenantId } from "../../domain/ids.ts";
import { type Job, newJob } from "../../domain/job.ts";

export const TOOL_UPKEEP = "look-after-tools";

/** One for the whole installation, due when the first connection is new; jobs are queued under some tenant's name. */
export function toolUpkeepJob({ now }: Pick<Deps, "now">, tenantId: TenantId): Job {
  return newJob(now(), tenantId, TOOL_UPKEEP, "tools");
}
