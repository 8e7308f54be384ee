/** Bytes to a server and what it answers, for requests that no HTTP client would send. */
import { connect } from "node:net";

export type RawAnswer = { status: number; head: string; body: string };

/**
 * Sends `bytes` on a connection of its own and reads until the server has said everything or closes.
 * Status 0 when it closed without an answer.
 */
export function rawRequest(url: string, bytes: string | Uint8Array): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let received = Buffer.alloc(0);
    const finish = () => {
      socket.destroy();
      resolve(parse(received));
    };
    socket.on("connect", () => socket.write(bytes));
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, Buffer.from(chunk)]);
      if (isWhole(received)) finish();
    });
    socket.on("error", finish);
    socket.on("close", finish);
  });
}

/** An upgrade as a browser asks for it, with these headers more. */
export function upgradeRequest(path: string, host: string, headers: Record<string, string>): string {
  const lines = {
    Host: host,
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const text = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${text.join("")}\r\n`;
}

function isWhole(bytes: Buffer): boolean {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const head = bytes.subarray(0, end).toString("latin1");
  if (/^HTTP\/1\.1 (101|204|304)/.test(head)) return true;
  const length = /^content-length: (\d+)$/im.exec(head)?.[1];
  if (length !== undefined) return bytes.length >= end + 4 + Number(length);
  return bytes.includes("\r\n0\r\n\r\n");
}

function parse(bytes: Buffer): RawAnswer {
  const text = bytes.toString("utf8");
  const [head = "", body = ""] = text.split("\r\n\r\n");
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, body };
}
