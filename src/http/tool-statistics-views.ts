import type { ToolFigures } from "../domain/tool-use.ts";
import type { ToolFiguresView, ToolStatisticsView } from "../protocol/admin-api/tool-statistics.ts";
import type { ToolStatistics } from "../services/tools/statistics.ts";
import { toIso } from "./views.ts";

export function figuresView({ lastUsedAt, ...figures }: ToolFigures): ToolFiguresView {
  return { ...figures, lastUsedAt: lastUsedAt === null ? null : toIso(lastUsedAt) };
}

export function toolStatisticsView({ figures, latest }: ToolStatistics, days: number): ToolStatisticsView {
  return {
    ...figuresView(figures),
    days,
    latest: latest.map(({ at, ms, error, by, name, conversationId, messageId }) => ({
      ...{ at: toIso(at), ms, outcome: error === null ? "done" : "failed", error, by, name },
      ...{ conversation: conversationId, message: messageId },
    })),
  };
}
