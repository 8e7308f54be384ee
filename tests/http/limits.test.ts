/** What visitors, or programs that pretend to be some, may have open and change at a time. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ENDPOINTS } from "../../src/http/server.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { rows, withDatabase } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { clientId, openVisitor, serverSentFrames, type VisitorClient } from "../helpers/visitor-client.ts";

const ENOUGH = 12;
const FLAGS = [
  ...["--max-sockets-per-visitor", "2", "--max-sockets", "5"],
  ...["--messages-per-minute-per-visitor", "10", "--changes-per-minute-per-visitor", "10"],
  ...["--visitors-per-minute-per-tenant", "10"],
];

let parley: Parley;
let owner: AdminClient;
let embedKey: string;

beforeAll(async () => {
  parley = await startParley({ flags: FLAGS });
  owner = await setUpOwner(parley);
  embedKey = (await owner.get<{ embedKey: string }>("/api/admin/widget")).embedKey;
  await owner.addDocument("leave.txt", "Parental leave is 26 weeks.");
});
afterAll(() => parley.remove());

/** Buckets are in memory: each test begins with full ones. */
async function aVisitor(): Promise<VisitorClient> {
  await parley.restart({ flags: FLAGS });
  return openVisitor(parley, embedKey);
}

const post = (visitor: VisitorClient, path: string, body: object = {}) =>
  visitor.fetch("POST", path, { body: { session: visitor.session, ...body } });

async function expectRefused(answer: Response, status: number, code: string): Promise<void> {
  expect(answer.status).toBe(status);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({
    error: { code, message: expect.stringMatching(/\w+\. (Try again|Close some)/) },
  });
}

/** An event stream that has begun. */
async function openEvents(visitor: VisitorClient) {
  const leave = new AbortController();
  const { signal } = leave;
  const answer = await visitor.fetch("GET", `/api/chat/events/${visitor.session}`, { signal });
  if (!answer.ok) return { answer, leave: () => leave.abort() };
  const frames = serverSentFrames(answer);
  expect((await frames.next()).value?.type).toBe("ready");
  return { answer, leave: () => leave.abort() };
}

describe("event streams", () => {
  test("are limited for each visitor as sockets are, and one that is left makes room", async () => {
    const visitor = await aVisitor();
    const open = [await openEvents(visitor), await openEvents(visitor)];

    await expectRefused((await openEvents(visitor)).answer, 429, "RATE_LIMITED");
    const socket = await visitor.connect();
    await socket.next("ready");
    open[0]?.leave();
    // Parley hears of it a moment later.
    let another = await openEvents(visitor);
    while (another.answer.status === 429) another = await openEvents(visitor);

    expect(another.answer.status).toBe(200);
    another.leave();
    open[1]?.leave();
    await socket.close();
  });

  test("and sockets are limited together over all visitors", async () => {
    const visitors = [
      await aVisitor(),
      await openVisitor(parley, embedKey),
      await openVisitor(parley, embedKey),
    ];
    const [first, second, third] = visitors as [VisitorClient, VisitorClient, VisitorClient];
    const sockets = [await first.connect(), await first.connect(), await second.connect()];
    for (const socket of sockets) await socket.next("ready");
    const streams = [await openEvents(second), await openEvents(third)];

    await expectRefused((await openEvents(third)).answer, 503, "OVERLOADED");
    await expect(third.openSocket()).rejects.toThrow();

    for (const stream of streams) stream.leave();
    for (const socket of sockets) await socket.close();
  });

  test("end when Parley stops, so that nobody waits for one that is gone", async () => {
    const visitor = await aVisitor();
    const answer = await visitor.fetch("GET", `/api/chat/events/${visitor.session}`);
    const frames = serverSentFrames(answer);
    await frames.next();

    const [exitCode] = await Promise.all([parley.stop(), Array.fromAsync(frames)]);

    expect(exitCode).toBe(0);
  });
});

