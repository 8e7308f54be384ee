import type { UsageItem } from "../../src/protocol/admin-api/usage.ts";
import { address, getJson } from "./client.ts";

const USAGE = "/api/admin/usage";

export type UsageBy = "day" | "provider" | "model";

/** Of the days from `from` on. */
export const getUsage = (by: UsageBy, from: string, signal: AbortSignal) =>
  getJson<{ items: UsageItem[] }>(`${USAGE}?by=${by}&from=${from}`, { signal });
export const usageCsv = (by: UsageBy, from: string) => address(`${USAGE}?by=${by}&from=${from}&format=csv`);
