import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { SourcePage, SourceView } from "../../src/protocol/admin-api/knowledge.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { count, integrity } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { clientId, openVisitor } from "../helpers/visitor-client.ts";

let parley: Parley;
let provider: ScriptedProvider;
let owner: AdminClient;
let embedKey: string;
beforeAll(async () => {
  [parley, provider] = await Promise.all([startParley(), startScriptedProvider()]);
  owner = await setUpOwner(parley);
  await owner.addDocument("leave.txt", "Parental leave is 26 weeks at full pay.");
  await owner.send("PUT", "/api/admin/llm/config", {
    provider: "openai",
    baseUrl: provider.url("openai"),
    model: "scripted-small",
  });
  embedKey = (await owner.get<{ embedKey: string }>("/api/admin/widget")).embedKey;
});
afterAll(() => Promise.all([parley.remove(), provider.close()]));

const QUESTION = "How long is parental leave?";

describe("two things at the same moment", () => {
  test("the same file uploaded five times at once is one source", async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, n) =>
        owner.upload({ name: `same-${n}.txt`, content: "The very same bytes." }),
      ),
    );

    const ids = new Set(answers.map(({ body }) => body.items[0]?.id ?? ""));
    for (const id of ids) await owner.waitForSource(id);
    expect(ids.size).toBe(1);
  });

  test("a source that is deleted while it is read is gone, and the queue goes on", async () => {
    const text = Array.from({ length: 3000 }, (_, n) => `## Rule ${n}\n\nThe ${n}th rule.`).join("\n\n");
    const live = await owner.live();
    const { body } = await owner.upload({ name: "deleted.md", content: text });
    const id = body.items[0]?.id ?? "";
    await live.until(
      ({ type, source }) => type === "source" && (source as SourceView).status === "processing",
    );

    expect((await owner.call("DELETE", `/api/admin/knowledge/${id}`)).status).toBe(204);
    await owner.addDocument("after.txt", "The next document is read all the same.");

    const { items } = await owner.get<SourcePage>("/api/admin/knowledge");
    expect(items.map((item) => item.id)).not.toContain(id);
    expect(integrity(parley)).toEqual(["ok"]);
    await live.close();
  });

  test("a source that is restored after it was deleted in the middle of reading becomes ready", async () => {
    const text = Array.from({ length: 3000 }, (_, n) => `## Law ${n}\n\nThe ${n}th law.`).join("\n\n");
    const live = await owner.live();
    const { body } = await owner.upload({ name: "restored.md", content: text });
    const id = body.items[0]?.id ?? "";
    await live.until(
      ({ type, source }) => type === "source" && (source as SourceView).status === "processing",
    );

    await owner.call("DELETE", `/api/admin/knowledge/${id}`);
    await owner.addDocument("between.txt", "By now the reading of the other one has ended.");
    await owner.send("POST", `/api/admin/knowledge/${id}/restore`);

    expect((await owner.waitForSource(id)).chunkCount).toBeGreaterThan(100);
    await live.close();
  });

  test("a conversation that is deleted in the middle of an answer ends the answer properly", async () => {
    const gate = Promise.withResolvers<void>();
    provider.script({ pieces: ["One ", "two"], gate: gate.promise });
    const visitor = await openVisitor(parley, embedKey);
    const socket = await visitor.connect();
    await socket.next("ready");
    socket.send({ type: "message", id: clientId(), text: QUESTION });
    await socket.next("delta");
    const { conversation } = await visitor.history();

    await owner.call("DELETE", `/api/admin/conversations/${conversation}`);
    gate.resolve();

    expect((await socket.next("done")).type).toBe("done");
    expect(count(parley, "messages where status = 'streaming'")).toBe(0);
    expect((await visitor.ask(QUESTION)).status).toBe("complete");
    await socket.close();
  });

  test("another conversation begun in the middle of an answer leaves that answer whole in the former one", async () => {
    const gate = Promise.withResolvers<void>();
    provider.script({ pieces: ["One ", "two"], gate: gate.promise });
    const visitor = await openVisitor(parley, embedKey);
    const socket = await visitor.connect();
    await socket.next("ready");
    socket.send({ type: "message", id: clientId(), text: QUESTION });
    await socket.next("delta");
    const { conversation } = await visitor.history();

    await visitor.call("POST", "/api/chat/conversation", { session: visitor.session });
    gate.resolve();
    await socket.next("done");

    expect((await visitor.history()).messages).toEqual([]);
    const { messages } = await owner.get<{ messages: { content: string; status: string }[] }>(
      `/api/admin/conversations/${conversation}`,
    );
    expect(messages[1]).toMatchObject({ content: "One two", status: "complete" });
    await socket.close();
  });

  test("a third question while two are being answered is refused as retryable, and stop with nothing to stop is nothing", async () => {
    const gate = Promise.withResolvers<void>();
    provider.script({ pieces: ["One ", "two"], gate: gate.promise });
    const visitor = await openVisitor(parley, embedKey);
    const socket = await visitor.connect();
    await socket.next("ready");
    socket.send({ type: "stop" });
    for (let n = 0; n < 3; n++) socket.send({ type: "message", id: clientId(), text: QUESTION });

    expect(await socket.next("error")).toMatchObject({ code: "TURN_RUNNING", retryable: true });
    gate.resolve();
    await socket.next("done");
    await socket.next("done");
    const { messages } = await visitor.history();
    expect(messages.map(({ role }) => role).sort()).toEqual(["assistant", "assistant", "user", "user"]);
    expect(messages.every(({ status }) => status === "complete")).toBe(true);
    await socket.close();
  });
});
