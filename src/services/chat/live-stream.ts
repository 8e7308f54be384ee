import type { Deps, Log } from "../../deps.ts";
import type { ChatSessionId, MessageId } from "../../domain/ids.ts";
import type { StreamEvent, TurnEvent } from "../../domain/turn.ts";

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

export type LiveStreams = {
  open(sessionId: ChatSessionId): Promise<LiveStream>;
  /** Calls `onAbandoned` when nobody has listened to the session for a while. Returns a cancel function. */
  watchAbandoned(sessionId: ChatSessionId, onAbandoned: () => void): () => void;
  close(): void;
};

/** Deltas closer together than this become one. The first of a pause goes out at once. */
const MERGE_MS = 16;
/** Numbers taken from the store at a time: more than one turn can use at one event per MERGE_MS. */
const SEQUENCE_BLOCK = 10_000;
/** Events of finished turns kept for a socket that drops and returns. */
const KEPT_EVENTS = 400;
/** A stream without listeners and turns is forgotten after this long. */
const FORGET_AFTER_MS = 60_000;
const ABANDONED_AFTER_MS = 10_000;

type StreamState = {
  nextSequence: number;
  sequenceEnd: number;
  buffer: StreamEvent[];
  /** Sequence number of the first event that was dropped from the buffer, or never was in it. */
  completeSince: number;
  /** Answers that are being written, with the number of their first event. */
  running: Map<MessageId, number>;
  listeners: Set<(event: StreamEvent) => void>;
  pending: { messageId: MessageId; text: string } | null;
  mergeTimer: ReturnType<typeof setTimeout> | null;
  lastFlushAt: number;
  idleSince: number;
};

export function createLiveStreams(
  deps: Pick<Deps, "store"> & { log: Log; monotonicNow: () => number },
): LiveStreams {
  const states = new Map<ChatSessionId, StreamState>();
  const opening = new Map<ChatSessionId, Promise<StreamState>>();
  const sweeper = setInterval(() => forgetIdle(states, deps.monotonicNow()), FORGET_AFTER_MS);
  sweeper.unref();

  async function load(sessionId: ChatSessionId): Promise<StreamState> {
    const nextSequence = await deps.store.chatSessions.reserveSequence(sessionId, 0);
    const state: StreamState = {
      nextSequence,
      sequenceEnd: nextSequence,
      buffer: [],
      completeSince: nextSequence,
      running: new Map(),
      listeners: new Set(),
      pending: null,
      mergeTimer: null,
      lastFlushAt: Number.NEGATIVE_INFINITY,
      idleSince: deps.monotonicNow(),
    };
    states.set(sessionId, state);
    return state;
  }

  async function stateOf(sessionId: ChatSessionId): Promise<StreamState> {
    const known = states.get(sessionId);
    if (known) return known;
    const loading = opening.get(sessionId) ?? load(sessionId).finally(() => opening.delete(sessionId));
    opening.set(sessionId, loading);
    return loading;
  }

  return {
    async open(sessionId) {
      return liveStream(deps, sessionId, await stateOf(sessionId));
    },
    watchAbandoned(sessionId, onAbandoned) {
      let aloneSince: number | null = null;
      const timer = setInterval(() => {
        if ((states.get(sessionId)?.listeners.size ?? 0) > 0) aloneSince = null;
        else if (aloneSince === null) aloneSince = deps.monotonicNow();
        else if (deps.monotonicNow() - aloneSince >= ABANDONED_AFTER_MS) onAbandoned();
      }, 1000);
      return () => clearInterval(timer);
    },
    close() {
      clearInterval(sweeper);
    },
  };
}

function liveStream(
  deps: Pick<Deps, "store"> & { log: Log; monotonicNow: () => number },
  sessionId: ChatSessionId,
  state: StreamState,
): LiveStream {
  function publish(event: TurnEvent): void {
    const numbered: StreamEvent = { ...event, seq: state.nextSequence++ };
    state.buffer.push(numbered);
    if (event.type === "done") finishTurn(state, event.message.id);
    else if (event.type !== "question" && !state.running.has(event.messageId))
      state.running.set(event.messageId, numbered.seq);
    for (const listener of state.listeners) {
      try {
        listener(numbered);
      } catch (cause) {
        deps.log.error("stream-listener-failed", { sessionId, cause });
      }
    }
  }

  function flush(): void {
    if (state.mergeTimer) clearTimeout(state.mergeTimer);
    state.mergeTimer = null;
    const { pending } = state;
    if (!pending) return;
    state.pending = null;
    state.lastFlushAt = deps.monotonicNow();
    publish({ type: "delta", ...pending });
  }

  function merge(messageId: MessageId, text: string): void {
    if (state.pending && state.pending.messageId !== messageId) flush();
    state.pending = { messageId, text: (state.pending?.text ?? "") + text };
    const wait = MERGE_MS - (deps.monotonicNow() - state.lastFlushAt);
    if (wait <= 0) flush();
    else state.mergeTimer ??= setTimeout(flush, wait);
  }

  return {
    lastSequence: () => state.nextSequence - 1,
    async prepare() {
      state.idleSince = Number.POSITIVE_INFINITY;
      if (state.sequenceEnd - state.nextSequence > SEQUENCE_BLOCK / 2) return;
      const first = await deps.store.chatSessions.reserveSequence(sessionId, SEQUENCE_BLOCK);
      if (state.nextSequence === state.sequenceEnd) state.nextSequence = first;
      // Two turns of one session may prepare at once, and the later block may arrive first.
      state.sequenceEnd = Math.max(state.sequenceEnd, first + SEQUENCE_BLOCK);
    },
    emit(event) {
      if (event.type === "delta") return merge(event.messageId, event.text);
      flush();
      publish(event);
    },
    replayAfter(after) {
      if (after + 1 < state.completeSince) return null;
      return state.buffer.filter((event) => event.seq > after);
    },
    runningEvents() {
      return state.buffer.filter((event) => "messageId" in event && state.running.has(event.messageId));
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

function finishTurn(state: StreamState, answerId: MessageId): void {
  state.running.delete(answerId);
  const neededFrom = Math.min(...state.running.values());
  const finished = state.buffer.findIndex((event) => event.seq >= neededFrom);
  const droppable = finished === -1 ? state.buffer.length : finished;
  const dropped = state.buffer.splice(0, Math.max(0, Math.min(droppable, state.buffer.length - KEPT_EVENTS)));
  const lastDropped = dropped.at(-1);
  if (lastDropped) state.completeSince = lastDropped.seq + 1;
}

function forgetIdle(states: Map<ChatSessionId, StreamState>, now: number): void {
  for (const [sessionId, state] of states) {
    if (state.running.size > 0 || state.listeners.size > 0) continue;
    if (state.idleSince === Number.POSITIVE_INFINITY) state.idleSince = now;
    else if (now - state.idleSince > FORGET_AFTER_MS) states.delete(sessionId);
  }
}
