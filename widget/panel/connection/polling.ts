import type { HistoryAnswer, ReadyFrame } from "../../../src/protocol/chat-protocol.ts";
import { isSessionGone } from "../api.ts";
import { postFrame } from "./post.ts";
import type { LinkEnd, LinkOptions, Transport } from "./transport.ts";

const WHILE_ANSWERING_MS = 1_000;
/** Answers only come to questions; this is for the visitor's other tabs. */
const IDLE_MS = 15_000;

/** The last resort behind proxies that let nothing through but short calls: the history, again and again. */
export const pollingTransport: Transport = { name: "polling", connect };

function connect(options: LinkOptions) {
  const closed = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** A message is on its way and the history may not show it yet. */
  let posting = 0;
  const end = (reason: LinkEnd) => {
    if (closed.signal.aborted) return;
    close();
    options.onEnd(reason);
  };
  const guarded = { ...options, onEnd: end };

  const poll = async () => {
    const { api, credentials } = options;
    const path = `api/chat/history/${encodeURIComponent(credentials.session)}`;
    try {
      const history: HistoryAnswer = await (await api.get(path, credentials, closed.signal)).json();
      if (closed.signal.aborted) return;
      options.onFrame(toReady(history));
      schedule(posting || history.running ? WHILE_ANSWERING_MS : IDLE_MS);
    } catch (thrown) {
      end(isSessionGone(thrown) ? "refused" : "lost");
    }
  };
  const schedule = (delayMs: number) => {
    clearTimeout(timer);
    timer = setTimeout(poll, delayMs);
  };
  void poll();

  function close() {
    closed.abort();
    clearTimeout(timer);
  }
  return {
    send: (frame: Parameters<typeof postFrame>[1]) => {
      posting++;
      schedule(WHILE_ANSWERING_MS);
      void postFrame(guarded, frame).finally(() => {
        posting--;
        if (!closed.signal.aborted) schedule(0);
      });
    },
    close,
  };
}

function toReady({ session, conversation, seq, messages, running }: HistoryAnswer): ReadyFrame {
  return { type: "ready", session, conversation, seq, state: "assistant", history: messages, running };
}
