/** What people do with conversations: find them by what they are, mark, export and delete them. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { parse } from "csv-parse/sync";
import type {
  ConversationDetail,
  ConversationView,
  DeletionView,
} from "../../src/protocol/admin-api/conversations.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { addMember, rows, withDatabase } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { openVisitor } from "../helpers/visitor-client.ts";

const PATH = "/api/admin/conversations";
const COLUMNS =
  "conversation,message,role,content,status,language,rating,provider,model,inputTokens,outputTokens,sources,page,visitor,createdAt";

let parley: Parley;
let owner: AdminClient;
let embedKey: string;
/** An answered, rated question in English, one in German that nothing answers, and one like a formula. */
let answered: string;
let german: string;
let formula: string;

beforeAll(async () => {
  parley = await startParley({
    environment: { PARLEY_MESSAGES_PER_MINUTE: "10000", PARLEY_SESSIONS_PER_MINUTE: "10000" },
  });
  owner = await setUpOwner(parley);
  await owner.addDocument("leave.md", "# Leave\n\nParental leave is 26 weeks at full pay.");
  embedKey = (await owner.get<{ embedKey: string }>("/api/admin/widget")).embedKey;
  answered = await ask("How long is parental leave?", "helpful");
  german = await ask("Wo ist der Schlüssel für das Zeppelin und wann wird er gebraucht?");
  formula = await ask('=HYPERLINK("https://evil.example","is the leave")');
});
afterAll(() => parley.remove());

async function ask(question: string, rating?: string): Promise<string> {
  const visitor = await openVisitor(parley, embedKey);
  const { id } = await visitor.ask(question);
  if (rating)
    await visitor.call("POST", "/api/chat/feedback", { session: visitor.session, message: id, rating });
  return (await visitor.history()).conversation;
}

const get = (id: string) =>
  owner.get<ConversationDetail>(`${PATH}/${id}`).then(({ conversation }) => conversation);
const listed = async (query = "") => {
  const { items } = await owner.get<{ items: ConversationView[] }>(`${PATH}${query}`);
  return items.map(({ id }) => id);
};
const exported = async (query: string) => {
  const answer = await owner.fetch("GET", `${PATH}/export${query}`);
  expect(answer.status).toBe(200);
  return { bytes: new Uint8Array(await answer.arrayBuffer()), headers: answer.headers };
};
const remove = (body: unknown) => owner.send<DeletionView>("POST", `${PATH}/delete`, body);
const codeOf = async (method: string, path: string, body?: unknown) => {
  const { status, body: answer } = await owner.call<{ error?: { code: string } }>(method, path, body);
  return [status, answer?.error?.code];
};

describe("conversations are found", () => {
  test("by rating, language, abstention, tools, provider, and several of them together", async () => {
    expect(await listed("?rating=helpful")).toEqual([answered]);
    expect(await listed("?rating=unhelpful")).toEqual([]);
    expect(await listed("?language=deu")).toEqual([german]);
    expect(await listed("?language=de")).toEqual([german]);
    expect(await listed("?abstained=true&language=deu")).toEqual([german]);
    expect(await listed("?abstained=true&language=eng")).not.toContain(german);
    expect(await listed("?tools=true")).toEqual([]);
    expect(await listed("?provider=openai")).toEqual([]);
    expect(await listed("?provider=extractive&tools=false")).toEqual(await listed());
    expect(await listed("?q=ZEPPELIN&abstained=true")).toEqual([german]);
    expect(await listed("?q=zeppelin&abstained=false")).toEqual([]);
    expect(await owner.get(`${PATH}/filters`)).toMatchObject({ providers: ["extractive"] });
  });

  test("from a moment on and before another, as dates and date-times", async () => {
    const { updatedAt } = await get(german);
    const later = new Date(Date.parse(updatedAt) + 1).toISOString();
    const offset = new Date(Date.parse(updatedAt) + 3_600_000).toISOString().replace("Z", "+01:00");
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

    expect(await listed(`?from=${updatedAt}&to=${later}`)).toEqual([german]);
    expect(await listed(`?from=${offset}&to=${later}`)).toEqual([german]);
    expect(await listed(`?from=${encodeURIComponent(offset)}&to=${later}`)).toEqual([german]);
    expect(await listed(`?to=${updatedAt}`)).toEqual([answered]);
    expect(await listed(`?from=${tomorrow}`)).toEqual([]);
    expect(await listed(`?to=${tomorrow}`)).toEqual(await listed());
    for (const wrong of ["from=yesterday", "to=2026-13-01", "from=12", "flagged=maybe", "rating=bad", "x=1"])
      expect(await codeOf("GET", `${PATH}?${wrong}`)).toEqual([400, "VALIDATION"]);
  });
});

