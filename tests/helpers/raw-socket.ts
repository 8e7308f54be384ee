/** A WebSocket that can stop reading, which no client of the platform lets a test do. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Frame } from "./frames.ts";
import { upgradeRequest } from "./raw-http.ts";

export type RawSocket = {
  send(frame: unknown): void;
  /** Resolves when the server has said something. */
  begun: Promise<void>;
  pause(): void;
  /** Reads on until the server closes; with its close code, 1006 where it gave none, and every frame since the start. */
  readToTheEnd(): Promise<{ code: number; frames: Frame[] }>;
};

const READER = join(import.meta.dir, "stopped-reader.ts");
const OPCODE_TEXT = 1;
const OPCODE_CLOSE = 8;
const CLOSE_ABNORMAL = 1006;

export async function openRawSocket(url: string, headers: Record<string, string>): Promise<RawSocket> {
  const { hostname, port, host, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  let isOpen = false;
  const opened = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  socket.on("data", (chunk) => {
    chunks.push(Buffer.from(chunk));
    if (isOpen) return begun.resolve();
    const head = Buffer.concat(chunks).toString("latin1");
    isOpen = head.includes("\r\n\r\n");
    if (isOpen) opened.resolve();
  });
  socket.on("error", () => ended.resolve());
  socket.on("close", () => ended.resolve());
  socket.write(upgradeRequest(pathname, host, headers));
  await opened.promise;
  return {
    send: (frame) => void socket.write(clientFrame(JSON.stringify(frame))),
    begun: begun.promise,
    pause: () => void socket.pause(),
    async readToTheEnd() {
      socket.resume();
      await ended.promise;
      const received = Buffer.concat(chunks);
      return parseFrames(received.subarray(received.indexOf("\r\n\r\n") + 4));
    },
  };
}

export type RawStream = Pick<RawSocket, "begun" | "pause"> & {
  /** Reads on until the server ends the stream; every whole event's data since the start. */
  readToTheEnd(): Promise<Frame[]>;
};

/** Server-sent events on a connection that can stop reading. */
export function openRawStream(url: string, headers: Record<string, string>): RawStream {
  const { hostname, port, host, pathname } = new URL(url);
  const lines = Object.entries({ Host: host, Connection: "close", ...headers });
  const request = `GET ${pathname} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
  const file = join(mkdtempSync(join(tmpdir(), "parley-reader-")), "read");
  const reader = Bun.spawn([process.execPath, READER, port, hostname, request, file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return {
    begun: reader.stdout
      .getReader()
      .read()
      .then(() => {}),
    pause: () => reader.kill("SIGSTOP"),
    async readToTheEnd() {
      reader.kill("SIGCONT");
      await reader.exited;
      const received = readFileSync(file);
      rmSync(dirname(file), { recursive: true });
      const events = withoutChunks(received.subarray(received.indexOf("\r\n\r\n") + 4)).split("\n\n");
      return events
        .slice(0, -1)
        .map((event) => JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? "null") as Frame);
    },
  };
}

function withoutChunks(body: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = body.indexOf("\r\n", at);
    const length = lineEnd < 0 ? 0 : Number.parseInt(body.toString("latin1", at, lineEnd), 16);
    if (length === 0) return Buffer.concat(parts).toString("utf8");
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
  }
}

/** A short text frame, masked as clients must. */
function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const mask = randomBytes(4);
  const masked = payload.map((byte, place) => byte ^ (mask[place % 4] ?? 0));
  const length = Buffer.alloc(2);
  length.writeUInt16BE(payload.length);
  const head =
    payload.length < 126
      ? Buffer.from([0x80 | OPCODE_TEXT, 0x80 | payload.length])
      : Buffer.concat([Buffer.from([0x80 | OPCODE_TEXT, 0x80 | 126]), length]);
  return Buffer.concat([head, mask, masked]);
}

function parseFrames(bytes: Buffer): { code: number; frames: Frame[] } {
  const frames: Frame[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const { start, length } = payloadOf(bytes, at);
    const opcode = bytes.readUInt8(at) & 0x0f;
    if (start + length > bytes.length) break;
    if (opcode === OPCODE_CLOSE) return { code: bytes.readUInt16BE(start), frames };
    if (opcode === OPCODE_TEXT)
      frames.push(JSON.parse(bytes.toString("utf8", start, start + length)) as Frame);
    at = start + length;
  }
  return { code: CLOSE_ABNORMAL, frames };
}

function payloadOf(bytes: Buffer, at: number): { start: number; length: number } {
  const short = bytes.readUInt8(at + 1) & 0x7f;
  if (short === 126) return { start: at + 4, length: bytes.readUInt16BE(at + 2) };
  if (short === 127) return { start: at + 10, length: Number(bytes.readBigUInt64BE(at + 2)) };
  return { start: at + 2, length: short };
}
