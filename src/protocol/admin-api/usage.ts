import { z } from "zod";
import { USAGE_BY } from "../../domain/usage.ts";
import { moment } from "./common.ts";

/** `GET /api/admin/usage` */
export const usageQuery = z.strictObject({
  from: moment
    .optional()
    .describe("inclusive: a date, which begins at 00:00 UTC, or a date-time; 30 days ago unless given"),
  to: moment.optional().describe("exclusive; now unless given"),
  by: z.enum(USAGE_BY).default("day"),
  format: z.enum(["json", "csv"]).default("json"),
});

export const usageSchema = z.strictObject({
  items: z.array(
    z.strictObject({
      day: z.string().optional().describe("2026-11-27, in UTC; only by day"),
      provider: z.string().optional().describe("the vendor; by provider and by model"),
      id: z.string().optional().describe("of the configured model; only by provider"),
      name: z.string().optional().describe("of the configured model; only by provider"),
      model: z.string().optional().describe("only by model"),
      messages: z.number().describe("answers"),
      inputTokens: z.number(),
      outputTokens: z.number(),
      costMicros: z
        .number()
        .nullable()
        .describe("millionths of the tenant's currency; null where nothing had a price"),
      unpriced: z.number().describe("answers of a model without a price, which are not in the cost"),
      estimated: z.boolean().describe("some tokens were counted by Parley, because the provider did not say"),
    }),
  ),
});

export type UsageView = z.output<typeof usageSchema>;
export type UsageItem = UsageView["items"][number];
