import type { Deps } from "../../deps.ts";
import type { TurnTrace, Usage } from "../../domain/conversation.ts";
import type { ToolCall } from "../../domain/tool.ts";
import type { TurnEvent } from "../../domain/turn.ts";
import { AppError } from "../../errors.ts";
import type { ChatMessage, ChatProvider, ChatRequest, FinishReason } from "../../providers/provider.ts";
import { isEndedEarly } from "../../rag/ended-early.ts";
import type { Tool } from "../../tools/tool.ts";
import { append, appendEndedEarly, elapsed, fitting, type Progress, type ProgressDeps } from "./progress.ts";

export type GenerateDeps = ProgressDeps & Pick<Deps, "tools">;

/** A model that still wants tools after this many rounds is going in circles. */
const MAX_TOOL_ROUNDS = 5;
/** Of one turn. No question of a person needs more, and each of them may cost somebody's database something. */
const MAX_TOOL_CALLS = 10;

type Reply = { role: "assistant"; content: string; toolCalls: ToolCall[] };
type EndedReply = { reply: Reply; reason: FinishReason };
type TracedCall = TurnTrace["toolCalls"][number];

/**
 * Lets the model answer, running the tools that it asks for. What it wrote, used and cost survives a throw.
 *
 * @returns why its last reply ended
 * @throws AppError those of the provider · UPSTREAM_BAD_RESPONSE for a model that does nothing but call tools.
 *   Aborting `signal` ends model and tools and throws its reason.
 */
