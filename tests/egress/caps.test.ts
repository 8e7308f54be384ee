import { afterEach, describe, expect, test } from "bun:test";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { parseAllowEntry } from "../../src/egress/allow-list.ts";
import { type FetchCaps, fetchCapped } from "../../src/egress/caps.ts";
import { createEgress } from "../../src/egress/egress.ts";
import { VENDOR_HOSTS } from "../../src/providers/catalog.ts";

type Writing = { write(text: string | Uint8Array): number };
type Socket = { socket: Writing; more: () => void };

const stopping: (() => void)[] = [];
afterEach(() => {
  for (const stop of stopping.splice(0)) stop();
});

/** A server that answers every connection with `answer`, which is called again when there is room for more. */
function aServer(answer: (socket: Writing) => void) {
  let closed = () => {};
  const hungUp = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const server = Bun.listen<Socket>({
    hostname: "127.0.0.1",
    port: 0,
    socket: { data: answer, drain: answer, close: () => closed() },
  });
  stopping.push(() => server.stop(true));
  return { url: `http://127.0.0.1:${server.port}/orders`, entry: `127.0.0.1:${server.port}`, hungUp };
}

/** What a REST tool gets from it, through the whole of egress. */
async function read(server: { url: string; entry: string }): Promise<Response> {
  const egress = createEgress({
    ...{ log: { warn: () => {} }, offline: false, vendorHosts: VENDOR_HOSTS, ownAddresses: () => [] },
    allow: () => [parseAllowEntry(server.entry)],
  });
  return egress.fetchFor({ purpose: "tool", baseUrl: new URL(server.url), tenantId: null })(server.url);
}

const whole =
  (body: Uint8Array, headers = "") =>
  (socket: Writing) => {
    socket.write(`HTTP/1.1 200 OK\r\n${headers}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`);
    socket.write(body);
  };

describe("row 65: an answer of a tool", () => {
  const TEXT = Buffer.from("Grüße, 東京 ".repeat(100));

  test.each<[string, Uint8Array]>([
    ["", TEXT],
    ["Content-Encoding: gzip\r\n", gzipSync(TEXT)],
    ["Content-Encoding: deflate\r\n", deflateSync(TEXT)],
    ["Content-Encoding: br\r\n", brotliCompressSync(TEXT)],
  ])("comes as it is, sent with %j", async (headers, body) => {
    expect(await (await read(aServer(whole(body, headers)))).text()).toBe(TEXT.toString());
  });

  test("of 10 GB is cut, and the connection is closed", async () => {
    const chunk = `10000\r\n${"b".repeat(65_536)}\r\n`;
    let begun = false;
    const server = aServer((socket) => {
      if (!begun) socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      begun = true;
      while (socket.write(chunk) === chunk.length);
    });

    await expect((await read(server)).text()).rejects.toMatchObject({ code: "RESPONSE_TOO_LARGE" });
    await server.hungUp;
  });

  test("that announces more than the cap is refused before its body is read", async () => {
    const server = aServer(
      (socket) => void socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n"),
    );

    await expect(read(server)).rejects.toMatchObject({ code: "RESPONSE_TOO_LARGE" });
    await server.hungUp;
  });

  test.each<[string, Uint8Array]>([
    ["gzip", gzipSync(Buffer.alloc(100 * 1024 ** 2))],
    ["br", brotliCompressSync(Buffer.alloc(100 * 1024 ** 2))],
  ])("that is a bomb of %s is cut at what it unpacks to", async (encoding, bomb) => {
    const server = aServer(whole(bomb, `Content-Encoding: ${encoding}\r\n`));

    await expect((await read(server)).text()).rejects.toMatchObject({ code: "RESPONSE_TOO_LARGE" });
  });

  test.each([
    ["gzip", "no gzip"],
    ["zstd", "unasked"],
    ["gzip, gzip", "twice"],
  ])("compressed as %s that is %s is refused in words", async (encoding, body) => {
    const server = aServer(whole(Buffer.from(body), `Content-Encoding: ${encoding}\r\n`));

    await expect((await read(server)).text()).rejects.toMatchObject({ code: "UPSTREAM_BAD_RESPONSE" });
  });

  test("of status 204 has no body, whatever is sent", async () => {
    const server = aServer(
      (socket) => void socket.write("HTTP/1.1 204 OK\r\nContent-Length: 5\r\n\r\nabcde"),
    );

    expect(await (await read(server)).text()).toBe("");
  });

  test("with 2 MB of headers is not read", async () => {
    const part = `X-A: ${"a".repeat(60_000)}\r\n`;
    let sent = 0;
    const server = aServer((socket) => {
      if (sent === 0) socket.write("HTTP/1.1 200 OK\r\n");
      while (sent++ < 40) if (socket.write(part) < part.length) return;
    });

    await expect(read(server)).rejects.toThrow();
    await server.hungUp;
  });
});

describe("the time of an answer", () => {
  const caps: FetchCaps = { ms: 20, rawBytes: 1_000, decodedBytes: 1_000 };

  test("runs from the call, while nothing comes at all", async () => {
    const never = fetchCapped(
      caps,
      "crm.corp",
      {},
      ({ signal }) =>
        new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
    );

    await expect(never).rejects.toMatchObject({
      code: "TOOL_TIMEOUT",
      message: expect.stringContaining("crm.corp"),
    });
  });

  test("runs while the body drips", async () => {
    const server = aServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n");
    });
    const response = await fetchCapped(caps, "crm.corp", {}, (request) => fetch(server.url, request));

    await expect(response.text()).rejects.toMatchObject({ code: "TOOL_TIMEOUT" });
    await server.hungUp;
  });

  test("is the caller's own, too: what he aborts ends with his reason", async () => {
    const controller = new AbortController();
    const server = aServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n");
    });
    const response = await fetchCapped(
      { ...caps, ms: null },
      "crm.corp",
      { signal: controller.signal },
      (request) => fetch(server.url, request),
    );
    const text = response.text();
    controller.abort(new Error("stopped"));

    await expect(text).rejects.toThrow("stopped");
    await server.hungUp;
  });

  test("ends with the reader: the connection is closed", async () => {
    const server = aServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n");
    });
    const response = await fetchCapped({ ...caps, ms: null }, "crm.corp", {}, (request) =>
      fetch(server.url, request),
    );
    await response.body?.cancel();

    await server.hungUp;
  });
});
