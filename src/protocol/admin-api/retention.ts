import { z } from "zod";

/** Ten years: more is for ever. */
const days = z.number().int().min(1).max(3_650).nullable();

/** Days; null keeps for ever. */
export const retentionSchema = z.strictObject({
  conversationDays: days.describe("after the latest activity"),
  traceDays: days.describe("after the answer; gone with the conversation at the latest"),
});

export type RetentionView = z.infer<typeof retentionSchema>;
