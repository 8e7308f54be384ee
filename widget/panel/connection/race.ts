/**
 * Tries the ways to Parley beside each other, the best one with a head start, because a proxy that blocks
 * one of them often says nothing at all. The best that comes through is used, also when it comes late.
 */
import type { ServerFrame } from "../../../src/protocol/chat-protocol.ts";
import type { Link, LinkEnd, LinkOptions, Transport } from "./transport.ts";

/** Long enough for a socket on an intranet, short enough that nobody notices when it does not come. */
const HEAD_START_MS = 400;
/** A transport that shows no `ready` in this time is taken for blocked. */
const READY_WITHIN_MS = 6_000;

export type RaceOptions = {
  /** The one to be preferred first. */
  transports: readonly Transport[];
  connect: (transport: Transport, events: Pick<LinkOptions, "onFrame" | "onEnd">) => Link;
  /** This link is used from now on, until a better one is ready or it ends. */
  onReady: (link: Link, transport: Transport) => void;
  onFrame: (frame: ServerFrame) => void;
  /** Parley spoke over a transport that does not come to be used, so it is not blocked. */
  onHeard: () => void;
  /** The link in use ended, or (`transport` null) none came through. */
  onEnd: (end: LinkEnd, transport: Transport | null) => void;
};

export type Race = { stop: () => void };

export function startRace({ transports, connect, onReady, onFrame, onHeard, onEnd }: RaceOptions): Race {
  const waiting = [...transports];
  /** How to give up each that was begun and is not in use, in the order of `transports`. */
  const trying = new Map<Transport, () => void>();
  let used: { transport: Transport; link: Link } | null = null;
  let isOver = false;
  let headStart: ReturnType<typeof setTimeout> | undefined;

  const stop = () => {
    isOver = true;
    clearTimeout(headStart);
    for (const giveUp of trying.values()) giveUp();
    used?.link.close();
  };
  const finish = (end: LinkEnd, transport: Transport | null) => {
    stop();
    onEnd(end, transport);
  };
  const use = (transport: Transport, link: Link) => {
    clearTimeout(headStart);
    trying.delete(transport);
    used?.link.close();
    used = { transport, link };
    for (const [other, giveUp] of trying)
      if (transports.indexOf(other) > transports.indexOf(transport)) giveUp();
    onReady(link, transport);
  };

  const tryNext = () => {
    clearTimeout(headStart);
    const transport = waiting.shift();
    if (!transport) return trying.size === 0 && finish("lost", null);
    const ended = (end: LinkEnd) => {
      if (isOver) return;
      if (used?.link === link) return finish(end, transport);
      if (end === "refused") return finish(end, null);
      if (end === "closed") onHeard();
      giveUp();
      if (!used) tryNext();
    };
    const link = connect(transport, {
      onEnd: ended,
      onFrame: (frame) => {
        if (isOver) return;
        if (frame.type === "error" && frame.code === "UNAUTHENTICATED") return finish("refused", null);
        if (frame.type === "ready" && trying.has(transport)) {
          clearTimeout(timer);
          use(transport, link);
        }
        if (used?.link === link) onFrame(frame);
        else onHeard();
      },
    });
    const timer = setTimeout(() => ended("lost"), READY_WITHIN_MS);
    const giveUp = () => {
      clearTimeout(timer);
      trying.delete(transport);
      link.close();
    };
    trying.set(transport, giveUp);
    headStart = setTimeout(tryNext, HEAD_START_MS);
  };
  tryNext();
  return { stop };
}
