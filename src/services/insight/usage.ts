/** What answers took of language models, as a list and as a table to open elsewhere. */
import type { Deps } from "../../deps.ts";
import type { TenantId } from "../../domain/ids.ts";
import type { Period, UsageBy, UsageSum } from "../../domain/usage.ts";
import { AppError } from "../../errors.ts";
import { textCell } from "../../rag/csv.ts";

const DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

/** @throws AppError VALIDATION for a period that ends before it begins */
export async function readUsage(
  { store, now }: Pick<Deps, "store" | "now">,
  tenantId: TenantId,
  by: UsageBy,
  asked: { [Key in keyof Period]: Period[Key] | undefined },
): Promise<UsageSum[]> {
  // What ends now is in it.
  const to = asked.to ?? now() + 1;
  const from = asked.from ?? to - DAYS * DAY_MS;
  if (from <= to) return store.usage.sums(tenantId, by, { from, to });
  const sentence = "The period ends before it begins.";
  throw new AppError("VALIDATION", sentence, { details: { fields: { to: sentence } } });
}

const COLUMNS = [
  ...(["day", "provider", "id", "name", "model", "messages", "inputTokens", "outputTokens"] as const),
  ...(["costMicros", "unpriced", "estimated"] as const),
];
/** By this Excel knows that what follows is UTF-8. */
const BYTE_ORDER_MARK = "\ufeff";

export function usageAsCsv(sums: readonly UsageSum[]): string {
  const rows = sums.map((sum) => COLUMNS.map((column) => cell(sum[column])).join(","));
  return `${BYTE_ORDER_MARK}${[COLUMNS.join(","), ...rows].join("\r\n")}\r\n`;
}

function cell(value: string | number | boolean | null | undefined): string {
  return typeof value === "string" ? textCell(value) : String(value ?? "");
}
