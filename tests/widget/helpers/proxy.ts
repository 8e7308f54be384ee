/** A proxy between pages and Parley that lets calls through and does with sockets what such proxies do. */
import { createHash } from "node:crypto";
import { connect, createServer, type Socket } from "node:net";

/** `silent` accepts the upgrade and passes nothing on; `hanging` never answers it. */
export type SocketFate = "passed" | "refused" | "reset" | "silent" | "hanging";

/** @see https://www.rfc-editor.org/rfc/rfc6455#section-1.3 */
const ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export type BlockingProxy = Awaited<ReturnType<typeof startProxy>>;

export async function startProxy(target: number, fate: SocketFate) {
  const ends = new Set<Socket>();
  const state = { fate, sockets: 0 };
  const keep = (end: Socket) => {
    ends.add(end);
    end.on("error", () => {});
    end.on("close", () => ends.delete(end));
  };
  const server = createServer((near) => {
    keep(near);
    near.once("data", (head) => {
      const isSocket = /^upgrade: websocket/im.test(head.toString("latin1"));
      if (isSocket) state.sockets++;
      if (isSocket && state.fate !== "passed") return block(near, head.toString("latin1"), state.fate);
      const far = connect(target, "127.0.0.1");
      keep(far);
      near.on("close", () => far.destroy());
      far.on("close", () => near.destroy());
      far.write(head);
      near.pipe(far).pipe(near);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : 0,
    /** How many sockets were asked for. */
    sockets: () => state.sockets,
    setFate: (next: SocketFate) => {
      state.fate = next;
    },
    close: () => {
      server.close();
      for (const end of ends) end.destroy();
    },
  };
}

function block(near: Socket, head: string, fate: Exclude<SocketFate, "passed">): void {
  if (fate === "reset") near.resetAndDestroy();
  else if (fate === "refused")
    near.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
  else if (fate === "silent") {
    const key = /^sec-websocket-key: (.*)$/im.exec(head)?.[1]?.trim() ?? "";
    const accept = createHash("sha1")
      .update(key + ACCEPT_GUID)
      .digest("base64");
    near.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
    );
  }
}
