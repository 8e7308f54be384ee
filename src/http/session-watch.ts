import type { TenantId } from "../domain/ids.ts";
import { isStillAdmitted } from "../services/access/sign-in.ts";
import type { HttpDeps, SessionWatch, WatchedSocket } from "./env.ts";

/** Twice a second, so that a socket outlives its session by less than one. A look costs two reads by key. */
const LOOK_EVERY_MS = 500;

/**
 * Closes sockets of the backoffice when their session ends, for whatever reason: it looks at what is so rather than
 * listens to who may have changed it, since time ends sessions, too, and so does a command beside the server.
 */
export function createSessionWatch(deps: Pick<HttpDeps, "store" | "tokens" | "now" | "log">): SessionWatch {
  const watched = new Set<WatchedSocket>();
  let timer: ReturnType<typeof setTimeout> | null = null;

  function lookSoon(): void {
    if (timer !== null || watched.size === 0) return;
    timer = setTimeout(() => {
      look()
        // The database is busy or gone; nobody is shut out for that.
        .catch((cause) => deps.log.warn("session-watch-failed", { cause }))
        .finally(() => {
          timer = null;
          lookSoon();
        });
    }, LOOK_EVERY_MS);
    timer.unref();
  }

  async function look(): Promise<void> {
    for (const sockets of bySession(watched)) {
      const [{ jti, tenantId }] = sockets;
      if (await isStillAdmitted(deps, jti, tenantId)) continue;
      for (const socket of sockets) socket.close(4401, "Signed out");
    }
  }

  return {
    add(socket) {
      watched.add(socket);
      lookSoon();
      return () => watched.delete(socket);
    },
  };
}

type Sockets = [WatchedSocket, ...WatchedSocket[]];

/** A person with ten tabs is looked up once. */
function bySession(watched: ReadonlySet<WatchedSocket>): Sockets[] {
  const sessions = new Map<string, Sockets>();
  const keyOf = ({ jti, tenantId }: { jti: string; tenantId: TenantId }) => `${jti} ${tenantId}`;
  for (const socket of watched) {
    const known = sessions.get(keyOf(socket));
    if (known) known.push(socket);
    else sessions.set(keyOf(socket), [socket]);
  }
  return [...sessions.values()];
}
