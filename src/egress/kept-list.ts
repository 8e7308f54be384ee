/** The operator's list as it counts now: the entries of the settings, and those kept beside them. */
import type { EgressList } from "../deps.ts";
import { AppError } from "../errors.ts";
import {
  ALLOW_ENTRY_HELP,
  type AllowEntry,
  findAllowEntry,
  formatAllowEntry,
  parseAllowEntry,
} from "./allow-list.ts";

export type OperatorList = EgressList & { entries(): readonly AllowEntry[] };

/** @param kept what an earlier start has left, as `parse` gave it */
export function createOperatorList(settings: readonly AllowEntry[], kept: readonly string[]): OperatorList {
  const fromSettings = [...new Set(settings.map(formatAllowEntry))];
  let current: readonly string[] = [];
  let entries: readonly AllowEntry[] = [];
  const list: OperatorList = {
    fromSettings,
    kept: () => current,
    entries: () => entries,
    parse(given) {
      const parsed = given.map((text) => formatAllowEntry(requireEntry(text)));
      return [...new Set(parsed)].filter((entry) => !fromSettings.includes(entry));
    },
    keep(given) {
      current = [...given];
      entries = [...settings, ...given.map(parseAllowEntry)];
    },
  };
  list.keep(kept);
  return list;
}

function requireEntry(text: string): AllowEntry {
  const entry = findAllowEntry(text.trim());
  if (entry) return entry;
  throw new AppError("VALIDATION", `“${text}” is no entry of the list; ${ALLOW_ENTRY_HELP}`, {
    details: [{ path: "allow", problem: text }],
  });
}
