import type { ChatSessionId } from "../../domain/ids.ts";
import {
  type LiveStream,
  loadStreamState,
  type SessionStreamDeps,
  type StreamState,
  sessionStream,
} from "./session-stream.ts";

/** The streams of all sessions that somebody listens to or is answered in. */
export type LiveStreams = {
  open(sessionId: ChatSessionId): Promise<LiveStream>;
  /** Calls `onAbandoned` when nobody has listened to the session for a while. Returns a cancel function. */
  watchAbandoned(sessionId: ChatSessionId, onAbandoned: () => void): () => void;
  close(): void;
};

/** A stream without listeners and turns is forgotten after this long. */
const FORGET_AFTER_MS = 60_000;
const ABANDONED_AFTER_MS = 10_000;

export function createLiveStreams(deps: SessionStreamDeps): LiveStreams {
  const states = new Map<ChatSessionId, StreamState>();
  const opening = new Map<ChatSessionId, Promise<StreamState>>();
  const sweeper = setInterval(() => forgetIdle(states, deps.monotonicNow()), FORGET_AFTER_MS);
  sweeper.unref();

  async function load(sessionId: ChatSessionId): Promise<StreamState> {
    const state = await loadStreamState(deps, sessionId);
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
      return sessionStream(deps, await stateOf(sessionId));
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

function forgetIdle(states: Map<ChatSessionId, StreamState>, now: number): void {
  for (const [sessionId, state] of states) {
    if (state.running.size > 0 || state.listeners.size > 0) continue;
    if (state.idleSince === Number.POSITIVE_INFINITY) state.idleSince = now;
    else if (now - state.idleSince > FORGET_AFTER_MS) states.delete(sessionId);
  }
}
