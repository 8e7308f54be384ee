/**
 * Keeps a link to Parley while the panel is in use: socket, server-sent events or polling, the best that
 * comes through. What the visitor notices is a state in words; what was missed is replayed by the server.
 */
import type { ServerFrame } from "../../../src/protocol/chat-protocol.ts";
import type { PageContext } from "../../contract.ts";
import { type Api, ApiError, type Credentials } from "../api.ts";
import type { Slot, StoredWay } from "../storage.ts";
import { retryDelayMs } from "./backoff.ts";
import { eventsTransport } from "./event-stream.ts";
import { pollingTransport } from "./polling.ts";
import { type Race, startRace } from "./race.ts";
import { socketTransport } from "./socket.ts";
import type { Link, Outgoing, Transport } from "./transport.ts";

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
  /** What came through where better transports did not. */
  way: Slot<StoredWay>;
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
  /** Without a link it is lost; whoever sends hears of the next link and sends again. */
  send: (frame: Outgoing) => void;
};

/** A link cut this soon, this often, is a proxy that does not want it; the next transport takes over. */
const SHORT_LIFE_MS = 8_000;
const SHORT_LIVES = 3;
/** Networks change: a laptop is carried home, a proxy is taught. Trying again costs one head start. */
const REMEMBERED_MS = 24 * 60 * 60 * 1000;

const TRANSPORTS: readonly Transport[] = [socketTransport, eventsTransport, pollingTransport];

/** One state machine in one closure: its steps are short and call each other, so parts of it would share every variable. */
export function createConnection(deps: ConnectionDeps): Connection {
  const shortLives = new Map<Transport, number>();
  let running = false;
  let race: Race | null = null;
  let link: Link | null = null;
  let attempt = 0;
  /** Counts links and their makings, so that a late answer of an earlier one is not taken for this one's. */
  let generation = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isCurrent = (mine: number) => running && mine === generation;
  const drop = () => {
    generation++;
    clearTimeout(timer);
    race?.stop();
    race = null;
    link = null;
  };

  const begin = async () => {
    drop();
    const mine = generation;
    deps.onState({ name: attempt === 0 ? "connecting" : "reconnecting" });
    try {
      const credentials = await deps.session();
      if (isCurrent(mine)) compete(credentials);
    } catch (thrown) {
      if (isCurrent(mine)) sessionFailed(thrown);
    }
  };

  const compete = (credentials: Credentials) => {
    if (!navigator.onLine) return retryLater();
    drop();
    let readyAt = 0;
    let isHeard = false;
    race = startRace({
      transports: promising(),
      connect: (transport, events) =>
        transport.connect({
          ...{ api: deps.api, credentials, ...events },
          ...{ after: deps.resumeAfter(), locale: deps.locale(), page: deps.page() },
        }),
      onReady: (ready, transport) => {
        if (!isHeard) remember(transport);
        link = ready;
        readyAt = Date.now();
        attempt = 0;
      },
      onFrame: (frame) => {
        deps.onFrame(frame);
        if (frame.type === "ready") deps.onState({ name: "connected" });
      },
      onHeard: () => {
        isHeard = true;
        deps.way.write(null);
      },
      onEnd: (end, transport) => {
        if (end === "refused") return renew();
        if (transport && end === "lost") countLife(transport, Date.now() - readyAt);
        retryLater();
      },
    });
  };

  /** All but those that are cut again and again: the remembered one, then best first. */
  const promising = () => {
    const usable = TRANSPORTS.filter((one) => (shortLives.get(one) ?? 0) < SHORT_LIVES);
    if (usable.length === 0) shortLives.clear();
    const first = usable.filter(({ name }) => name === remembered());
    return usable.length ? [...new Set([...first, ...usable])] : TRANSPORTS;
  };
  const remembered = () => {
    const way = deps.way.read();
    return way && Math.abs(Date.now() - way.at) < REMEMBERED_MS ? way.name : null;
  };
  /** At once, since pages are left before a silent socket has had its time; one that comes late undoes it. Not anew while it is remembered, so that the better ones get their chance when the time is over. */
  const remember = (transport: Transport) => {
    const { name } = transport;
    if (transport === TRANSPORTS[0]) deps.way.write(null);
    else if (name !== remembered()) deps.way.write({ name, at: Date.now() });
  };
  const countLife = (transport: Transport, lifeMs: number) => {
    if (lifeMs < SHORT_LIFE_MS) shortLives.set(transport, (shortLives.get(transport) ?? 0) + 1);
    else shortLives.delete(transport);
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

  const restart = () => {
    attempt = 0;
    void begin();
  };
  // It may be another network.
  const onOnline = () => {
    deps.way.write(null);
    restart();
  };
  const onOffline = () => {
    drop();
    deps.onState({ name: "offline" });
  };
  // A page in the back-forward cache may hold no socket; when it comes back it makes a new one.
  const onPageShow = (event: PageTransitionEvent) => {
    if (event.persisted) restart();
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
      if (running) restart();
    },
    send: (frame) => link?.send(frame),
  };
}