describe("a conversation", () => {
  test("is flagged with a reason, starred and given a note, and stays where it is", async () => {
    const order = await listed();
    const marks = { flagged: true, flagReason: "Wrong answer", note: "Ask Ada.\nToday.", starred: true };
    const live = await owner.live();

    const marked = await owner.send<ConversationView>("PATCH", `${PATH}/${answered}`, marks);
    expect(marked).toMatchObject(marks);
    expect((await live.next("conversation")).conversation).toEqual(marked);
    await live.close();
    expect(await listed()).toEqual(order);
    expect(await listed("?flagged=true")).toEqual([answered]);
    expect(await listed("?starred=true")).toEqual([answered]);
    expect(await listed("?flagged=false")).not.toContain(answered);

    expect(await owner.send("PATCH", `${PATH}/${answered}`, { flagged: false, note: "" })).toMatchObject({
      ...{ flagged: false, flagReason: null, note: null, starred: true },
    });
    expect(await codeOf("PATCH", `${PATH}/${answered}`, { flagReason: "Why?" })).toEqual([400, "VALIDATION"]);
    expect(await codeOf("PATCH", `${PATH}/${answered}`, { title: "Mine" })).toEqual([400, "VALIDATION"]);
    await owner.send("PATCH", `${PATH}/${answered}`, { starred: false });
  });

  test("may be marked by an agent and not by a viewer, who may delete nothing either", async () => {
    const [tenant] = (await owner.get<{ items: { id: string }[] }>("/api/admin/tenants")).items;
    const agent = await addMember(parley, tenant?.id ?? "", "agent");
    const viewer = await addMember(parley, tenant?.id ?? "", "viewer");
    const path = `${PATH}/${german}`;

    expect((await agent.call("PATCH", path, { starred: false })).status).toBe(200);
    expect((await viewer.call("PATCH", path, { starred: true })).status).toBe(403);
    for (const person of [agent, viewer]) {
      expect((await person.call("PUT", `${path}/hold`, { legalHold: true })).status).toBe(403);
      expect((await person.call("POST", `${PATH}/delete`, { ids: [german] })).status).toBe(403);
    }
    expect((await get(german)).starred).toBe(false);
  });
});

describe("an export", () => {
  test("is CSV that a spreadsheet opens as it is, with nothing that it would take for a formula", async () => {
    const { bytes, headers } = await exported("?format=csv");
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(headers.get("content-disposition")).toMatch(
      /^attachment; filename="conversations-\d{4}-\d\d-\d\d\.csv"$/,
    );

    const text = new TextDecoder().decode(bytes).replace(/^\ufeff/, "");
    expect(text.split("\r\n")[0]).toBe(COLUMNS);
    const messages: Record<string, string>[] = parse(text, { columns: true, record_delimiter: "\r\n" });
    expect(messages).toHaveLength(6);
    const [question, answer] = messages.filter(({ conversation }) => conversation === answered);
    expect(question).toMatchObject({
      ...{ role: "user", content: "How long is parental leave?", status: "complete", language: "eng" },
      ...{ rating: "", provider: "", model: "", inputTokens: "", sources: "", visitor: "" },
    });
    expect(answer).toMatchObject({
      role: "assistant",
      rating: "helpful",
      provider: "extractive",
      sources: "leave",
    });
    expect(new Date(answer?.createdAt ?? "").toISOString()).toBe(answer?.createdAt ?? "");
    const evil = messages.find(({ conversation }) => conversation === formula);
    expect(evil?.content).toBe(`'=HYPERLINK("https://evil.example","is the leave")`);
    expect(messages.every((each) => Object.values(each).every((cell) => !/^\s*[=+\-@]/.test(cell)))).toBe(
      true,
    );
  });

  test("is JSON Lines of what a filter finds, every message as it was said", async () => {
    const { bytes, headers } = await exported("?format=jsonl&q=hyperlink");
    expect(headers.get("content-type")).toBe("application/jsonl; charset=utf-8");
    const lines = new TextDecoder().decode(bytes).trimEnd().split("\n");
    const messages = lines.map((line) => JSON.parse(line) as Record<string, unknown>);

    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
    expect(Object.keys(messages[0] ?? {}).join(",")).toBe(COLUMNS);
    expect(messages[0]?.content).toBe('=HYPERLINK("https://evil.example","is the leave")');
    expect(messages[0]).toMatchObject({ conversation: formula, inputTokens: null, sources: [], page: null });
    expect((await exported("?format=jsonl&language=fra")).bytes).toHaveLength(0);
    expect(await codeOf("GET", `${PATH}/export?format=xlsx`)).toEqual([400, "VALIDATION"]);
  });

  test("stands in the audit log", () => {
    const [entry] = rows(
      parley,
      "select actor, changes from audit_log where action like 'GET %/export' limit 1",
    );
    expect(entry).toMatchObject({ actor: expect.stringMatching(/^usr_/), changes: '{"status":200}' });
  });
});

