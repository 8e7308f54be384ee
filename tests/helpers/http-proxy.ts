/** An HTTP proxy as companies have them: CONNECT for HTTPS, whole addresses for HTTP, and names that it knows by itself. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export type TestProxy = {
  port: number;
  /** The first line of each request, and what it showed for itself. */
  seen: { line: string; authorization: string | null }[];
  [Symbol.asyncDispose]: () => Promise<void>;
};

/** @param ports where each `host:port` leads to on this machine; any other is answered with 502 */
export async function startProxy(
  ports: Record<string, number>,
  credentials: string | null = null,
): Promise<TestProxy> {
  const seen: TestProxy["seen"] = [];
  const open = new Set<Socket>();
  const expected = credentials && `Basic ${Buffer.from(credentials).toString("base64")}`;

  function answer(client: Socket, first: Buffer): void {
    const [line = "", ...headers] = first.toString("latin1").split("\r\n\r\n")[0]?.split("\r\n") ?? [];
    const authorization =
      headers.find((header) => /^proxy-authorization:/i.test(header))?.replace(/^[^:]*: */, "") ?? null;
    seen.push({ line, authorization });
    if (expected !== null && authorization !== expected)
      return void client.end("HTTP/1.1 407 Who are you\r\nContent-Length: 4\r\n\r\nno!\n");
    const [, method, host = ""] = /^(\S+) (?:https?:\/\/)?([^/ ]+)/.exec(line) ?? [];
    const port = ports[host];
    if (port === undefined)
      return void client.end("HTTP/1.1 502 Nobody there\r\nContent-Length: 4\r\n\r\nno!\n");
    const upstream = connect({ host: "127.0.0.1", port }, () => {
      if (method === "CONNECT") client.write("HTTP/1.1 200 OK\r\n\r\n");
      // One request a connection: what follows may be for another host.
      else
        upstream.write(first.toString("latin1").replace(/^connection: .*$/im, "Connection: close"), "latin1");
      client.pipe(upstream).pipe(client);
    });
    keep(upstream);
  }

  function keep(socket: Socket): void {
    open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => open.delete(socket));
  }

  const server = createServer((client) => {
    keep(client);
    client.once("data", (first) => answer(client, Buffer.from(first)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
