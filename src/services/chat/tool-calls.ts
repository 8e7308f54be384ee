/** The calls of tools that a model asks for in a turn: which of them run, and what the model is told of each. */
import type { Deps } from "../../deps.ts";
import type { Confirmation } from "../../domain/confirmation.ts";
import type { TurnTrace } from "../../domain/conversation.ts";
import type { ToolCall } from "../../domain/tool.ts";
import type { TurnEvent } from "../../domain/turn.ts";
import { AppError, type ErrorCode } from "../../errors.ts";
import type { ChatMessage, Passage } from "../../providers/provider.ts";
import type { Tool, ToolResult } from "../../tools/tool.ts";
import { propose } from "./confirmations.ts";
import { endedBy } from "./ended-by.ts";
import { numbered, toldResult, toldText } from "./looked-up.ts";
import type { Progress, ProgressDeps } from "./progress.ts";

export type ToolCallDeps = ProgressDeps & Pick<Deps, "store" | "now">;

/** A model that still wants tools after this many rounds is going in circles. */
const MAX_TOOL_ROUNDS = 5;
/** Of one turn. No question of a person needs more, and each of them may cost somebody's database something. */
const MAX_TOOL_CALLS = 10;
/** For all calls of a turn together. */
const TOOLS_MS = 60_000;
/** Longer ones no tool takes. */
const MAX_ARGUMENTS = 64 * 1024;
/** What a model may write as arguments, for the trace: more is no help to anybody. */
const TRACED_ARGUMENTS = 4_000;

type Reply = { role: "assistant"; content: string; toolCalls: ToolCall[] };
type TracedCall = TurnTrace["toolCalls"][number];
type Outcome = { result: ToolResult } | { asked: Confirmation } | { error: AppError };
type Ran = { call: ToolCall; tool: Tool | undefined; outcome: Outcome; ms: number; at: number };

/** Whether the turn has had its share of rounds, calls or time. */
export function isToolLimitReached({ calls }: Progress, round: number): boolean {
  return round >= MAX_TOOL_ROUNDS || calls.count >= MAX_TOOL_CALLS || calls.ms >= TOOLS_MS;
}

export function toolLimit(): AppError {
  return new AppError(
    "TOOL_LIMIT",
    "The model kept calling tools instead of answering. Ask for less at once, or choose another model under Model.",
  );
}

/**
 * Runs the calls of one reply at once and returns what the model is told: its reply, and the results in the order of
 * the calls. The visitor sees which tools are at work; the trace keeps what each was asked and answered, also when the
 * turn is stopped meanwhile. What was found is numbered and can be cited from then on.
 */
