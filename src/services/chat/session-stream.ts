import type { Deps } from "../../deps.ts";
import type { ChatSessionId, MessageId } from "../../domain/ids.ts";
import type { StreamEvent, TurnEvent } from "../../domain/turn.ts";
import { createEventBuffer, type EventBuffer } from "./event-buffer.ts";

export type SessionStreamDeps = Pick<Deps, "store" | "log"> & { monotonicNow: () => number };

/**
 * The numbered events of one session, from a running turn to every socket, tab and SSE stream of it.
 * Live text is only here; what lasts is in the store.
 */
export type LiveStream = {
  /** The number of the latest event, 0 before the first one of this process is known. */
  lastSequence(): number;
  /** Gives numbers to the next events. Must be called before a turn emits. */
  prepare(): Promise<void>;
  /** Text is merged over a few ms; anything else goes out at once, after the text before it. */
  emit(event: TurnEvent): void;
  /** Events after `after` that are still here; null when some of them are gone. */
  replayAfter(after: number): StreamEvent[] | null;
  /** Events of the answers that are being written now: two of them when another conversation was begun meanwhile. */
  runningEvents(): StreamEvent[];
  subscribe(listener: (event: StreamEvent) => void): () => void;
  subscribers(): number;
};

/** Deltas closer together than this become one. The first of a pause goes out at once. */
const MERGE_MS = 16;
/** Numbers taken from the store at a time: more than one turn can use at one event per MERGE_MS. */
const SEQUENCE_BLOCK = 10_000;
/** Events of finished turns kept for a socket that drops and returns. */
const KEPT_EVENTS = 400;

/** All that a process knows of a session's stream; whoever opens it works on the same one. */
export type StreamState = {
  sessionId: ChatSessionId;
  /** The number of the next event. */
  nextSequence: number;
  /** Numbers below it are this process's own. */
  sequenceEnd: number;
  buffer: EventBuffer;
  /** Sequence number of the first event that was dropped from the buffer, or never was in it. */
  completeSince: number;
  /** Answers that are being written, with the number of their first event. */
  running: Map<MessageId, number>;
  listeners: Set<(event: StreamEvent) => void>;
  /** Text that waits to be merged with what follows. */
  pending: { messageId: MessageId; text: string } | null;
  mergeTimer: ReturnType<typeof setTimeout> | null;
  lastFlushAt: number;
  /** Infinity while somebody listens, or is about to. */
  idleSince: number;
};

export async function loadStreamState(
  { store, monotonicNow }: SessionStreamDeps,
  sessionId: ChatSessionId,
): Promise<StreamState> {
  const nextSequence = await store.chatSessions.reserveSequence(sessionId, 0);
  return {
    sessionId,
    nextSequence,
    sequenceEnd: nextSequence,
    buffer: createEventBuffer(),
    completeSince: nextSequence,
    running: new Map(),
    listeners: new Set(),
    pending: null,
    mergeTimer: null,
    lastFlushAt: Number.NEGATIVE_INFINITY,
    idleSince: monotonicNow(),
  };
}

export function sessionStream(deps: SessionStreamDeps, state: StreamState): LiveStream {
  return {
    lastSequence: () => state.nextSequence - 1,
    prepare: () => reserveNumbers(deps, state),
    emit(event) {
      if (event.type === "delta") return merge(deps, state, event.messageId, event.text);
      flush(deps, state);
      publish(deps, state, { ...event, seq: state.nextSequence++ });
    },
    replayAfter(after) {
      if (after + 1 < state.completeSince) return null;
      return state.buffer.after(after);
    },
    runningEvents() {
      return state.buffer
        .after(firstNeeded(state) - 1)
        .filter((event) => "messageId" in event && state.running.has(event.messageId));
    },
    subscribe(listener) {
      state.listeners.add(listener);
      state.idleSince = Number.POSITIVE_INFINITY;
      return () => {
        state.listeners.delete(listener);
        if (state.listeners.size === 0) state.idleSince = deps.monotonicNow();
      };
    },
    subscribers: () => state.listeners.size,
  };
}

async function reserveNumbers({ store }: SessionStreamDeps, state: StreamState): Promise<void> {
  state.idleSince = Number.POSITIVE_INFINITY;
  if (state.sequenceEnd - state.nextSequence > SEQUENCE_BLOCK / 2) return;
  const first = await store.chatSessions.reserveSequence(state.sessionId, SEQUENCE_BLOCK);
  if (state.nextSequence === state.sequenceEnd) state.nextSequence = first;
  // Two turns of one session may prepare at once, and the later block may arrive first.
  state.sequenceEnd = Math.max(state.sequenceEnd, first + SEQUENCE_BLOCK);
}

function merge(deps: SessionStreamDeps, state: StreamState, messageId: MessageId, text: string): void {
  if (state.pending && state.pending.messageId !== messageId) flush(deps, state);
  if (state.pending) state.pending.text += text;
  else state.pending = { messageId, text };
  const wait = MERGE_MS - (deps.monotonicNow() - state.lastFlushAt);
  if (wait <= 0) flush(deps, state);
  else state.mergeTimer ??= setTimeout(() => flush(deps, state), wait);
}

/** Sends the text that was held back to be merged. */
function flush(deps: SessionStreamDeps, state: StreamState): void {
  if (state.mergeTimer) clearTimeout(state.mergeTimer);
  state.mergeTimer = null;
  const { pending } = state;
  if (!pending) return;
  state.pending = null;
  state.lastFlushAt = deps.monotonicNow();
  const { messageId, text } = pending;
  publish(deps, state, { type: "delta", messageId, text, seq: state.nextSequence++ });
}

/** Keeps the event for those who come late, and hands it to those who listen. */
function publish({ log }: SessionStreamDeps, state: StreamState, event: StreamEvent): void {
  state.buffer.add(event);
  if (event.type === "done") finishTurn(state, event.message.id);
  else if (startsAnswer(event) && !state.running.has(event.messageId))
    state.running.set(event.messageId, event.seq);
  for (const listener of state.listeners) {
    try {
      listener(event);
    } catch (cause) {
      log.error("stream-listener-failed", { sessionId: state.sessionId, cause });
    }
  }
}

/** What is said of a confirmation may come long after the answer that asked for it. */
function startsAnswer(event: StreamEvent): event is Extract<StreamEvent, { messageId: MessageId }> {
  return "messageId" in event && event.type !== "confirm";
}

/** Lets go of events that no running answer needs and that are too many to keep for whoever returns. */
function finishTurn(state: StreamState, answerId: MessageId): void {
  state.running.delete(answerId);
  const { buffer } = state;
  const finished = buffer.countBefore(firstNeeded(state));
  const last = buffer.drop(Math.max(0, Math.min(finished, buffer.count() - KEPT_EVENTS)));
  if (last !== null) state.completeSince = last + 1;
}

/** The number of the first event that a running answer needs; Infinity while none is running. */
function firstNeeded({ running }: StreamState): number {
  return Math.min(...running.values());
}
