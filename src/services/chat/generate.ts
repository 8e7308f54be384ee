import type { TurnTrace, Usage } from "../../domain/conversation.ts";
import { QUOTING } from "../../domain/llm.ts";
import type { ToolCall } from "../../domain/tool.ts";
import type { TurnEvent } from "../../domain/turn.ts";
import type {
  ChatMessage,
  ChatProvider,
  ChatRequest,
  FinishReason,
  Passage,
} from "../../providers/provider.ts";
import { toCitation } from "../../rag/citations.ts";
import { isEndedEarly } from "../../rag/ended-early.ts";
import { withGivenCitations } from "../../rag/given-citations.ts";
import { type RefusalFilter, withoutRefusal } from "../../rag/refusal.ts";
import { estimateTokens } from "../../rag/tokens.ts";
import type { Tool } from "../../tools/tool.ts";
import { citationsOf } from "./looked-up.ts";
import { append, appendEndedEarly, elapsed, fitting, type Progress } from "./progress.ts";
import { answerCalls, isToolLimitReached, type ToolCallDeps, toolLimit } from "./tool-calls.ts";

export type GenerateDeps = ToolCallDeps;

type Reply = { role: "assistant"; content: string; toolCalls: ToolCall[] };
type EndedReply = { reply: Reply; end: ReplyEnd };
/** Why the model's last reply ended, and whether it was that the passages do not hold the answer. */
export type ReplyEnd = { reason: FinishReason; isRefusal: boolean };

/**
 * Lets the model answer, running the tools that it asks for. What it wrote, found, used and cost survives a throw.
 *
 * @throws AppError those of the provider · TOOL_LIMIT for a model that does nothing but call tools.
 *   Aborting `signal` ends model and tools and throws its reason.
 */
export async function* generate(
  deps: GenerateDeps,
  progress: Progress,
  provider: ChatProvider,
  request: Omit<ChatRequest, "tools">,
  tools: readonly Tool[],
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, ReplyEnd> {
  const startedAt = elapsed(deps, progress);
  const { passages } = request.grounding;
  const messages: ChatMessage[] = [...request.messages];
  try {
    for (let round = 0; ; round++) {
      // The last round offers no tools, so that it can only be an answer.
      const isLast = isToolLimitReached(progress, round);
      const offered = isLast ? [] : tools;
      const asked = { ...request, messages, tools: offered.map(({ definition }) => definition) };
      const { reply, end } = yield* streamReply(deps, progress, provider, asked, signal);
      if (isAnswer(reply, tools)) return end;
      if (isLast) throw toolLimit();
      messages.push(...(yield* answerCalls(deps, progress, tools, passages, reply, signal)));
      if (progress.lookedUp.length > 0) yield citable(progress, passages);
    }
  } finally {
    const { answer, lookedUp } = progress;
    answer.citations = citationsOf(answer.content, passages, lookedUp);
    progress.trace.timings.generateMs = elapsed(deps, progress) - startedAt;
  }
}

/** Everything that the model was given, so that the visitor may look at it as soon as a mark comes. */
function citable({ answer, lookedUp }: Progress, passages: readonly Passage[]): TurnEvent {
  const citations = [...passages.map(toCitation), ...lookedUp.map(({ citation }) => citation)];
  return { type: "citations", messageId: answer.id, citations };
}

/** Text beside a call of a tool, where there is none to call, is the answer: asked again, the model would repeat it. */
function isAnswer({ content, toolCalls }: Reply, tools: readonly Tool[]): boolean {
  return toolCalls.length === 0 || (tools.length === 0 && content.trim() !== "");
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
  const filter = filterOf(provider, request, progress);
  const written = { from: answer.content.length, length: 0 };
  const toolCalls: ToolCall[] = [];
  /** Taken out of the answer, since another text that grows by each piece would hold all pieces once more. */
  const said = () => answer.content.slice(written.from, written.from + written.length);
  const end: ReplyEnd = { reason: "other", isRefusal: false };
  try {
    for await (const part of provider.streamChat(request, signal)) {
      if (part.type === "tool-call") toolCalls.push(part.toolCall);
      if (part.type === "reasoning") noteThought(trace, part.text);
      if (part.type === "text") {
        trace.timings.firstTokenMs ??= elapsed(deps, progress);
        const isCut = yield* write(deps, progress, written, filter.push(part.text));
        // Leaving the loop ends the model's stream; what it called for so far is not run either.
        if (isCut) return { reply: replyOf(said(), []), end: { ...end, reason: "length" } };
      }
      if (part.type !== "finish") continue;
      Object.assign(end, { reason: part.reason, isRefusal: filter.isRefusal() });
      trace.usage = addUsage(trace.usage, part.usage);
    }
  } catch (thrown) {
    // What it wrote until it broke off is the visitor's.
    yield* write(deps, progress, written, filter.end());
    throw thrown;
  }
  yield* write(deps, progress, written, filter.end());
  // With nothing written there is nothing to cut, and the turn says that nothing came of it.
  if (isEndedEarly(end.reason) && answer.content !== "") yield appendEndedEarly(deps, progress, end.reason);
  return { reply: replyOf(said(), toolCalls), end };
}

function replyOf(content: string, toolCalls: ToolCall[]): Reply {
  return { role: "assistant", content, toolCalls };
}

/** A person who asks why an answer is as it is reads no more of it. */
const MOST_THOUGHTS = 32_000;

function noteThought(trace: TurnTrace, thought: string): void {
  const { text, tokens } = trace.reasoning ?? { text: "", tokens: 0 };
  trace.reasoning = {
    text: (text + thought).slice(0, MOST_THOUGHTS),
    tokens: tokens + estimateTokens(thought),
  };
}

/** @returns whether the answer was cut because it got too long, which it then says. */
function* write(
  deps: GenerateDeps,
  progress: Progress,
  written: { length: number },
  text: string,
): Generator<TurnEvent, boolean> {
  const fit = fitting(deps, progress, text);
  written.length += fit.length;
  if (fit !== "") yield append(deps, progress, fit);
  if (fit.length === text.length) return false;
  yield appendEndedEarly(deps, progress, "length");
  return true;
}

/** What of a reply is the visitor's to see. A quote is shown as it stands in the document. */
function filterOf({ name }: ChatProvider, { grounding }: ChatRequest, { lookedUp }: Progress): RefusalFilter {
  if (name === QUOTING) return UNFILTERED;
  const refusal = withoutRefusal();
  const given = [...grounding.passages, ...lookedUp.map(({ citation }) => citation)];
  const citations = withGivenCitations(new Set(given.map(({ n }) => n)));
  return {
    push: (text) => citations.push(refusal.push(text)),
    end: () => citations.push(refusal.end()) + citations.end(),
    isRefusal: refusal.isRefusal,
  };
}

const UNFILTERED: RefusalFilter = { push: (text) => text, end: () => "", isRefusal: () => false };

function addUsage(left: Usage, right: Usage): Usage {
  const add = (a: number | null, b: number | null) => (a === null && b === null ? null : (a ?? 0) + (b ?? 0));
  return {
    inputTokens: add(left.inputTokens, right.inputTokens),
    outputTokens: add(left.outputTokens, right.outputTokens),
  };
}
