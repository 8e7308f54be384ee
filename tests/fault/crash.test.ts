import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { SourcePage, SourceView } from "../../src/protocol/admin-api/knowledge.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { count, rows } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { expectSound } from "../helpers/soundness.ts";
import { clientId, openVisitor, type VisitorClient } from "../helpers/visitor-client.ts";

let parley: Parley;
let provider: ScriptedProvider;
let owner: AdminClient;
beforeEach(async () => {
  [parley, provider] = await Promise.all([startParley(), startScriptedProvider()]);
  owner = await setUpOwner(parley);
});
afterEach(() => Promise.all([parley.remove(), provider.close()]));

const LONG = Array.from(
  { length: 4000 },
  (_, n) => `## Rule ${n}\n\nThe ${n}th rule of the house is about item ${n * 7}.`,
).join("\n\n");

describe("row R1: kill -9 during ingestion", () => {
  test("ends after a restart with exactly one ready source, every passage once", async () => {
    const socket = await owner.live();
    const { body } = await owner.upload({ name: "rules.md", content: LONG });
    const id = body.items[0]?.id ?? "";
    await socket.until(
      ({ type, source }) => type === "source" && (source as SourceView).status === "processing",
    );

    await parley.kill9();
    await parley.restart();

    const source = await owner.waitForSource(id);
    const { items } = await owner.get<SourcePage>("/api/admin/knowledge");
    expect(items.map(({ status }) => status)).toEqual(["ready"]);
    expect(count(parley, "document_chunks")).toBe(source.chunkCount);
    expect(rows(parley, "select ordinal from document_chunks group by ordinal having count(*) > 1")).toEqual(
      [],
    );
    expect(source.chunkCount).toBeGreaterThan(100);
    await expectSound(parley);
  });

  test("at any later moment leaves either nothing or the whole, and the queue goes on", async () => {
    const socket = await owner.live();
    const { body } = await owner.upload(
      { name: "rules.md", content: LONG },
      { name: "second.md", content: "# Second\n\nThe second one comes too." },
    );
    await socket.until(
      ({ type, source }) => type === "source" && String((source as SourceView).stage).startsWith("Indexing"),
    );

    await parley.kill9();
    await parley.restart();

    for (const { id } of body.items) await owner.waitForSource(id);
    const { items } = await owner.get<SourcePage>("/api/admin/knowledge");
    expect(items.map(({ status }) => status)).toEqual(["ready", "ready"]);
    const total = items.reduce((sum, { chunkCount }) => sum + chunkCount, 0);
    expect(count(parley, "document_chunks")).toBe(total);
    await expectSound(parley);
  });

  test("of a version that replaces another keeps the former one serving", async () => {
    const source = await owner.addDocument("rules.md", LONG);
    const search = () =>
      owner.send<{ items: unknown[] }>("POST", "/api/admin/knowledge/search", { query: "rule 17 item 119" });
    const before = (await search()).items.length;
    const socket = await owner.live();
    await owner.send("POST", `/api/admin/knowledge/${source.id}/reingest`);
    await socket.until(
      ({ type, source: at }) => type === "source" && (at as SourceView).status === "processing",
    );

    await parley.kill9();
    await parley.restart();

    expect((await search()).items.length).toBe(before);
    await owner.waitForSource(source.id);
    expect(count(parley, "document_chunks")).toBe(source.chunkCount);
    await expectSound(parley);
  });
});

