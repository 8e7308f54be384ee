import type { Deps } from "../../deps.ts";
import type { ChatSession, Message, PageContext, TurnTrace, Usage } from "../../domain/conversation.ts";
import { newId } from "../../domain/ids.ts";
import type { LlmConfig } from "../../domain/llm.ts";
import type { Tenant, WidgetConfig } from "../../domain/tenant.ts";
import type { TurnEvent } from "../../domain/turn.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { ChatMessage, ChatProvider, ChatRequest, Passage, ToolCall } from "../../providers/provider.ts";
import { toCitations } from "../../rag/citations.ts";
import { abstentionText, detectLanguage } from "../../rag/extract.ts";
import { buildMessages, DEFAULT_SYSTEM_PROMPT } from "../../rag/prompt.ts";
import { PASSAGE_BUDGET, type Retrieval, type RetrievalDeps, retrieve } from "../retrieval/retrieve.ts";
import { standaloneQuestion } from "./follow-up.ts";
import type { PendingWrites } from "./pending-writes.ts";

export type TurnDeps = Pick<Deps, "store" | "chatProvider" | "now" | "log" | "live"> &
  RetrievalDeps & { monotonicNow: () => number; pendingWrites: Pick<PendingWrites, "add"> };

export type Turn = {
  session: ChatSession;
  /** Stored before the turn runs. */
  question: Message;
  page: PageContext | null;
};

/** A model that still wants tools after this many rounds is going in circles. */
const MAX_TOOL_ROUNDS = 5;
const MAX_TOOL_CALLS = 10;
const TURN_TIMEOUT_MS = 120_000;
/** Enough for a question that needs two documents, small enough for a local model's context. */
const HISTORY_MESSAGES = 8;
const HISTORY_TOKEN_BUDGET = 1000;
/** Text that may be lost when the process dies in the middle of an answer. */
const SAVE_EVERY_MS = 500;
const SAVE_EVERY_CHARACTERS = 2000;

type Progress = {
  turn: Turn;
  answer: Message;
  trace: TurnTrace;
  startedAt: number;
  /** Whether the answer has its row. */
  begun: boolean;
  toolCalls: number;
  savedAt: number;
  savedLength: number;
};

/**
 * Answers one visitor's message: the whole of a chat turn, top to bottom.
 *
 * Yields events as they happen and never throws on account of a provider or the store: what went wrong is
 * in the last event, `done`, which follows the commit of the answer with everything written so far. Aborting
 * `signal` ends the answer as `interrupted`; an answer that could not be stored is `failed`.
 */
export async function* runTurn(deps: TurnDeps, turn: Turn, signal: AbortSignal): AsyncGenerator<TurnEvent> {
  const progress = newProgress(deps, turn);
  const { answer, trace } = progress;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(TURN_TIMEOUT_MS)]);
  try {
    await deps.store.turns.beginAnswer(turn.session.tenantId, turn.question.id, answer);
    progress.begun = true;
    yield* writeAnswer(deps, progress, deadline);
    answer.status = "complete";
  } catch (thrown) {
    recordFailure(deps, progress, thrown, signal);
  }
  trace.timings.totalMs = elapsed(deps, progress);
  trace.outcome.status = answer.status === "streaming" ? "failed" : answer.status;
  yield { type: "done", message: progress.begun ? await storeAnswer(deps, progress) : answer };
  deps.live.publish({
    type: "conversation",
    tenantId: turn.session.tenantId,
    conversationId: turn.session.conversationId,
    removed: false,
  });
}

/** Stores how the turn ended, now or as soon as the store takes it. @returns the answer as its visitor may see it */
async function storeAnswer(deps: TurnDeps, { turn, answer, trace }: Progress): Promise<Message> {
  const finishedAt = deps.now();
  const write = () =>
    deps.store.turns.finishAnswer(turn.session.tenantId, answer, trace, trace.usage, finishedAt);
  try {
    await write();
    return answer;
  } catch (thrown) {
    const { code, cause } = toAppError(thrown);
    deps.log.error("turn-not-stored", {
      conversationId: turn.session.conversationId,
      messageId: answer.id,
      code,
      cause,
    });
    // With its conversation purged there is nothing left to store it in.
    if (code !== "NOT_FOUND") deps.pendingWrites.add(write);
    return { ...answer, status: "failed", errorCode: code };
  }
}

