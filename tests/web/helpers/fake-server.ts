import { join } from "node:path";
import type { Server, ServerWebSocket } from "bun";
import type { AdminFrame } from "../../../src/protocol/admin-api/live.ts";
import { bundleAdmin } from "./bundle.ts";
import { type FakeState, fakeApi, type Scenario, stateFor } from "./fake-api.ts";

/** The header Parley sends with the backoffice (security.md §4.4, narrowed to what a test can serve). */
export const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self' ws:; " +
  "require-trusted-types-for 'script'; trusted-types 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export type FakeServer = {
  url: string;
  state: FakeState;
  /** Says something on every open live socket. */
  say: (frame: AdminFrame) => void;
  /** Cuts every live socket, as a proxy would. */
  cut: () => void;
  stop: () => Promise<void>;
};

/** Serves the real bundle with the real CSP and canned answers, on a free loopback port. */
export async function startFake(scenario: Scenario = "typical"): Promise<FakeServer> {
  const bundle = await bundleAdmin();
  const state = stateFor(scenario);
  const sockets = new Set<ServerWebSocket<undefined>>();
  const page = await Bun.file(join(import.meta.dir, "../../../web/index.html")).text();
  const server: Server<undefined> = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request, self) {
      const { pathname } = new URL(request.url);
      if (pathname === "/ws/admin")
        return self.upgrade(request) ? undefined : new Response(null, { status: 400 });
      const asset = bundle.get(pathname);
      if (asset) return new Response(asset.body, { headers: { "content-type": asset.type } });
      if (pathname === "/") {
        return new Response(page, {
          headers: { "content-type": "text/html", "content-security-policy": CSP },
        });
      }
      return fakeApi(request, state);
    },
    websocket: {
      open(socket) {
        sockets.add(socket);
        socket.send(JSON.stringify({ type: "ready", tenant: "ten_1" } satisfies AdminFrame));
      },
      message(socket) {
        socket.send(JSON.stringify({ type: "pong" } satisfies AdminFrame));
      },
      close(socket) {
        sockets.delete(socket);
      },
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    state,
    say: (frame) => {
      for (const socket of sockets) socket.send(JSON.stringify(frame));
    },
    cut: () => {
      for (const socket of sockets) socket.terminate();
    },
    stop: () => server.stop(true),
  };
}
