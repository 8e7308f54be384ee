/**
 * Keeps a link to Parley while the panel is in use: socket, then server-sent events, then polling,
 * whichever comes through first. What the visitor notices is a state in words; what was missed is
 * replayed by the server.
 */
import type { ServerFrame } from "../../../src/protocol/chat-protocol.ts";
import type { PageContext } from "../../contract.ts";
import { type Api, ApiError, type Credentials } from "../api.ts";
import { retryDelayMs } from "./backoff.ts";
import { eventsTransport } from "./event-stream.ts";
import { pollingTransport } from "./polling.ts";
import { socketTransport } from "./socket.ts";
import type { Link, LinkEnd, Outgoing, Transport } from "./transport.ts";

export type ConnectionState =
  | { name: "idle" | "connecting" | "connected" | "reconnecting" | "offline" }
  /** Parley will have nothing to do with this page or visitor; trying again is no use. */
  | { name: "refused"; code: string; message: string };

export type ConnectionDeps = {
  api: Api;
  /** The stored session, or a new one. */
  session: () => Promise<Credentials>;
  /** Forgets the stored session, so that `session` makes another. */
  forgetSession: () => void;
  resumeAfter: () => number | undefined;
  locale: () => string;
  page: () => PageContext | undefined;
  onFrame: (frame: ServerFrame) => void;
  onState: (state: ConnectionState) => void;
};

export type Connection = {
  start: () => void;
  stop: () => void;
  /** Ends the link and makes another one at once. */
  restart: () => void;
  /** False when there is no link to take it. */
  send: (frame: Outgoing) => boolean;
};

/** A transport that shows no `ready` in this time is taken for blocked. */
const READY_WITHIN_MS = 6_000;
/** A link cut this soon, this often, is a proxy that does not want it; the next transport takes over. */
const SHORT_LIFE_MS = 8_000;
const SHORT_LIVES = 3;

const TRANSPORTS: Transport[] = [socketTransport, eventsTransport, pollingTransport];

export function createConnection(deps: ConnectionDeps): Connection {
  const shortLives = new Map<Transport, number>();
  let running = false;
  let link: Link | null = null;
  let connected = false;
  let attempt = 0;
  /** Counts links and their makings, so that a late answer of an earlier one is not taken for this one's. */
  let generation = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isCurrent = (mine: number) => running && mine === generation;
  const drop = () => {
    generation++;
    clearTimeout(timer);
    link?.close();
    link = null;
    connected = false;
  };

  const begin = async () => {
    drop();
    const mine = generation;
    deps.onState({ name: attempt === 0 ? "connecting" : "reconnecting" });
    try {
      const credentials = await deps.session();
      if (isCurrent(mine)) tryFrom(0, credentials);
    } catch (thrown) {
      if (isCurrent(mine)) sessionFailed(thrown);
    }
  };

  /** Tries the transports in turn from `index`; past the last one waits and begins again. */
  const tryFrom = (index: number, credentials: Credentials) => {
    const transport = TRANSPORTS.slice(index).find((one) => (shortLives.get(one) ?? 0) < SHORT_LIVES);
    if (!transport || !navigator.onLine) return retryLater();
    drop();
    const mine = generation;
    const next = TRANSPORTS.indexOf(transport) + 1;
    let readyAt = 0;
    const failed = (end: LinkEnd) => {
      if (!isCurrent(mine)) return;
      if (end === "refused") return renew();
      if (!readyAt) return tryFrom(next, credentials);
      if (Date.now() - readyAt < SHORT_LIFE_MS)
        shortLives.set(transport, (shortLives.get(transport) ?? 0) + 1);
      else shortLives.delete(transport);
      retryLater();
    };
    timer = setTimeout(() => {
      link?.close();
      failed("lost");
    }, READY_WITHIN_MS);
    link = transport.connect({
      api: deps.api,
      credentials,
      after: deps.resumeAfter(),
      locale: deps.locale(),
      page: deps.page(),
      onFrame: (frame) => {
        if (!isCurrent(mine)) return;
        if (frame.type === "error" && frame.code === "UNAUTHENTICATED") return renew();
        if (frame.type === "ready" && !readyAt) {
          readyAt = Date.now();
          clearTimeout(timer);
          attempt = 0;
        }
        deps.onFrame(frame);
        if (frame.type === "ready" && !connected) {
          connected = true;
          deps.onState({ name: "connected" });
        }
      },
      onEnd: failed,
    });
  };

  /** The server does not know the token any more: another session, and the visitor notices nothing. */
  const renew = () => {
    deps.forgetSession();
    attempt++;
    if (attempt > 2) return retryLater();
    void begin();
  };

  const retryLater = (leastMs = 0) => {
    drop();
    const offline = !navigator.onLine;
    deps.onState({ name: offline ? "offline" : "reconnecting" });
    timer = setTimeout(begin, Math.max(leastMs, retryDelayMs(attempt, Math.random())));
    attempt++;
  };

  const sessionFailed = (thrown: unknown) => {
    const known = thrown instanceof ApiError ? thrown : new ApiError(0, "INTERNAL", String(thrown));
    const { status, code, message, retryAfterMs } = known;
    if (status === 0 || status === 429 || status >= 500) return retryLater(retryAfterMs ?? 0);
    drop();
    deps.onState({ name: "refused", code, message });
  };

  const onOnline = () => {
    attempt = 0;
    void begin();
  };
  const onOffline = () => {
    drop();
    deps.onState({ name: "offline" });
  };
  // A page in the back-forward cache may hold no socket; when it comes back it makes a new one.
  const onPageShow = (event: PageTransitionEvent) => {
    if (event.persisted) onOnline();
  };

  return {
    start: () => {
      if (running) return;
      running = true;
      addEventListener("online", onOnline);
      addEventListener("offline", onOffline);
      addEventListener("pagehide", drop);
      addEventListener("pageshow", onPageShow);
      void begin();
    },
    stop: () => {
      running = false;
      drop();
      removeEventListener("online", onOnline);
      removeEventListener("offline", onOffline);
      removeEventListener("pagehide", drop);
      removeEventListener("pageshow", onPageShow);
    },
    restart: () => {
      attempt = 0;
      if (running) void begin();
    },
    send: (frame) => {
      if (!link || !connected) return false;
      link.send(frame);
      return true;
    },
  };
}
