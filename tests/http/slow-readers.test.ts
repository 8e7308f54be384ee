/** Sockets on which nobody reads, while a long answer is written. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import type { Frame } from "../helpers/frames.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { openRawSocket } from "../helpers/raw-socket.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { clientId, openVisitor } from "../helpers/visitor-client.ts";

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

describe("a socket that is not read", () => {
  test("is closed with 4408, and whoever comes back gets exactly what was missed", async () => {
    const end = Promise.withResolvers<void>();
    const pieces = [...Array.from({ length: PIECES }, () => PIECE), "26 weeks [1]."];
    provider.answer({ pieces, gates: { [PIECES]: end.promise } });
    const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
    const visitor = await openVisitor(parley, embedKey);
    const [reader, stalled] = await Promise.all([
      visitor.connect(),
      openRawSocket(`${parley.url}/ws/chat/${visitor.session}`, { Origin: parley.url }),
    ]);
    await reader.next("ready");
    stalled.send({ type: "hello", token: visitor.token });
    await stalled.begun;
    stalled.pause();

    reader.send({ type: "message", id: clientId(), text: "How long is parental leave?" });
    let read = 0;
    await reader.until((frame) => {
      read += textOf(frame).length;
      return read === PIECES * PIECE.length;
    });
    const { code, frames } = await stalled.readToTheEnd();
    expect(code).toBe(4408);

    const lastSeen = frames.findLast(({ seq }) => typeof seq === "number")?.seq;
    const returned = await visitor.connect(Number(lastSeen));
    end.resolve();
    const missed = await returned.until(({ type }) => type === "done");
    const text = [...frames, ...missed].map(textOf).join("");
    expect(text === pieces.join("")).toBe(true);
    await Promise.all([reader.close(), returned.close()]);
  });
});

function textOf(frame: Frame): string {
  return frame.type === "delta" ? String(frame.text) : "";
}
