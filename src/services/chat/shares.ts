/** How much of something each tenant and each visitor may have, so that whoever comes last gets some as well. */
import type { ChatSessionId, TenantId } from "../../domain/ids.ts";

export type Holder = { tenantId: TenantId; sessionId: ChatSessionId };

export type Shares = {
  hasRoom(holder: Holder): boolean;
  add(holder: Holder): void;
  remove(holder: Holder): void;
  /** How many one visitor has. */
  ofSession(sessionId: ChatSessionId): number;
};

/**
 * A tenant may have this many times what is free. Taking makes less free, so a tenant comes to a stop while there is
 * some left for the next one, who comes to a stop as well, and so on; giving back moves the line for all of them.
 */
const TIMES_FREE = 4;

/**
 * Each tenant alone may have `most`, and there is a quarter more, which others find whatever one of them has taken.
 * Within a tenant a visitor may have as many as would be left for the others: one alone takes half of them, and a first
 * one fits beside all that a few have asked.
 */
export function createShares(most: number): Shares {
  const room = (most * (TIMES_FREE + 1)) / TIMES_FREE;
  const tenants = new Map<TenantId, number>();
  const sessions = new Map<ChatSessionId, number>();
  let all = 0;

  return {
    hasRoom({ tenantId, sessionId }) {
      // At most (TIMES_FREE + 1) × `most`, where nobody has anything; each that the tenant takes costs as many.
      const left = TIMES_FREE * (room - all) - (tenants.get(tenantId) ?? 0);
      return left > (TIMES_FREE + 1) * (sessions.get(sessionId) ?? 0);
    },
    add({ tenantId, sessionId }) {
      all += 1;
      change(tenants, tenantId, 1);
      change(sessions, sessionId, 1);
    },
    remove({ tenantId, sessionId }) {
      all -= 1;
      change(tenants, tenantId, -1);
      change(sessions, sessionId, -1);
    },
    ofSession: (sessionId) => sessions.get(sessionId) ?? 0,
  };
}

function change<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