test("a tenant says how many days conversations and traces are kept", async () => {
  const nothing = { conversationDays: null, traceDays: null };
  expect(await owner.get("/api/admin/retention")).toEqual(nothing);
  const kept = { conversationDays: 365, traceDays: 30 };
  expect(await owner.send("PUT", "/api/admin/retention", kept)).toEqual(kept);
  expect(await owner.get("/api/admin/retention")).toEqual(kept);
  for (const wrong of [
    {},
    { ...kept, traceDays: 0 },
    { ...kept, conversationDays: 1.5 },
    { ...kept, days: 1 },
  ])
    expect(await codeOf("PUT", "/api/admin/retention", wrong)).toEqual([400, "VALIDATION"]);
  expect(await owner.send("PUT", "/api/admin/retention", nothing)).toEqual(nothing);
});

describe("several conversations", () => {
  test("are deleted by their ids, and come back with one undo", async () => {
    const before = await listed();
    const unknown = german.replace(/.{10}$/, "0000000000");
    const { deleted, deletion } = await remove({ ids: [german, formula, unknown] });

    expect(deleted).toBe(2);
    expect(await listed()).toEqual([answered]);
    expect(await codeOf("GET", `${PATH}/${german}`)).toEqual([404, "NOT_FOUND"]);
    expect(await owner.send("POST", `${PATH}/restore`, { deletion })).toEqual({ restored: 2 });
    expect(await listed()).toEqual(before);
    expect(await codeOf("POST", `${PATH}/restore`, { deletion })).toEqual([404, "NOT_FOUND"]);
    expect(await remove({ ids: [unknown] })).toEqual({ deleted: 0, held: 0, deletion: null });
  });

  test("are deleted by a filter, but for one under legal hold, and not by a filter that finds everything", async () => {
    await owner.send("PUT", `${PATH}/${german}/hold`, { legalHold: true });
    const { deleted, held, deletion } = await remove({ filter: { q: "leave", abstained: false } });
    expect(await remove({ filter: { language: "de" } })).toEqual({ deleted: 0, held: 1, deletion: null });

    expect({ deleted, held }).toEqual({ deleted: 2 - (await listed("?q=leave")).length, held: 0 });
    expect(await listed()).toContain(german);
    expect(await codeOf("DELETE", `${PATH}/${german}`)).toEqual([409, "CONFLICT"]);
    await owner.send("POST", `${PATH}/restore`, { deletion });
    for (const body of [
      {},
      { filter: {} },
      { filter: { q: "" } },
      { ids: [] },
      { ids: ["x"] },
      { ids: [german], filter: {} },
    ])
      expect(await codeOf("POST", `${PATH}/delete`, body)).toEqual([400, "VALIDATION"]);
    await owner.send("PUT", `${PATH}/${german}/hold`, { legalHold: false });
  });

  test("more than are told of one by one: the list is to be fetched again, and all of them go for good", async () => {
    await Promise.all(Array.from({ length: 60 }, (_, n) => ask(`Where is the pangolin number ${n}?`)));
    const live = await owner.live();
    const { deleted, deletion } = await remove({ filter: { q: "pangolin" } });
    expect(deleted).toBe(60);
    await live.until(({ type }) => type === "conversations");
    await live.close();

    withDatabase(parley, (database) =>
      database.run("update jobs set run_at = 0 where kind = 'purge-conversations' and state = 'queued'"),
    );
    await parley.restart();
    const again = await owner.live();
    const waiting =
      "select 1 from jobs where kind = 'purge-conversations' and state in ('queued', 'running')";
    while (rows(parley, waiting).length > 0) await again.next("job");
    await again.close();

    expect(await codeOf("POST", `${PATH}/restore`, { deletion })).toEqual([404, "NOT_FOUND"]);
    expect(rows(parley, "select 1 from messages where content like '%pangolin%'")).toEqual([]);
    expect(rows(parley, "select 1 from conversations where deleted_at is not null")).toEqual([]);
  });
});
