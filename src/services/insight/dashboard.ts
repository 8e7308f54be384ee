import type { Deps } from "../../deps.ts";
import type { TenantId } from "../../domain/ids.ts";
import type { LlmConfig } from "../../domain/llm.ts";
import type { ConversationStatistics, SourceCounts } from "../../store/store.ts";

export type DashboardFacts = {
  sources: SourceCounts;
  origins: string[];
  model: Pick<LlmConfig, "provider" | "model">;
  week: ConversationStatistics;
  /** Questions of each of the last seven days, oldest first. */
  questionsByDay: number[];
};

const DAY_MS = 24 * 3_600_000;
const DAYS = 7;
const ORIGINS_SHOWN = 5;

/** What Home shows: whether the first steps are done, and how the last seven days went. */
export async function readDashboard(
  deps: Pick<Deps, "store" | "now">,
  tenantId: TenantId,
): Promise<DashboardFacts> {
  const now = deps.now();
  const [sources, origins, { provider, model }, week] = await Promise.all([
    deps.store.sources.counts(tenantId),
    deps.store.chatSessions.recentOrigins(tenantId, ORIGINS_SHOWN),
    deps.store.llmConfigs.getDefault(tenantId),
    deps.store.conversations.statistics(tenantId, now - DAYS * DAY_MS),
  ]);
  return {
    sources,
    origins,
    model: { provider, model },
    week,
    questionsByDay: countByDay(week.questionTimes, now),
  };
}

/** Counts times in each of the last seven periods of 24 h up to `now`, oldest first. */
export function countByDay(times: readonly number[], now: number): number[] {
  const counts = Array.from({ length: DAYS }, () => 0);
  for (const time of times) {
    const day = DAYS - 1 - Math.floor((now - time) / DAY_MS);
    if (day >= 0 && day < DAYS) counts[day] = (counts[day] ?? 0) + 1;
  }
  return counts;
}
