/** What becomes of a call that its visitor answered: how it ends, and how that is told. */
import type { Confirmation, ConfirmationState } from "../../domain/confirmation.ts";
import { CITED_ROWS, type Message, type TurnTrace } from "../../domain/conversation.ts";
import { newId } from "../../domain/ids.ts";
import type { CatalogueTool, ToolArguments, ToolTable } from "../../domain/tool.ts";
import { type ErrorCode, NothingSent, toAppError } from "../../errors.ts";
import { knownLanguage } from "../../rag/language.ts";
import { lookupAnswer } from "../../rag/lookup/answer.ts";
import { confirmSayings } from "../../rag/lookup/confirm-sayings.ts";
import type { Tool } from "../../tools/tool.ts";
import { endedBy } from "./ended-by.ts";
import { emptyTrace, type ProgressDeps } from "./progress.ts";

/** As for all tools of a turn. */
const RUN_MS = 60_000;

export type End = {
  to: ConfirmationState;
  text: string;
  table: ToolTable | null;
  /** For the inspector. */
  result: string;
  reason: string;
  error?: ErrorCode;
  ms: number;
};

/** Runs it, once. Never throws: what went wrong is how it ended. */
export async function runConfirmed(
  deps: Pick<ProgressDeps, "log" | "monotonicNow">,
  tool: Tool & { entry: CatalogueTool },
  confirmation: Confirmation,
): Promise<End> {
  const { id, name, arguments: given, label, language } = confirmation;
  const startedAt = deps.monotonicNow();
  const ms = () => Math.round(deps.monotonicNow() - startedAt);
  try {
    const call = { id, name, arguments: JSON.stringify(withoutNulls(given)) };
    const until = AbortSignal.timeout(RUN_MS);
    const { content, table } = await endedBy(until, tool.run(call, until));
    const text = doneText(tool.entry, confirmation, table);
    const reason = `The visitor confirmed “${label}”, and it ran once.`;
    return { to: "done", text, table, result: content, reason, ms: ms() };
  } catch (thrown) {
    const { code, message } = toAppError(thrown);
    if (code === "INTERNAL") deps.log.error("tool-failed", { tool: name, cause: thrown });
    const isUnknown = (code === "INTERNAL" || NO_ANSWER.has(code)) && !isNeverSent(thrown);
    const error = code === "INTERNAL" ? "TOOL_FAILED" : code;
    if (isUnknown) return { ...unknownEnd(confirmation, `${error}: there was no answer.`), error, ms: ms() };
    const text = confirmSayings(language).failed(label);
    const reason = `The visitor confirmed “${label}”, and it failed.`;
    return { to: "failed", text, table: null, result: `${error}: ${message}`, reason, error, ms: ms() };
  }
}

/** After these it may have happened all the same. */
const NO_ANSWER: ReadonlySet<ErrorCode> = new Set([
  ...(["TOOL_TIMEOUT", "TOOL_UNAVAILABLE", "QUERY_TIMEOUT", "RESPONSE_TOO_LARGE"] as const),
]);
/** Of connections that were never made, as runtimes name them. */
const UNCONNECTED: ReadonlySet<unknown> = new Set([
  "ConnectionRefused",
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

function isNeverSent(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  if (thrown instanceof NothingSent) return true;
  return ("code" in thrown && UNCONNECTED.has(thrown.code)) || isNeverSent(thrown.cause);
}

function doneText(
  entry: CatalogueTool,
  { label, language, arguments: given }: Confirmation,
  table: ToolTable | null,
): string {
  const done = confirmSayings(language).done(label);
  if (table === null || (table.rows.length === 0 && entry.emptyTemplate === null)) return done;
  const told = lookupAnswer(entry, given, table, 1, language);
  return entry.answerTemplate !== null && table.rows.length === 1 ? told : `${done}\n\n${told}`;
}

export function declined({ label, language }: Confirmation): End {
  const text = confirmSayings(language).declined(label);
  const reason = `The visitor declined “${label}”. Nothing was run.`;
  return { to: "declined", text, table: null, result: "declined", reason, ms: 0 };
}

export function unknownEnd({ label, language }: Confirmation, result: string): End {
  const text = confirmSayings(language).unknown(label);
  const reason = `“${label}” was started, and how it ended is not known. It is not tried again.`;
  return { to: "unknown", text, table: null, result, reason, error: "TOOL_FAILED", ms: 0 };
}

export function toMessage(
  { conversationId, name, label, language }: Confirmation,
  { text, table }: End,
  now: number,
): Message {
  const rows = table?.rows.slice(0, CITED_ROWS) ?? [];
  return {
    ...{ id: newId("message"), conversationId, role: "assistant", content: text, status: "complete" },
    citations:
      table === null || !text.includes("[1]")
        ? []
        : [
            {
              ...{ kind: "tool", n: 1, tool: name, label, columns: table.columns, rows, at: now },
              truncated: table.truncated || rows.length < table.rows.length,
            },
          ],
    ...{ abstained: false, nearest: [], smallTalk: null, followUps: [], lookup: null, confirmations: [] },
    ...{ errorCode: null, rating: null, clientId: null, language: knownLanguage(language), createdAt: now },
  };
}

export function toTrace(
  { toolId, label, name, arguments: given }: Confirmation,
  { to, result, reason, error, ms }: End,
): TurnTrace {
  const trace = emptyTrace(label);
  const ran = to === "declined" ? {} : { tool: toolId };
  return {
    ...trace,
    toolCalls: [
      { ...{ name, label, arguments: JSON.stringify(given), result, ms }, ...ran, ...(error && { error }) },
    ],
    timings: { ...trace.timings, totalMs: ms },
    outcome: { status: "complete", code: error ?? null, reason },
  };
}

function withoutNulls(given: ToolArguments): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}
