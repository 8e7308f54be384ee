/** What tools did, in words. */
import type { ToolFiguresView, ToolUseView } from "../../../src/protocol/admin-api/tool-statistics.ts";
import { count, duration, number } from "../../format.ts";

/** "12 ms · 48 ms", as half of the calls and 95 of 100 took at most. */
export function timesOf({ p50Ms, p95Ms }: Pick<ToolFiguresView, "p50Ms" | "p95Ms">): string {
  return p50Ms === null || p95Ms === null ? "–" : `${duration(p50Ms)} · ${duration(p95Ms)}`;
}

/** "40 by visitors, 2 by programs" */
export function usersOf({ byVisitors, byPrograms }: ToolFiguresView): string {
  const all = [
    byVisitors > 0 && `${number(byVisitors)} by visitors`,
    byPrograms > 0 && `${number(byPrograms)} by programs`,
  ];
  return all.filter(Boolean).join(", ") || "–";
}

export function callsOf({ calls, failures }: ToolFiguresView): string {
  return failures === 0 ? count(calls, "call") : `${count(calls, "call")}, ${number(failures)} failed`;
}

const NOBODY = { visitor: "A visitor", program: "A key that was revoked", person: "Somebody who is gone" };

export function callerOf({ by, name }: ToolUseView): string {
  if (name === null) return NOBODY[by];
  return by === "person" ? `${name}, trying it` : name;
}