export async function* generate(
  deps: GenerateDeps,
  progress: Progress,
  provider: ChatProvider,
  request: Omit<ChatRequest, "tools">,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, FinishReason> {
  const { tenantId, visitor } = progress.turn.session;
  const tools = await deps.tools.offered({ tenantId, visitor });
  const startedAt = elapsed(deps, progress);
  const messages: ChatMessage[] = [...request.messages];
  try {
    for (let round = 0; ; round++) {
      // The last round offers no tools, so that it can only be an answer.
      const offered = round < MAX_TOOL_ROUNDS ? tools : [];
      const asked = { ...request, messages, tools: offered.map(({ definition }) => definition) };
      const { reply, reason } = yield* streamReply(deps, progress, provider, asked, signal);
      if (isAnswer(reply, offered) || round === MAX_TOOL_ROUNDS) return reason;
      messages.push(reply, ...(yield* answerCalls(deps, progress, offered, reply.toolCalls, signal)));
    }
  } finally {
    progress.trace.timings.generateMs = elapsed(deps, progress) - startedAt;
  }
}

/** Text beside a call of a tool, where there is none to call, is the answer: asked again, the model would repeat it. */
function isAnswer({ content, toolCalls }: Reply, offered: readonly Tool[]): boolean {
  return toolCalls.length === 0 || (offered.length === 0 && content.trim() !== "");
}

/** One reply of the model: its text goes into the answer, its tool calls are returned. */
async function* streamReply(
  deps: GenerateDeps,
  progress: Progress,
  provider: ChatProvider,
  request: ChatRequest,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, EndedReply> {
  const { trace } = progress;
  let reason: FinishReason = "other";
  const reply: Reply = { role: "assistant", content: "", toolCalls: [] };
  for await (const part of provider.streamChat(request, signal)) {
    if (part.type === "text") {
      trace.timings.firstTokenMs ??= elapsed(deps, progress);
      const text = fitting(deps, progress, part.text);
      reply.content += text;
      if (text !== "") yield append(deps, progress, text);
      // Leaving the loop ends the model's stream; what it called for so far is not run either.
      if (text.length < part.text.length) {
        yield appendEndedEarly(deps, progress, "length");
        return { reply: { ...reply, toolCalls: [] }, reason: "length" };
      }
    } else if (part.type === "tool-call") reply.toolCalls.push(part.toolCall);
    else {
      reason = part.reason;
      trace.usage = addUsage(trace.usage, part.usage);
      // With nothing written there is nothing to cut, and the turn says that nothing came of it.
      if (isEndedEarly(reason) && progress.answer.content !== "")
        yield appendEndedEarly(deps, progress, reason);
    }
  }
  return { reply, reason };
}

/**
 * Runs the calls of one reply at once and returns their results in the order of the calls. The visitor sees which
 * tools are at work; the trace keeps what each was asked and answered, also when the turn is stopped meanwhile.
 */
async function* answerCalls(
  deps: GenerateDeps,
  progress: Progress,
  offered: readonly Tool[],
  calls: readonly ToolCall[],
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, ChatMessage[]> {
  requireFewCalls(progress.trace.toolCalls.length + calls.length);
  const running = calls.map((call) => ({
    call,
    tool: offered.find(({ definition }) => definition.name === call.name),
  }));
  const activity = (tool: Tool, state: "running" | "done" | "failed"): TurnEvent => ({
    ...{ type: "tool", messageId: progress.answer.id, label: tool.label, state },
    name: tool.definition.name,
  });
  for (const { tool } of running) if (tool) yield activity(tool, "running");
  signal.throwIfAborted();
  const traced = await Promise.all(running.map(({ call, tool }) => runCall(deps, tool, call, signal)));
  progress.trace.toolCalls.push(...traced);
  signal.throwIfAborted();
  for (const [index, { tool }] of running.entries())
    if (tool) yield activity(tool, traced[index]?.error === undefined ? "done" : "failed");
  return calls.map(({ id }, index) => ({
    ...{ role: "tool", toolCallId: id },
    content: traced[index]?.result ?? "",
  }));
}

function requireFewCalls(count: number): void {
  if (count <= MAX_TOOL_CALLS) return;
  throw new AppError(
    "UPSTREAM_BAD_RESPONSE",
    "The model kept calling tools instead of answering. Choose another model.",
  );
}

/** Never throws: what went wrong is the call's result, from which the model may recover. */
async function runCall(
  deps: GenerateDeps,
  tool: Tool | undefined,
  call: ToolCall,
  signal: AbortSignal,
): Promise<TracedCall> {
  const startedAt = deps.monotonicNow();
  const ended = (outcome: Pick<TracedCall, "result" | "error">): TracedCall => ({
    ...{ name: call.name, arguments: call.arguments, ...outcome },
    ms: Math.round(deps.monotonicNow() - startedAt),
  });
  try {
    if (tool === undefined) throw unknownTool(call.name);
    const { content } = await endedBy(signal, tool.run(call, signal));
    return ended({ result: content });
  } catch (thrown) {
    const { code, message } = toToolError(deps, call, thrown, signal);
    return ended({ result: `${code}: ${message}`, error: code });
  }
}

/** Saying that there is none lets the model answer without. */
function unknownTool(name: string): AppError {
  return new AppError("UNKNOWN_TOOL", `there is no tool named “${name}”. Answer from the passages.`);
}

function toToolError(deps: GenerateDeps, call: ToolCall, thrown: unknown, signal: AbortSignal): AppError {
  if (thrown instanceof AppError) return thrown;
  if (signal.aborted) return new AppError("TOOL_FAILED", "it was stopped before it ended.");
  deps.log.error("tool-failed", { tool: call.name, cause: thrown });
  return new AppError("TOOL_FAILED", "the tool failed. Answer without it, or say that it failed.", {
    cause: thrown,
  });
}

/** A tool that does not heed the signal holds up nobody. */
function endedBy<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

function addUsage(left: Usage, right: Usage): Usage {
  const add = (a: number | null, b: number | null) => (a === null && b === null ? null : (a ?? 0) + (b ?? 0));
  return {
    inputTokens: add(left.inputTokens, right.inputTokens),
    outputTokens: add(left.outputTokens, right.outputTokens),
  };
}
