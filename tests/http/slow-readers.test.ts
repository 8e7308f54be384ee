/** Lines on which nobody reads, while a long answer is written. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import type { Frame } from "../helpers/frames.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { openRawSocket, openRawStream, type RawSocket, type RawStream } from "../helpers/raw-socket.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { clientId, openVisitor, type VisitorClient } from "../helpers/visitor-client.ts";

/** With what JSON makes of it more than the system's own buffers take, which hold about 4 MB. */
const PIECES = 3_800;
const PIECE = '"'.repeat(1_000);

let parley: Parley;
let provider: ScriptedProvider;
let owner: AdminClient;

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
});
afterAll(async () => {
  await parley.remove();
  await provider.close();
});

/** A visitor who has asked, with the model's last piece held back until `end`. */
async function askedAtLength(openStalled: (visitor: VisitorClient) => Promise<void>) {
  const end = Promise.withResolvers<void>();
  const pieces = [...Array.from({ length: PIECES }, () => PIECE), "26 weeks [1]."];
  provider.answer({ pieces, gates: { [PIECES]: end.promise } });
  const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
  const visitor = await openVisitor(parley, embedKey);
  const reader = await visitor.connect();
  await reader.next("ready");
  await openStalled(visitor);
  reader.send({ type: "message", id: clientId(), text: "How long is parental leave?" });
  let read = 0;
  await reader.until((frame) => {
    read += textOf(frame).length;
    return read === PIECES * PIECE.length;
  });
  await reader.close();
  return { visitor, whole: pieces.join(""), end: end.resolve };
}

/** The text that `frames` have, and what a client gets that comes back after them. */
async function withWhatWasMissed(visitor: VisitorClient, frames: Frame[], end: () => void): Promise<string> {
  const lastSeen = frames.findLast(({ seq }) => typeof seq === "number")?.seq;
  const returned = await visitor.connect(Number(lastSeen));
  end();
  const missed = await returned.until(({ type }) => type === "done");
  await returned.close();
  return [...frames, ...missed].map(textOf).join("");
}

describe("a line that is not read", () => {
  test("a socket is closed with 4408, and whoever comes back gets exactly what was missed", async () => {
    let stalled: RawSocket | undefined;
    const { visitor, whole, end } = await askedAtLength(async ({ session, token }) => {
      stalled = await openRawSocket(`${parley.url}/ws/chat/${session}`, { Origin: parley.url });
      stalled.send({ type: "hello", token });
      await stalled.begun;
      stalled.pause();
    });
    const read = await stalled?.readToTheEnd();
    expect(read?.code).toBe(4408);
    expect((await withWhatWasMissed(visitor, read?.frames ?? [], end)) === whole).toBe(true);
  });

  test("a stream of events ends early, and whoever comes back gets exactly what was missed", async () => {
    let stalled: RawStream | undefined;
    const { visitor, whole, end } = await askedAtLength(async ({ session, token }) => {
      stalled = openRawStream(`${parley.url}/api/chat/events/${session}`, {
        Origin: parley.url,
        Authorization: `Bearer ${token}`,
      });
      await stalled.begun;
      stalled.pause();
    });
    const frames = (await stalled?.readToTheEnd()) ?? [];
    expect(frames.map(textOf).join("").length).toBeLessThan(PIECES * PIECE.length);
    expect((await withWhatWasMissed(visitor, frames, end)) === whole).toBe(true);
  });
});

function textOf(frame: Frame): string {
  return frame.type === "delta" ? String(frame.text) : "";
}
