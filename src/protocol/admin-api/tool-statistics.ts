import { z } from "zod";
import { TOOL_FIGURES_DAYS, TOOL_USERS } from "../../domain/tool-use.ts";
import { isoTime } from "./common.ts";

/** Of visitors and programs. Times of all calls, failed ones too, to a thirty-second part. */
export const toolFiguresSchema = z.strictObject({
  calls: z.number(),
  failures: z.number(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  byVisitors: z.number(),
  byPrograms: z.number(),
  /** By persons in the backoffice, who tried it; not among the calls. */
  trials: z.number(),
  lastUsedAt: isoTime.nullable(),
});

export const toolStatisticsQuery = z.strictObject({
  days: z.coerce.number().int().min(1).max(TOOL_FIGURES_DAYS).default(30),
});

export const toolStatisticsSchema = toolFiguresSchema.extend({
  days: z.number(),
  /** The latest first. */
  latest: z.array(
    z.strictObject({
      at: isoTime,
      ms: z.number(),
      outcome: z.enum(["done", "failed"]),
      /** Code of what went wrong. */
      error: z.string().nullable(),
      /** A visitor in a conversation, a program with an API key, or a person who tried it. */
      by: z.enum(TOOL_USERS),
      /** Of the person, the key or the verified visitor; null where it is not known, or not any more. */
      name: z.string().nullable(),
      /** Where it was called; null outside of conversations, and when that one was deleted. */
      conversation: z.string().nullable(),
      /** The answer in which it was called. */
      message: z.string().nullable(),
    }),
  ),
});

export type ToolFiguresView = z.output<typeof toolFiguresSchema>;
export type ToolStatisticsView = z.output<typeof toolStatisticsSchema>;
export type ToolUseView = ToolStatisticsView["latest"][number];
