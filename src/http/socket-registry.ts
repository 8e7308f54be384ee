import type { OpenSocket, SocketRegistry } from "./env.ts";

/** The open sockets of this process, by who owns them: a session of a visitor or of an admin. */
export function createSocketRegistry(): SocketRegistry {
  const sockets = new Set<OpenSocket>();
  const byOwner = new Map<string, number>();
  const change = (owner: string, by: number) => {
    const count = (byOwner.get(owner) ?? 0) + by;
    if (count > 0) byOwner.set(owner, count);
    else byOwner.delete(owner);
  };
  return {
    add(socket) {
      sockets.add(socket);
      change(socket.owner, 1);
      return () => {
        if (sockets.delete(socket)) change(socket.owner, -1);
      };
    },
    closeWhere(matches, code, reason) {
      for (const socket of [...sockets]) if (matches(socket)) socket.close(code, reason);
    },
    count: () => sockets.size,
    countFor: (owner) => byOwner.get(owner) ?? 0,
  };
}