describe("row R2: kill -9 during an answer", () => {
  let visitor: VisitorClient;
  beforeEach(async () => {
    await owner.addDocument("leave.txt", "Parental leave is 26 weeks at full pay.");
    await owner.send("PUT", "/api/admin/llm/config", {
      provider: "openai",
      baseUrl: provider.url("openai"),
      model: "scripted-small",
    });
    const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
    visitor = await openVisitor(parley, embedKey);
  });

  const QUESTION = "How long is parental leave?";

  test("keeps the question and what was written, as one interrupted message", async () => {
    const never = Promise.withResolvers<void>();
    const written = `Twenty-six weeks. ${"And so on. ".repeat(250)}`;
    provider.script({ pieces: [written, "never"], gate: never.promise });
    const socket = await visitor.connect();
    await socket.next("ready");
    const id = clientId();
    socket.send({ type: "message", id, text: QUESTION });
    const delta = await socket.next("delta");
    // What is due to be stored is stored right after it was sent.
    while ((await visitor.history()).messages[1]?.content === "");

    await parley.kill9();
    never.resolve();
    await parley.restart();

    const { messages, running } = await visitor.history();
    expect(messages.map(({ role, status }) => [role, status])).toEqual([
      ["user", "complete"],
      ["assistant", "interrupted"],
    ]);
    expect(messages[1]?.content).toBe(written);
    expect(String(delta.text)).toBe(written);
    expect(running).toBeNull();
    await expectSound(parley);
  });

  test("the same message sent again after the restart is no second question", async () => {
    const never = Promise.withResolvers<void>();
    provider.script({ pieces: ["One ", "two"], gate: never.promise });
    const first = await visitor.connect();
    await first.next("ready");
    const message = { type: "message", id: clientId(), text: QUESTION };
    first.send(message);
    const accepted = await first.next("accepted");
    await first.next("delta");

    await parley.kill9();
    never.resolve();
    await parley.restart();
    const again = await visitor.connect(Number(accepted.seq));
    const ready = await again.next("ready");
    again.send(message);
    const acceptedAgain = await again.next("accepted");

    expect(acceptedAgain).toMatchObject({ id: message.id, message: accepted.message });
    expect(Number(ready.seq)).toBeGreaterThanOrEqual(Number(accepted.seq));
    expect((await visitor.history()).messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
    again.send({ type: "message", id: clientId(), text: QUESTION });
    const next = await again.next("accepted");
    expect(Number(next.seq)).toBeGreaterThan(Number(accepted.seq));
    await again.next("done");
    await again.close();
    await expectSound(parley);
  });

  test("the conversation goes on, and the admin sees how it ended", async () => {
    const never = Promise.withResolvers<void>();
    provider.script({ pieces: ["One ", "two"], gate: never.promise });
    const socket = await visitor.connect();
    await socket.next("ready");
    socket.send({ type: "message", id: clientId(), text: QUESTION });
    await socket.next("delta");
    await parley.kill9();
    never.resolve();
    await parley.restart();

    const { items } = await owner.get<{ items: { id: string; lastOutcome: string }[] }>(
      "/api/admin/conversations",
    );
    expect(items.map(({ lastOutcome }) => lastOutcome)).toEqual(["interrupted"]);

    provider.answer({ text: "26 weeks [1]." });
    expect((await visitor.ask(QUESTION)).content).toBe("26 weeks [1].");
  });
});

describe("kill -9 among many writes, which share their commits", () => {
  test("loses none that was acknowledged, and leaves none of the others by half", async () => {
    const acknowledged: string[] = [];
    const enough = Promise.withResolvers<void>();
    const add = async (n: number) => {
      const { status, body } = await owner.call<{ id: string }>("POST", "/api/admin/evals/questions", {
        text: `Question ${n}?`,
        expected: [],
      });
      if (status !== 201) return;
      acknowledged.push(body.id);
      if (acknowledged.length === 40) enough.resolve();
    };
    const asked = Array.from({ length: 200 }, (_, n) => add(n).catch(() => {}));
    await enough.promise;

    await parley.kill9();
    await Promise.all(asked);
    await parley.restart();

    const stored = rows(parley, "select id from golden_questions").map(({ id }) => String(id));
    expect(acknowledged.filter((id) => !stored.includes(id))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThanOrEqual(40);
    await expectSound(parley);
  });
});

describe("kill -9 at rest", () => {
  test("loses nothing that was acknowledged, and nobody has to sign in again", async () => {
    await owner.addDocument("leave.txt", "Parental leave is 26 weeks at full pay.");
    const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
    const visitor = await openVisitor(parley, embedKey);
    const answer = await visitor.ask("How long is parental leave?");
    const saved = await owner.send("PUT", "/api/admin/widget", { greeting: "Moin!" });

    await parley.kill9();
    await parley.restart();

    expect(await owner.get("/api/admin/widget")).toEqual(saved);
    expect((await visitor.history()).messages.at(-1)).toEqual(answer);
    expect(parley.setupToken).toBeNull();
    await expectSound(parley);
  });
});