describe("whatever a visitor sends that changes something", () => {
  /** What is sent again and again, and what is refused of it; null where nothing is written or held. */
  const FLOODS: Record<string, ((visitor: VisitorClient) => Promise<Response>) | null> = {
    "POST /api/widget/session": (visitor) =>
      fetch(`${parley.url}/api/widget/session`, {
        method: "POST",
        headers: { origin: parley.url, "content-type": "application/json" },
        body: JSON.stringify({ key: embedKey, session: visitor.session }),
      }),
    "POST /api/chat/message": (visitor) =>
      post(visitor, "/api/chat/message", { id: clientId(), text: "How long is parental leave?" }),
    "POST /api/chat/conversation": (visitor) => post(visitor, "/api/chat/conversation"),
    "POST /api/chat/feedback": (visitor) =>
      post(visitor, "/api/chat/feedback", { message: `msg_${"0".repeat(26)}`, rating: "helpful" }),
    "POST /api/chat/confirm": (visitor) =>
      post(visitor, "/api/chat/confirm", { call: `tcl_${"0".repeat(26)}`, accept: false }),
    "POST /api/chat/stop": null,
  };

  test("is in the list of this test", () => {
    const changing = ENDPOINTS.filter(
      ({ need, method }) => (need === "visitor" || need === "page") && method !== "GET",
    );
    expect(Object.keys(FLOODS).sort()).toEqual(
      changing.map(({ method, path }) => `${method} ${path}`).sort(),
    );
  });

  for (const [name, send] of Object.entries(FLOODS)) {
    if (send === null) continue;
    test(`${name} is refused when it comes too often, with when to try again`, async () => {
      const visitor = await aVisitor();

      const answers = [];
      for (let n = 0; n < ENOUGH; n++) answers.push(await send(visitor));

      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(0);
      await expectRefused(refused[0] as Response, 429, "RATE_LIMITED");
    });
  }

  test("over a socket is refused as well", async () => {
    const visitor = await aVisitor();
    const { id } = await visitor.ask("How long is parental leave?");
    const socket = await visitor.connect();
    await socket.next("ready");

    // One after the other: more at once are a flood.
    let refused: unknown = null;
    for (let n = 0; n < ENOUGH && refused === null; n++) {
      socket.send({ type: "feedback", message: id, rating: "helpful" });
      socket.send({ type: "ping" });
      const frame = await socket.until(({ type }) => type === "pong" || type === "error");
      if (frame.at(-1)?.type === "error") refused = frame.at(-1);
    }

    expect(refused).toMatchObject({ code: "RATE_LIMITED", retryable: true });
    await socket.close();
  });
});

describe("sessions", () => {
  test("that are renewed are no new ones, and renewing writes nothing", async () => {
    const visitor = await aVisitor();
    const before = rows(parley, "select * from chat_sessions where id = ?", visitor.session);

    for (let n = 0; n < ENOUGH; n++) {
      const answer = await visitor.fetch("POST", "/api/widget/session", {
        body: { key: embedKey, session: visitor.session },
      });
      expect([answer.status, ((await answer.json()) as { session: string }).session]).toEqual([
        200,
        visitor.session,
      ]);
    }

    expect(rows(parley, "select * from chat_sessions where id = ?", visitor.session)).toEqual(before);
  });

  test("keep one conversation that nobody has used, however often another is asked for", async () => {
    const visitor = await aVisitor();
    const { conversation } = await visitor.history();

    const again = (await (await post(visitor, "/api/chat/conversation")).json()) as { conversation: string };
    await visitor.ask("How long is parental leave?");
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post(visitor, "/api/chat/conversation")),
    );
    const begun = await Promise.all(
      answers.map((answer) => answer.json() as Promise<{ conversation: string }>),
    );

    expect(again.conversation).toBe(conversation);
    expect(new Set(begun.map((each) => each.conversation)).size).toBe(1);
    const ofSession = "select id from conversations where session_id = ?";
    expect(rows(parley, ofSession, visitor.session)).toHaveLength(2);
  });

  test("that nobody used and that are over are removed by a Parley that runs", async () => {
    const [empty, asked] = [await aVisitor(), await openVisitor(parley, embedKey)];
    await asked.ask("How long is parental leave?");
    await parley.stop();
    withDatabase(parley, (database) => {
      database.run("update chat_sessions set expires_at = 1, origin = null");
      database.run("update jobs set run_at = 1 where kind = 'remove-ended-sessions'");
    });
    await parley.restart({ flags: FLAGS });
    const sessions = () =>
      rows(parley, "select id from chat_sessions where id in (?, ?)", empty.session, asked.session);

    while (sessions().length > 1) await owner.get("/api/admin/dashboard");

    expect(sessions()).toEqual([{ id: asked.session }]);
  });
});