export async function* answerCalls(
  deps: ToolCallDeps,
  progress: Progress,
  tools: readonly Tool[],
  passages: readonly Passage[],
  reply: Reply,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, ChatMessage[]> {
  const { calls, trace } = progress;
  const allowed = reply.toolCalls.slice(0, MAX_TOOL_CALLS - calls.count);
  const refused = reply.toolCalls.length - allowed.length;
  calls.count += allowed.length;
  const asked = allowed.map((call) => ({
    call,
    tool: tools.find(({ definition }) => definition.name === call.name),
  }));
  for (const { tool } of asked) if (tool && isRunAtOnce(tool)) yield activity(progress, tool, "running");
  signal.throwIfAborted();
  const ran = await runTogether(deps, progress, asked, signal);
  const traced = ran.map((one) => tell(progress, passages, one));
  trace.toolCalls.push(...traced);
  if (refused > 0) trace.toolCalls.push(refusedCalls(refused));
  signal.throwIfAborted();
  for (const { tool, outcome } of ran) {
    if ("asked" in outcome)
      yield { type: "confirm", messageId: progress.answer.id, confirmation: outcome.asked };
    else if (tool && isRunAtOnce(tool))
      yield activity(progress, tool, "error" in outcome ? "failed" : "done");
  }
  const more = refused > 0 ? `\n${refusedCalls(refused).result}` : "";
  return [
    { ...reply, toolCalls: allowed.map(withoutExcess) },
    ...allowed.map(
      ({ id }, index): ChatMessage => ({
        ...{ role: "tool", toolCallId: id },
        content: (traced[index]?.result ?? "") + (index === allowed.length - 1 ? more : ""),
      }),
    ),
  ];
}

function activity(
  { answer }: Progress,
  { definition: { name }, label }: Tool,
  state: "running" | "done" | "failed",
): TurnEvent {
  return { type: "tool", messageId: answer.id, name, label, state };
}

/** What changes something only waits in a turn. */
function isRunAtOnce({ entry }: Tool): boolean {
  return entry?.effect !== "write";
}

type Asked = { call: ToolCall; tool: Tool | undefined };

/** All within what is left of the turn's time for tools. */
async function runTogether(
  deps: ToolCallDeps,
  progress: Progress,
  asked: readonly Asked[],
  signal: AbortSignal,
): Promise<Ran[]> {
  const startedAt = deps.monotonicNow();
  const left = AbortSignal.timeout(Math.max(0, TOOLS_MS - progress.calls.ms));
  const until = AbortSignal.any([signal, left]);
  try {
    return await Promise.all(asked.map((one) => run(deps, progress, one, until, left)));
  } finally {
    progress.calls.ms += deps.monotonicNow() - startedAt;
  }
}

/** Never throws: what went wrong is the call's result, from which the model may recover. */
async function run(
  deps: ToolCallDeps,
  progress: Progress,
  { call, tool }: Asked,
  until: AbortSignal,
  left: AbortSignal,
): Promise<Ran> {
  const startedAt = deps.monotonicNow();
  const ended = (outcome: Outcome): Ran => ({
    ...{ call, tool, outcome, at: deps.now() },
    ms: Math.round(deps.monotonicNow() - startedAt),
  });
  try {
    if (tool === undefined) throw unknownTool(call.name);
    if (tool.entry?.effect === "write")
      return ended({ asked: await propose(deps, progress, tool.entry, call) });
    return ended({ result: await endedBy(until, tool.run(call, until)) });
  } catch (thrown) {
    const error = toToolError(deps, call, thrown, until, left);
    if (DENIALS.has(error.code)) await recordDenial(deps, progress, call, error.code);
    return ended({ error });
  }
}

/** Codes of calls that asked for what is not theirs to ask for. */
const DENIALS: ReadonlySet<ErrorCode> = new Set(["UNKNOWN_TOOL", "TOOL_REQUIRES_IDENTITY", "TOOL_FORBIDDEN"]);

async function recordDenial(
  deps: ToolCallDeps,
  { turn: { session } }: Progress,
  { name }: ToolCall,
  code: ErrorCode,
): Promise<void> {
  const { tenantId, visitor, conversationId } = session;
  try {
    await deps.store.audit.append({
      ...{ at: deps.now(), tenantId, actor: "visitor", address: null, requestId: null },
      ...{ action: "tool.denied", target: name.slice(0, 100) },
      changes: { code, conversation: conversationId, visitor: visitor?.id ?? null },
    });
  } catch (cause) {
    // The call is refused all the same, and the turn goes on.
    deps.log.error("denial-not-recorded", { tool: name.slice(0, 100), code, cause });
  }
}

/** What the model is told of a call, and the inspector of it. */
function tell(
  progress: Progress,
  passages: readonly Passage[],
  { call, tool, outcome, ms, at }: Ran,
): TracedCall {
  const traced = {
    ...{ name: call.name.slice(0, 100), arguments: call.arguments.slice(0, TRACED_ARGUMENTS), ms },
    ...(tool?.entry && !("asked" in outcome) && { tool: tool.entry.id }),
  };
  if ("error" in outcome || tool === undefined) {
    const { code, message } = "error" in outcome ? outcome.error : unknownTool(call.name);
    return { ...traced, result: `${code}: ${message}`, error: code };
  }
  if ("asked" in outcome)
    return {
      ...traced,
      label: tool.label,
      result: toldConfirmation(outcome.asked),
      state: "pending_confirmation",
    };
  const { content, table, statement } = outcome.result;
  if (table === null) return { ...traced, label: tool.label, result: toldText(content) };
  const found = numbered(passages, progress.lookedUp, tool, {
    ...{ content, table, at },
    ...(statement !== undefined && { statement }),
  });
  progress.lookedUp.push(found);
  return { ...traced, label: tool.label, n: found.citation.n, result: toldResult(found) };
}

function toldConfirmation({ label, arguments: given }: Confirmation): string {
  return `Nothing has been done yet. The visitor sees “${label}” with exactly these arguments, and confirms or declines it: ${JSON.stringify(given)}. Say in one sentence what happens once they confirm. Do not call it again, and do not say that it is done.`;
}

function refusedCalls(count: number): TracedCall {
  const result = `TOOL_LIMIT: ${count} more calls were not run. Answer with what you have, or say what is missing.`;
  return { name: "", arguments: "", result, ms: 0, error: "TOOL_LIMIT" };
}

/** What no tool takes need not go back to the model. */
function withoutExcess(call: ToolCall): ToolCall {
  return call.arguments.length <= MAX_ARGUMENTS ? call : { ...call, arguments: "{}" };
}

/** Saying that there is none lets the model answer without. */
function unknownTool(name: string): AppError {
  return new AppError("UNKNOWN_TOOL", `there is no tool named “${name.slice(0, 100)}”. Answer without it.`);
}

function toToolError(
  deps: ToolCallDeps,
  call: ToolCall,
  thrown: unknown,
  until: AbortSignal,
  left: AbortSignal,
): AppError {
  if (left.aborted)
    return new AppError(
      "TOOL_LIMIT",
      "the time for look-ups is over. Answer with what you have, or say what is missing.",
    );
  if (thrown instanceof AppError) return thrown;
  if (until.aborted) return new AppError("TOOL_FAILED", "it was stopped before it ended.");
  deps.log.error("tool-failed", { tool: call.name, cause: thrown });
  return new AppError("TOOL_FAILED", "the tool failed. Answer without it, or say that it failed.", {
    cause: thrown,
  });
}
