import type { Deps } from "../../deps.ts";
import type { TurnTrace, Usage } from "../../domain/conversation.ts";
import { QUOTING } from "../../domain/llm.ts";
import type { ToolCall } from "../../domain/tool.ts";
import type { TurnEvent } from "../../domain/turn.ts";
import { AppError } from "../../errors.ts";
import type { ChatMessage, ChatProvider, ChatRequest, FinishReason } from "../../providers/provider.ts";
import { isEndedEarly } from "../../rag/ended-early.ts";
import { withGivenCitations } from "../../rag/given-citations.ts";
import { type RefusalFilter, withoutRefusal } from "../../rag/refusal.ts";
import type { Tool } from "../../tools/tool.ts";
import { append, appendEndedEarly, elapsed, fitting, type Progress, type ProgressDeps } from "./progress.ts";

export type GenerateDeps = ProgressDeps & Pick<Deps, "tools">;

/** A model that still wants tools after this many rounds is going in circles. */
const MAX_TOOL_ROUNDS = 5;
/** Of one turn. No question of a person needs more, and each of them may cost somebody's database something. */
const MAX_TOOL_CALLS = 10;

type Reply = { role: "assistant"; content: string; toolCalls: ToolCall[] };
type EndedReply = { reply: Reply; end: ReplyEnd };
/** Why the model's last reply ended, and whether it was that the passages do not hold the answer. */
export type ReplyEnd = { reason: FinishReason; isRefusal: boolean };
type TracedCall = TurnTrace["toolCalls"][number];

/**
 * Lets the model answer, running the tools that it asks for. What it wrote, used and cost survives a throw.
 *
 * @throws AppError those of the provider · UPSTREAM_BAD_RESPONSE for a model that does nothing but call tools.
 *   Aborting `signal` ends model and tools and throws its reason.
 */
export async function* generate(
  deps: GenerateDeps,
  progress: Progress,
  provider: ChatProvider,
  request: Omit<ChatRequest, "tools">,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, ReplyEnd> {
  const { tenantId, visitor } = progress.turn.session;
  const tools = await deps.tools.offered({ tenantId, visitor });
  const startedAt = elapsed(deps, progress);
  const messages: ChatMessage[] = [...request.messages];
  try {
    for (let round = 0; ; round++) {
      // The last round offers no tools, so that it can only be an answer.
      const offered = round < MAX_TOOL_ROUNDS ? tools : [];
      const asked = { ...request, messages, tools: offered.map(({ definition }) => definition) };
      const { reply, end } = yield* streamReply(deps, progress, provider, asked, signal);
      if (isAnswer(reply, offered) || round === MAX_TOOL_ROUNDS) return end;
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
  const { trace, answer } = progress;
  const filter = filterOf(provider, request);
  const reply: Reply = { role: "assistant", content: "", toolCalls: [] };
  const end: ReplyEnd = { reason: "other", isRefusal: false };
  try {
    for await (const part of provider.streamChat(request, signal)) {
      if (part.type === "tool-call") reply.toolCalls.push(part.toolCall);
      if (part.type === "text") {
        trace.timings.firstTokenMs ??= elapsed(deps, progress);
        const isCut = yield* write(deps, progress, reply, filter.push(part.text));
        // Leaving the loop ends the model's stream; what it called for so far is not run either.
        if (isCut) return { reply: { ...reply, toolCalls: [] }, end: { ...end, reason: "length" } };
      }
      if (part.type !== "finish") continue;
      Object.assign(end, { reason: part.reason, isRefusal: filter.isRefusal() });
      trace.usage = addUsage(trace.usage, part.usage);
    }
  } catch (thrown) {
    // What it wrote until it broke off is the visitor's.
    yield* write(deps, progress, reply, filter.end());
    throw thrown;
  }
  yield* write(deps, progress, reply, filter.end());
  // With nothing written there is nothing to cut, and the turn says that nothing came of it.
  if (isEndedEarly(end.reason) && answer.content !== "") yield appendEndedEarly(deps, progress, end.reason);
  return { reply, end };
}

/** @returns whether the answer was cut because it got too long, which it then says. */
function* write(
  deps: GenerateDeps,
  progress: Progress,
  reply: Reply,
  text: string,
): Generator<TurnEvent, boolean> {
  const fit = fitting(deps, progress, text);
  reply.content += fit;
  if (fit !== "") yield append(deps, progress, fit);
  if (fit.length === text.length) return false;
  yield appendEndedEarly(deps, progress, "length");
  return true;
}

/** What of a reply is the visitor's to see. A quote is shown as it stands in the document. */
function filterOf({ name }: ChatProvider, { grounding }: ChatRequest): RefusalFilter {
  if (name === QUOTING) return UNFILTERED;
  const refusal = withoutRefusal();
  const citations = withGivenCitations(new Set(grounding.passages.map(({ n }) => n)));
  return {
    push: (text) => citations.push(refusal.push(text)),
    end: () => citations.push(refusal.end()) + citations.end(),
    isRefusal: refusal.isRefusal,
  };
}

const UNFILTERED: RefusalFilter = { push: (text) => text, end: () => "", isRefusal: () => false };

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
