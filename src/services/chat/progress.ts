import type { Deps, Settings } from "../../deps.ts";
import type { ChatSession, Message, PageContext, TurnTrace } from "../../domain/conversation.ts";
import { newId } from "../../domain/ids.ts";
import type { TurnEvent } from "../../domain/turn.ts";
import type { ModelUse } from "../../domain/usage.ts";
import { type EarlyEnd, endedEarlyText, withinBytes } from "../../rag/ended-early.ts";
import { detectLanguage } from "../../rag/language.ts";
import type { AnswerPlace } from "./answer-places.ts";
import type { LookedUp } from "./looked-up.ts";
import type { PartialTexts } from "./partial-texts.ts";

export type ProgressDeps = Pick<Deps, "log"> & {
  settings: { limits: Pick<Settings["limits"], "answerBytes" | "passageTokens"> };
  partialTexts: Pick<PartialTexts, "add" | "forget">;
  monotonicNow: () => number;
};

export type Turn = {
  session: ChatSession;
  /** Stored before the turn runs. */
  question: Message;
  page: PageContext | null;
  locale: string | null;
  /** What was said before, where it is not what is stored. */
  saidBefore?: readonly Message[];
  /** Whether nothing was said before, as surely as if it had been looked for. */
  isFirst?: boolean;
  /** Where the answer waits until it may be written. */
  place: Pick<AnswerPlace, "enter">;
};

/** How far a turn has come: what is written, and how it came about. */
export type Progress = {
  turn: Turn;
  answer: Message;
  trace: TurnTrace;
  startedAt: number;
  /** Whether the answer has its row. */
  begun: boolean;
  /** Of the answer's text, in UTF-8. */
  writtenBytes: number;
  /** How many times text was appended. */
  pieces: number;
  /** What look-ups gave, in the order of their numbers. */
  lookedUp: LookedUp[];
  /** What models took for it. */
  uses: ModelUse[];
  /** Of tools: how many, and for how long anything was waited for. */
  calls: { count: number; ms: number };
};

export function newProgress(deps: Pick<Deps, "now"> & { monotonicNow: () => number }, turn: Turn): Progress {
  return {
    turn,
    answer: emptyAnswer(turn, deps.now()),
    trace: emptyTrace(turn.question.content),
    startedAt: deps.monotonicNow(),
    begun: false,
    writtenBytes: 0,
    pieces: 0,
    lookedUp: [],
    uses: [],
    calls: { count: 0, ms: 0 },
  };
}

/** Appends to the answer, for the visitor now and for the store soon. */
export function append(deps: ProgressDeps, progress: Progress, text: string): TurnEvent {
  const { answer, turn } = progress;
  answer.content += text;
  progress.pieces += 1;
  if (progress.pieces % JOINED === 0) join(answer.content);
  progress.writtenBytes += Buffer.byteLength(text);
  deps.partialTexts.add(turn.session.tenantId, answer.id, text);
  return { type: "delta", messageId: answer.id, text };
}

/** Pieces of an answer that are joined at a time. */
const JOINED = 64;

/** A text that grows is a list of its pieces to the engine until somebody reads it whole, and takes ten times the memory. */
function join(text: string): void {
  Buffer.byteLength(text);
}

/** As much of `text` as the answer may still take. */
export function fitting({ settings }: ProgressDeps, { writtenBytes }: Progress, text: string): string {
  return withinBytes(text, settings.limits.answerBytes - writtenBytes);
}

const EARLY_ENDS: Record<EarlyEnd, string> = {
  length: "The answer was cut off at its longest.",
  "content-filter": "The content filter of the model's provider ended the answer.",
};

/** Ends an answer that is cut with a sentence that says so. */
export function appendEndedEarly(deps: ProgressDeps, progress: Progress, why: EarlyEnd): TurnEvent {
  const sentence = endedEarlyText(why, detectLanguage(progress.turn.question.content));
  progress.trace.outcome.reason = EARLY_ENDS[why];
  progress.trace.endedEarly = why;
  return append(deps, progress, `\n\n${sentence}`);
}

/** Runs one step of the turn and adds how long it took. */
export async function timed<Result>(
  deps: Pick<ProgressDeps, "monotonicNow">,
  { trace }: Progress,
  timing: "rewriteMs" | "retrieveMs",
  work: () => Promise<Result>,
): Promise<Result> {
  const startedAt = deps.monotonicNow();
  const result = await work();
  trace.timings[timing] += Math.round(deps.monotonicNow() - startedAt);
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
    smallTalk: null,
    followUps: [],
    lookup: null,
    confirmations: [],
    errorCode: null,
    rating: null,
    clientId: null,
    // Told by its text, once that is whole.
    language: null,
    createdAt: now,
  };
}

export function emptyTrace(question: string): TurnTrace {
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
