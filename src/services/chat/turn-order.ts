/** Who waits, and in which order they come: tenant after tenant, in each of them visitor after visitor. */
import type { ChatSessionId, TenantId } from "../../domain/ids.ts";
import type { Holder } from "./shares.ts";

export type TurnOrder<Waiter extends Holder> = {
  add(waiter: Waiter): void;
  remove(waiter: Waiter): void;
  /** Takes out the next one that `may` come, and puts its tenant and visitor behind the others. Null for none. */
  takeNext(may: (waiter: Waiter) => boolean): Waiter | null;
};

/** Whoever came last is behind; maps keep the order in which keys were added. */
type Line<Waiter> = Map<ChatSessionId, Waiter[]>;

export function createTurnOrder<Waiter extends Holder>(): TurnOrder<Waiter> {
  const tenants = new Map<TenantId, Line<Waiter>>();

  /** Without the waiter, and behind the others what is left of its visitor's and its tenant's. */
  function takeOut(waiter: Waiter, line: Line<Waiter>, ofSession: Waiter[]): void {
    const { tenantId, sessionId } = waiter;
    const rest = ofSession.filter((each) => each !== waiter);
    line.delete(sessionId);
    if (rest.length > 0) line.set(sessionId, rest);
    tenants.delete(tenantId);
    if (line.size > 0) tenants.set(tenantId, line);
  }

  return {
    add(waiter) {
      const line: Line<Waiter> = tenants.get(waiter.tenantId) ?? new Map();
      const ofSession = line.get(waiter.sessionId) ?? [];
      tenants.set(waiter.tenantId, line.set(waiter.sessionId, [...ofSession, waiter]));
    },

    remove(waiter) {
      const line = tenants.get(waiter.tenantId);
      const ofSession = line?.get(waiter.sessionId);
      if (!line || !ofSession?.includes(waiter)) return;
      const rest = ofSession.filter((each) => each !== waiter);
      if (rest.length > 0) line.set(waiter.sessionId, rest);
      else line.delete(waiter.sessionId);
      if (line.size === 0) tenants.delete(waiter.tenantId);
    },

    takeNext(may) {
      for (const line of tenants.values()) {
        for (const ofSession of line.values()) {
          const [first] = ofSession;
          if (!first || !may(first)) continue;
          takeOut(first, line, ofSession);
          return first;
        }
      }
      return null;
    },
  };
}
