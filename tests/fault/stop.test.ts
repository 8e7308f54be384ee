import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { count, integrity } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { clientId, openVisitor, type VisitorClient } from "../helpers/visitor-client.ts";

let parley: Parley;
let provider: ScriptedProvider;
let owner: AdminClient;
let visitor: VisitorClient;
beforeEach(async () => {
  [parley, provider] = await Promise.all([startParley(), startScriptedProvider()]);
  owner = await setUpOwner(parley);
  await owner.addDocument("leave.txt", "Parental leave is 26 weeks at full pay.");
  await owner.send("PUT", "/api/admin/llm/config", {
    provider: "openai",
    baseUrl: provider.url("openai"),
    model: "scripted-small",
  });
  const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
  visitor = await openVisitor(parley, embedKey);
});
afterEach(() => Promise.all([parley.remove(), provider.close()]));

describe("row R7: SIGTERM", () => {
  test("lets a running answer finish, closes sockets with 1012 and exits 0", async () => {
    const gate = Promise.withResolvers<void>();
    provider.script({ pieces: ["One ", "two"], gate: gate.promise });
    const socket = await visitor.connect();
    await socket.next("ready");
    socket.send({ type: "message", id: clientId(), text: "How long is parental leave?" });
    await socket.next("delta");

    const stopped = parley.stop();
    await parley.printed("Stopping.");
    gate.resolve();

    expect(await socket.next("done")).toMatchObject({ status: "complete" });
    expect((await socket.closed).code).toBe(1012);
    expect(await stopped).toBe(0);
    expect(integrity(parley)).toEqual(["ok"]);
    expect(count(parley, "messages where status = 'complete' and content = 'One two'")).toBe(1);
    // Everything is in the database file itself: a copy of it is whole.
    expect(existsSync(join(parley.dataDirectory, "parley.db-wal"))).toBe(false);
  });

  test("closes a socket with 1012 that has not said who it is yet", async () => {
    const silent = await visitor.openSocket();
    const stopped = parley.stop();

    expect((await silent.closed).code).toBe(1012);
    expect(await stopped).toBe(0);
  });

  test("takes no other question while a running answer finishes", async () => {
    const gate = Promise.withResolvers<void>();
    provider.script({ pieces: ["One ", "two"], gate: gate.promise });
    const socket = await visitor.connect();
    await socket.next("ready");
    socket.send({ type: "message", id: clientId(), text: "How long is parental leave?" });
    await socket.next("delta");

    const stopped = parley.stop();
    await parley.printed("Stopping.");
    socket.send({ type: "message", id: clientId(), text: "And unpaid leave?" });

    expect(await socket.next("error")).toMatchObject({ code: "OVERLOADED", retryable: true });
    gate.resolve();
    expect(await stopped).toBe(0);
    expect(count(parley, "messages where role = 'user'")).toBe(1);
  });

  test("in the middle of ingestion puts the document back into the queue", async () => {
    const text = Array.from({ length: 4000 }, (_, n) => `## Rule ${n}\n\nThe ${n}th rule.`).join("\n\n");
    const live = await owner.live();
    const { body } = await owner.upload({ name: "rules.md", content: text });
    await live.next("source");

    expect(await parley.stop()).toBe(0);
    await parley.restart();

    expect((await owner.waitForSource(body.items[0]?.id ?? "")).status).toBe("ready");
    expect(count(parley, "jobs where kind = 'ingest' and state != 'done'")).toBe(0);
  });

  test("a second time ends at once, and the next start finds everything in order", async () => {
    const never = Promise.withResolvers<void>();
    provider.script({ pieces: ["One ", "two"], gate: never.promise });
    const socket = await visitor.connect();
    await socket.next("ready");
    socket.send({ type: "message", id: clientId(), text: "How long is parental leave?" });
    await socket.next("delta");

    void parley.stop();
    await parley.printed("Stopping.");
    await parley.stop();
    never.resolve();
    await parley.restart();

    expect((await visitor.history()).messages.at(-1)).toMatchObject({ status: "interrupted" });
    expect(integrity(parley)).toEqual(["ok"]);
  });
});
