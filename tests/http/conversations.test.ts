import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type {
  ConversationDetail,
  ConversationView,
  TraceView,
} from "../../src/protocol/admin-api/conversations.ts";
import type { Dashboard } from "../../src/protocol/admin-api/dashboard.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { integrity, rows, withDatabase } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { openVisitor, type VisitorClient } from "../helpers/visitor-client.ts";

let parley: Parley;
let owner: AdminClient;
let embedKey: string;
beforeAll(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
  await owner.addDocument("leave.md", "# Leave\n\nParental leave is 26 weeks at full pay.");
  embedKey = (await owner.get<{ embedKey: string }>("/api/admin/widget")).embedKey;
});
afterAll(() => parley.remove());

type ConversationPage = { items: ConversationView[]; nextCursor: string | null };
const list = (query = "") => owner.get<ConversationPage>(`/api/admin/conversations${query}`);

async function aConversation(question: string): Promise<{ visitor: VisitorClient; id: string }> {
  const visitor = await openVisitor(parley, embedKey);
  await visitor.ask(question);
  return { visitor, id: (await visitor.history()).conversation };
}

describe("conversations in the backoffice", () => {
  test("are listed once somebody said something, latest activity first", async () => {
    await openVisitor(parley, embedKey);
    const first = await aConversation("How long is parental leave?");
    const second = await aConversation("Is parental leave paid?");
    await first.visitor.ask("And is it at full pay?");

    const { items } = await list();

    expect(items.map(({ id }) => id)).toEqual([first.id, second.id]);
    expect(items[0]).toMatchObject({
      title: "How long is parental leave?",
      messageCount: 4,
      lastOutcome: "answered",
    });
  });

  test("are read with their messages and citations, and each answer with how it came about", async () => {
    const { id } = await aConversation("How long is parental leave?");
    const { conversation, messages } = await owner.get<ConversationDetail>(`/api/admin/conversations/${id}`);
    const answer = messages[1];

    expect(conversation.id).toBe(id);
    expect(answer?.citations[0]).toMatchObject({ title: "leave" });
    const trace = await owner.get<TraceView>(`/api/admin/conversations/${id}/messages/${answer?.id}/trace`);
    expect(trace).toMatchObject({ question: "How long is parental leave?", provider: "extractive" });
    expect(trace.candidates[0]).toMatchObject({ title: "leave", kept: true, reason: expect.any(String) });
    expect(trace.outcome.reason).toMatch(/was quoted first: it holds \d of the \d words of the question/);
    expect(trace.timings.totalMs).toBeGreaterThanOrEqual(0);
    const noTrace = await owner.call(
      "GET",
      `/api/admin/conversations/${id}/messages/${messages[0]?.id}/trace`,
    );
    expect(noTrace.status).toBe(404);
  });

  test("are found by any word of them, literally, and by how they ended", async () => {
    const { id } = await aConversation("Does leave cover 100%_of_axolotl care?");

    expect((await list(`?q=${encodeURIComponent("100%_OF")}`)).items.map((item) => item.id)).toEqual([id]);
    expect((await list("?q=100x")).items).toEqual([]);
    expect((await list("?outcome=failed")).items).toEqual([]);
    expect(
      (await list("?outcome=answered")).items.every(({ lastOutcome }) => lastOutcome === "answered"),
    ).toBe(true);
  });

  test("come page by page, each once", async () => {
    for (let n = 0; n < 4; n++) await aConversation(`How long is parental leave? (${n})`);
    const all = (await list()).items.map(({ id }) => id);
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: ConversationPage = await list(
        `?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }

    expect(seen).toEqual(all);
  });

  test("are gone at once when deleted, come back within 30 s, and not after that", async () => {
    const { visitor, id } = await aConversation("How long is parental leave?");
    const path = `/api/admin/conversations/${id}`;

    expect((await owner.call("DELETE", path)).status).toBe(204);
    expect((await owner.call("GET", path)).status).toBe(404);
    expect((await list()).items.map((item) => item.id)).not.toContain(id);
    expect(await owner.send<ConversationView>("POST", `${path}/restore`)).toMatchObject({
      id,
      messageCount: 2,
    });
    expect((await visitor.history()).messages).toHaveLength(2);

    await owner.call("DELETE", path);
    withDatabase(parley, (database) =>
      database.run("update jobs set run_at = 0 where kind = 'purge-conversation'"),
    );
    await parley.restart();
    const live = await owner.live();
    const purged = "select 1 from jobs where kind = 'purge-conversation' and state in ('queued', 'running')";
    while (rows(parley, purged).length > 0) await live.next("job");
    await live.close();

    expect((await owner.call("POST", `${path}/restore`)).status).toBe(404);
    expect(rows(parley, "select 1 from messages where conversation_id = ?", id)).toEqual([]);
    expect(rows(parley, "select 1 from conversations where id = ?", id)).toEqual([]);
    expect(integrity(parley)).toEqual(["ok"]);
  });

  test("a visitor whose conversation was deleted goes on in another one", async () => {
    const { visitor, id } = await aConversation("How long is parental leave?");
    await owner.call("DELETE", `/api/admin/conversations/${id}`);

    const answer = await visitor.ask("Is parental leave at full pay?");

    const after = await visitor.history();
    expect(after.conversation).not.toBe(id);
    expect(after.messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
    expect(after.messages[1]).toEqual(answer);
    expect((await owner.call("GET", `/api/admin/conversations/${id}`)).status).toBe(404);
  });

  test("are live: a new one and a deleted one come as frames", async () => {
    const live = await owner.live();
    const { id } = await aConversation("How long is parental leave?");
    const frame = await live.next("conversation");
    expect(frame.conversation).toMatchObject({ id });

    await owner.call("DELETE", `/api/admin/conversations/${id}`);
    const [removed] = (await live.until(({ removed: gone }) => gone === true)).slice(-1);
    expect(removed).toMatchObject({ type: "conversation", removed: true, conversation: { id } });
    await live.close();
  });
});

describe("Home", () => {
  test("knows which steps are done, and which questions found nothing", async () => {
    const visitor = await openVisitor(parley, embedKey);
    await visitor.ask("Xylophone zeppelin quartz?");
    const home = await owner.get<Dashboard>("/api/admin/dashboard");

    expect(home.checklist.knowledge).toMatchObject({ done: true, ready: 1, failed: 0 });
    expect(home.checklist.ask.done).toBe(true);
    expect(home.checklist.embed).toEqual({ done: false, origins: [] });
    expect(home.checklist.model).toMatchObject({ done: false, provider: "extractive" });
    expect(home.week.questionsByDay).toHaveLength(7);
    expect(home.week.questionsByDay.reduce((sum, n) => sum + n, 0)).toBe(home.week.questions);
    expect(home.unanswered[0]?.question).toBe("Xylophone zeppelin quartz?");
  });
});
