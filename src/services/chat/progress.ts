import type { Deps } from "../../deps.ts";
import type { ChatSession, Message, PageContext, TurnTrace } from "../../domain/conversation.ts";
import { newId } from "../../domain/ids.ts";
import type { TurnEvent } from "../../domain/turn.ts";

export type ProgressDeps = Pick<Deps, "store" | "log"> & { monotonicNow: () => number };

export type Turn = {
  session: ChatSession;
  /** Stored before the turn runs. */
  question: Message;
  page: PageContext | null;
};

/** How far a turn has come: what is written, and how it came about. */
export type Progress = {
  turn: Turn;
  answer: Message;
  trace: TurnTrace;
  startedAt: number;
  /** Whether the answer has its row. */
  begun: boolean;
  savedAt: number;
  savedLength: number;
};

/** Text that may be lost when the process dies in the middle of an answer. */
const SAVE_EVERY_MS = 500;
const SAVE_EVERY_CHARACTERS = 2000;

export function newProgress(deps: Pick<Deps, "now"> & { monotonicNow: () => number }, turn: Turn): Progress {
  return {
    turn,
    answer: emptyAnswer(turn, deps.now()),
    trace: emptyTrace(turn.question.content),
    startedAt: deps.monotonicNow(),
    begun: false,
    savedAt: 0,
    savedLength: 0,
  };
}

/** Appends to the answer, for the visitor now and for the store now and then. */
export async function* addText(
  deps: ProgressDeps,
  progress: Progress,
  text: string,
): AsyncGenerator<TurnEvent> {
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

/** Runs one step of the turn and writes down how long it took. */
export async function timed<Result>(
  deps: Pick<ProgressDeps, "monotonicNow">,
  { trace }: Progress,
  timing: "rewriteMs" | "retrieveMs",
  work: () => Promise<Result>,
): Promise<Result> {
  const startedAt = deps.monotonicNow();
  const result = await work();
  trace.timings[timing] = Math.round(deps.monotonicNow() - startedAt);
  return result;
}

/** Milliseconds since the turn began. */
export function elapsed(deps: Pick<ProgressDeps, "monotonicNow">, progress: Progress): number {
  return Math.round(deps.monotonicNow() - progress.startedAt);
}

function emptyAnswer({ question }: Turn, now: number): Message {
  return {
    id: newId("message"),
    conversationId: question.conversationId,
    role: "assistant",
    content: "",
    citations: [],
    status: "streaming",
    abstained: false,
    nearest: [],
    errorCode: null,
    rating: null,
    clientId: null,
    createdAt: now,
  };
}

function emptyTrace(question: string): TurnTrace {
  return {
    question,
    rewrittenQuery: question,
    candidates: [],
    provider: "",
    model: "",
    prompt: [],
    toolCalls: [],
    usage: { inputTokens: null, outputTokens: null },
    timings: { rewriteMs: 0, retrieveMs: 0, firstTokenMs: null, generateMs: 0, totalMs: 0 },
    outcome: { status: "complete", code: null, reason: null },
  };
}
