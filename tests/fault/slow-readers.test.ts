/** Visitors whose line hangs, or who never read: what waits for them is bounded, and nothing of it is lost. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect, type Socket } from "node:net";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import type { Frame } from "../helpers/frames.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { upgradeRequest } from "../helpers/raw-http.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { clientId, openVisitor, type VisitorClient } from "../helpers/visitor-client.ts";

/** More than the system's own buffers of a connection on loopback take. */
const ANSWERS = 4;
const PIECE = `${"word ".repeat(6_000)}\n`;
const PIECES = 100;

let parley: Parley;
let provider: ScriptedProvider;
let owner: AdminClient;
let visitor: VisitorClient;

beforeAll(async () => {
  [parley, provider] = await Promise.all([
    startParley({ flags: ["--max-answer", "4096"] }),
    startScriptedProvider(),
  ]);
  owner = await setUpOwner(parley);
  await owner.addDocument("leave.md", "# Leave\n\nParental leave is 26 weeks at full pay.");
  await owner.send("PUT", "/api/admin/llm/config", {
    provider: "openai",
    baseUrl: provider.url("openai"),
    model: "scripted-small",
  });
  provider.answer(({ body }) =>
    JSON.stringify(body).includes("standalone")
      ? { text: "How long is parental leave?" }
      : { pieces: Array.from({ length: PIECES }, () => PIECE) },
  );
});
afterAll(async () => {
  await parley.remove();
  await provider.close();
});

/** A socket of the visitor's that has said hello and does not read. */
async function openUnread({ session, token }: VisitorClient): Promise<Socket> {
  const { hostname, port, host } = new URL(parley.url);
  const socket = connect(Number(port), hostname);
  socket.pause();
  socket.on("error", () => {});
  await new Promise<void>((resolve) => socket.on("connect", () => resolve()));
  socket.write(upgradeRequest(`/ws/chat/${session}`, host, { Origin: parley.url }));
  socket.write(masked(JSON.stringify({ type: "hello", token })));
  return socket;
}

/** One text frame of a client's; a mask of zeros leaves the text as it is. */
function masked(text: string): Buffer {
  const payload = Buffer.from(text);
  const head = Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0]);
  return Buffer.concat([head, payload]);
}

/** Everything that the other side sent until it closed, as frames, and the code of the close. */
async function readToEnd(socket: Socket): Promise<{ frames: Frame[]; code: number | null }> {
  const parts: Buffer[] = [];
  socket.on("data", (part) => parts.push(Buffer.from(part)));
  const ended = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  socket.resume();
  await ended;
  const bytes = Buffer.concat(parts);
  const frames: Frame[] = [];
  for (let at = bytes.indexOf("\r\n\r\n") + 4; at + 2 <= bytes.length; ) {
    const [opcode, short] = [(bytes[at] ?? 0) & 0x0f, (bytes[at + 1] ?? 0) & 0x7f];
    const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
    const length =
      extra === 0 ? short : Number(extra === 2 ? bytes.readUInt16BE(at + 2) : bytes.readBigUInt64BE(at + 2));
    const from = at + 2 + extra;
    if (opcode === 8) return { frames, code: bytes.readUInt16BE(from) };
    if (from + length > bytes.length) break;
    frames.push(JSON.parse(bytes.subarray(from, from + length).toString("utf8")) as Frame);
    at = from + length;
  }
  return { frames, code: null };
}

describe("somebody who does not read", () => {
  test("is let go with a code, while others read on, and finds all that was missed on coming back", async () => {
    visitor = await openVisitor(
      parley,
      (await owner.get<{ embedKey: string }>("/api/admin/widget")).embedKey,
    );
    const reading = await visitor.connect();
    await reading.next("ready");
    const unread = await openUnread(visitor);

    const answers: string[] = [];
    for (let answer = 0; answer < ANSWERS; answer++) {
      reading.send({ type: "message", id: clientId(), text: "How long is parental leave?" });
      const frames = await reading.until(({ type }) => type === "done");
      answers.push(frames.flatMap(({ type, text }) => (type === "delta" ? String(text) : [])).join(""));
    }
    const { frames, code } = await readToEnd(unread);

    expect(new Set(answers.map(({ length }) => length))).toEqual(new Set([PIECE.length * PIECES]));
    expect(code).toBe(4408);
    const read = frames.filter(({ type }) => type === "delta");
    expect(read.length).toBeGreaterThan(0);
    expect(read.length).toBeLessThan(ANSWERS * PIECES);

    const again = await visitor.connect(Number(frames.at(-1)?.seq));
    let done = frames.filter(({ type }) => type === "done").length;
    const missed = await again.until(({ type }) => type === "done" && ++done === ANSWERS);
    const text = [...frames, ...missed].flatMap((frame) =>
      frame.type === "delta" ? String(frame.text) : [],
    );
    expect(text.join("").length).toBe(answers.join("").length);
    expect(text.join("") === answers.join("")).toBe(true);
    await Promise.all([again.close(), reading.close()]);
  });
});