/** Rewrite → retrieve → prompt → generate, or say that nothing was found. */
async function* writeAnswer(
  deps: TurnDeps,
  progress: Progress,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent> {
  const { turn, answer, trace } = progress;
  const { tenantId, conversationId } = turn.session;
  const [config, tenant, widget, history] = await Promise.all([
    deps.store.llmConfigs.getDefault(tenantId),
    deps.store.tenants.get(tenantId),
    deps.store.widgets.get(tenantId),
    deps.store.turns.recent(tenantId, conversationId, turn.question.id, HISTORY_MESSAGES),
  ]);
  const provider = deps.chatProvider(config);
  trace.provider = config.provider;
  trace.model = config.model;

  trace.rewrittenQuery = await timed(deps, trace, "rewriteMs", () =>
    standaloneQuestion({ provider, config, log: deps.log }, history, turn.question.content, signal),
  );
  const found = await timed(deps, trace, "retrieveMs", () =>
    retrieve(deps, tenantId, trace.rewrittenQuery, PASSAGE_BUDGET),
  );
  trace.candidates = found.candidates;
  signal.throwIfAborted();

  if (found.passages.length === 0) {
    trace.outcome.reason = "Nothing in the knowledge bears on the question, so no model was asked.";
    yield* abstain(deps, progress, found);
    return;
  }
  const request = toRequest({
    deps,
    config,
    tenant,
    widget,
    history,
    passages: found.passages,
    turn,
    query: trace.rewrittenQuery,
  });
  if (config.provider !== "extractive")
    trace.prompt = request.messages.map(({ role, content }) => ({ role, content }));
  yield {
    type: "citations",
    messageId: answer.id,
    citations: toCitations(allNumbers(found.passages), found.passages),
  };
  yield* generate(deps, progress, provider, request, signal);
  if (answer.content.trim() === "") {
    trace.outcome.reason = "The passages were found, but nothing was written from them.";
    yield* abstain(deps, progress, found);
    return;
  }
  answer.citations = toCitations(answer.content, found.passages);
  if (answer.citations.length === found.passages.length) return;
  yield { type: "citations", messageId: answer.id, citations: answer.citations };
}

/** Says that nothing was found, and what comes nearest. */
async function* abstain(deps: TurnDeps, progress: Progress, found: Retrieval): AsyncGenerator<TurnEvent> {
  progress.answer.abstained = true;
  progress.answer.nearest = found.nearest;
  yield* addText(deps, progress, abstentionText(detectLanguage(progress.turn.question.content)));
}

/** Lets the model answer, answering the tool calls it makes. What it wrote survives a throw. */
async function* generate(
  deps: TurnDeps,
  progress: Progress,
  provider: ChatProvider,
  request: ChatRequest,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent> {
  const { trace } = progress;
  const startedAt = elapsed(deps, progress);
  const messages: ChatMessage[] = [...request.messages];
  try {
    for (let round = 0; round <= MAX_TOOL_ROUNDS; round++) {
      const reply = { role: "assistant" as const, content: "", toolCalls: [] as ToolCall[] };
      // The last round offers no tools, so that it can only be an answer.
      const tools = round < MAX_TOOL_ROUNDS ? request.tools : [];
      for await (const part of provider.streamChat({ ...request, messages, tools }, signal)) {
        if (part.type === "text") {
          trace.timings.firstTokenMs ??= elapsed(deps, progress);
          reply.content += part.text;
          yield* addText(deps, progress, part.text);
        } else if (part.type === "tool-call") reply.toolCalls.push(part.toolCall);
        else trace.usage = addUsage(trace.usage, part.usage);
      }
      if (reply.toolCalls.length === 0) return;
      messages.push(reply, ...reply.toolCalls.map((call) => refuseToolCall(progress, call)));
    }
  } finally {
    trace.timings.generateMs = elapsed(deps, progress) - startedAt;
  }
}

async function* addText(deps: TurnDeps, progress: Progress, text: string): AsyncGenerator<TurnEvent> {
  const { answer, turn } = progress;
  if (text === "") return;
  answer.content += text;
  yield { type: "delta", messageId: answer.id, text };
  const due = elapsed(deps, progress) - progress.savedAt >= SAVE_EVERY_MS;
  if (!due && answer.content.length - progress.savedLength < SAVE_EVERY_CHARACTERS) return;
  progress.savedAt = elapsed(deps, progress);
  progress.savedLength = answer.content.length;
  // What is missing here is stored with the whole answer; the answer itself must not fail with it.
  await deps.store.turns
    .savePartial(turn.session.tenantId, answer.id, answer.content)
    .catch((cause) => deps.log.warn("partial-not-stored", { messageId: answer.id, cause }));
}

/** No tool is offered, so a call is the model's invention; saying so lets it answer without. */
function refuseToolCall(progress: Progress, call: ToolCall): ChatMessage {
  progress.toolCalls += 1;
  if (progress.toolCalls > MAX_TOOL_CALLS) {
    throw new AppError(
      "UPSTREAM_BAD_RESPONSE",
      "The model kept calling tools that do not exist. Choose another model.",
    );
  }
  const result = `UNKNOWN_TOOL: there is no tool named “${call.name}”. Answer from the passages.`;
  progress.trace.toolCalls.push({ name: call.name, arguments: call.arguments, result, ms: 0 });
  return { role: "tool", toolCallId: call.id, content: result };
}

type RequestParts = {
  deps: Pick<TurnDeps, "now">;
  config: LlmConfig;
  tenant: Tenant;
  widget: WidgetConfig;
  history: Message[];
  passages: Passage[];
  turn: Turn;
  query: string;
};

function toRequest({
  deps,
  config,
  tenant,
  widget,
  history,
  passages,
  turn,
  query,
}: RequestParts): ChatRequest {
  const question = turn.question.content;
  const messages = buildMessages({
    template: config.systemPrompt || DEFAULT_SYSTEM_PROMPT,
    variables: {
      company_name: tenant.name,
      assistant_name: widget.displayName,
      date: new Date(deps.now()).toISOString().slice(0, 10),
      language: detectLanguage(question),
      "visitor.name": turn.session.visitor?.name ?? "",
      "page.url": turn.page?.url ?? "",
      "page.title": turn.page?.title ?? "",
    },
    passages,
    history: history.map(({ role, content }) => ({ role: role === "user" ? "user" : "assistant", content })),
    question,
    historyTokenBudget: HISTORY_TOKEN_BUDGET,
  });
  const { model, temperature, maxTokens } = config;
  return { model, temperature, maxTokens, messages, tools: [], grounding: { question: query, passages } };
}

function recordFailure(
  deps: TurnDeps,
  { turn, answer, trace }: Progress,
  thrown: unknown,
  signal: AbortSignal,
): void {
  answer.status = answer.content === "" && !signal.aborted ? "failed" : "interrupted";
  if (signal.aborted) {
    trace.outcome.reason = "Stopped.";
    return;
  }
  const { code, message, cause } = toFailure(thrown);
  answer.errorCode = code;
  trace.outcome.code = code;
  trace.outcome.reason = message;
  deps.log.warn("turn-failed", {
    conversationId: turn.session.conversationId,
    messageId: answer.id,
    code,
    cause,
  });
}

function toFailure(thrown: unknown): AppError {
  const timedOut = thrown instanceof DOMException && thrown.name === "TimeoutError";
  return timedOut
    ? new AppError("PROVIDER_TIMEOUT", "The answer took longer than two minutes.", { cause: thrown })
    : toAppError(thrown);
}

function newProgress(deps: TurnDeps, turn: Turn): Progress {
  const answer: Message = {
    id: newId("message"),
    conversationId: turn.question.conversationId,
    role: "assistant",
    content: "",
    citations: [],
    status: "streaming",
    abstained: false,
    nearest: [],
    errorCode: null,
    rating: null,
    clientId: null,
    createdAt: deps.now(),
  };
  const trace: TurnTrace = {
    question: turn.question.content,
    rewrittenQuery: turn.question.content,
    candidates: [],
    provider: "",
    model: "",
    prompt: [],
    toolCalls: [],
    usage: { inputTokens: null, outputTokens: null },
    timings: { rewriteMs: 0, retrieveMs: 0, firstTokenMs: null, generateMs: 0, totalMs: 0 },
    outcome: { status: "complete", code: null, reason: null },
  };
  return {
    turn,
    answer,
    trace,
    startedAt: deps.monotonicNow(),
    begun: false,
    toolCalls: 0,
    savedAt: 0,
    savedLength: 0,
  };
}

async function timed<Result>(
  deps: Pick<TurnDeps, "monotonicNow">,
  trace: TurnTrace,
  timing: "rewriteMs" | "retrieveMs",
  work: () => Promise<Result>,
): Promise<Result> {
  const startedAt = deps.monotonicNow();
  const result = await work();
  trace.timings[timing] = Math.round(deps.monotonicNow() - startedAt);
  return result;
}

function elapsed(deps: Pick<TurnDeps, "monotonicNow">, progress: Progress): number {
  return Math.round(deps.monotonicNow() - progress.startedAt);
}

function allNumbers(passages: readonly Passage[]): string {
  return passages.map(({ n }) => `[${n}]`).join("");
}

function addUsage(left: Usage, right: Usage): Usage {
  const add = (a: number | null, b: number | null) => (a === null && b === null ? null : (a ?? 0) + (b ?? 0));
  return {
    inputTokens: add(left.inputTokens, right.inputTokens),
    outputTokens: add(left.outputTokens, right.outputTokens),
  };
}
