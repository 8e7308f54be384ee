import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { MessageView, ReadyFrame } from "../../src/protocol/chat-protocol.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { count, rows, withDatabase } from "../helpers/database.ts";
import type { Frame, FrameSocket } from "../helpers/frames.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { clientId, openVisitor, type VisitorClient } from "../helpers/visitor-client.ts";

let parley: Parley;
let provider: ScriptedProvider;
let owner: AdminClient;
let embedKey: string;
let visitor: VisitorClient;

beforeAll(async () => {
  [parley, provider] = await Promise.all([startParley(), startScriptedProvider()]);
  owner = await setUpOwner(parley);
  await owner.addDocument(
    "leave.md",
    "# Leave\n\nParental leave is 26 weeks at full pay.\n\nAnnual leave is 30 days.",
  );
  embedKey = (await owner.get<{ embedKey: string }>("/api/admin/widget")).embedKey;
});
afterAll(async () => {
  await parley.remove();
  await provider.close();
});
beforeEach(async () => {
  visitor = await openVisitor(parley, embedKey);
});

const QUESTION = "How long is parental leave?";

/** Answers come from the scripted model, word by word. */
async function withModel(): Promise<void> {
  await owner.send("PUT", "/api/admin/llm/config", {
    provider: "openai",
    baseUrl: provider.url("openai"),
    model: "scripted-small",
  });
}
async function withoutModel(): Promise<void> {
  await owner.send("PUT", "/api/admin/llm/config", { provider: "extractive" });
}

async function ready(socket: FrameSocket): Promise<ReadyFrame> {
  return (await socket.next()) as unknown as ReadyFrame;
}

function question(text = QUESTION) {
  return { type: "message", id: clientId(), text };
}

const isDone = ({ type }: Frame) => type === "done";
const textOf = (frames: Frame[]) =>
  frames
    .filter(({ type }) => type === "delta")
    .map(({ text }) => text)
    .join("");

describe("hello", () => {
  test("without `after` answers ready with the finished messages and replays nothing", async () => {
    await visitor.ask(QUESTION);
    const socket = await visitor.connect();

    const { session, seq, state, history } = await ready(socket);

    expect(session).toBe(visitor.session);
    expect(state).toBe("assistant");
    expect(seq).toBeGreaterThan(0);
    expect(history?.map(({ role, status }) => [role, status])).toEqual([
      ["user", "complete"],
      ["assistant", "complete"],
    ]);
    socket.send({ type: "ping" });
    expect(await socket.next()).toEqual({ type: "pong" });
    await socket.close();
  });

  test("with `after` answers ready without history, then exactly the frames that were missed", async () => {
    const first = await visitor.connect();
    await ready(first);
    first.send(question());
    const frames = await first.until(isDone);
    const seen = frames.find(({ type }) => type === "delta");
    await first.close();

    const second = await visitor.connect(Number(seen?.seq));

    expect((await ready(second)).history).toBeNull();
    expect(await second.until(isDone)).toEqual(frames.slice(frames.indexOf(seen as Frame) + 1));
    await second.close();
  });

  test("with an `after` that is older than what is kept answers the whole history", async () => {
    await visitor.ask(QUESTION);
    await parley.restart();
    const socket = await visitor.connect(1);

    expect((await ready(socket)).history).toHaveLength(2);
    await socket.close();
  });

  test("with a wrong token, another session's token or none closes the socket with 4401", async () => {
    const other = await openVisitor(parley, embedKey);
    for (const token of [`${visitor.token}x`, "x".repeat(40), other.token]) {
      const socket = await visitor.openSocket();
      socket.send({ type: "hello", token });
      expect((await socket.next()).type).toBe("error");
      expect([4401, 1008]).toContain((await socket.closed).code);
    }
    const silent = await visitor.openSocket();
    silent.send(question());
    expect(await silent.next()).toMatchObject({ type: "error", code: "UNAUTHENTICATED" });
    expect((await silent.closed).code).toBe(4401);
    expect(rows(parley, "select 1 from messages where session_id = ?", visitor.session)).toEqual([]);
  });

  test("is what a socket must say: one that stays silent is closed with 4401", async () => {
    const silent = await visitor.openSocket();

    expect(await silent.closed).toEqual({ code: 4401, reason: "No hello" });
  }, 30_000);
});

describe("an answer over the socket", () => {
  test("is accepted, then streamed and cited with ascending numbers, then done", async () => {
    const socket = await visitor.connect();
    const { seq } = await ready(socket);
    const asked = question();
    socket.send(asked);

    const frames = await socket.until(isDone);

    expect(frames[0]).toMatchObject({ type: "accepted", id: asked.id });
    const kinds = frames.map(({ type }) => type);
    expect(kinds.indexOf("delta")).toBeGreaterThan(0);
    expect(kinds.indexOf("citations")).toBeGreaterThan(0);
    const numbers = [seq, ...frames.map((frame) => Number(frame.seq))];
    expect(numbers).toEqual([...new Set(numbers)].sort((left, right) => left - right));
    await socket.close();
  });

  test("joins to the stored content byte for byte, with the ids of the stored messages", async () => {
    await withModel();
    const text = "Naïve 👩‍👩‍👧 答え: 26 weeks [1].\n\n- line  two \n";
    provider.script({ text, split: "bytes" });
    const socket = await visitor.connect();
    await ready(socket);
    socket.send(question());

    const frames = await socket.until(isDone);
    const { messages } = await visitor.history();

    expect(textOf(frames)).toBe(messages[1]?.content ?? "");
    expect(messages[1]?.content).toBe(text);
    expect(frames[0]?.message).toBe(messages[0]?.id);
    for (const frame of frames.slice(1)) expect(frame.message).toBe(messages[1]?.id);
    const citations = frames.filter(({ type }) => type === "citations").at(-1);
    expect(citations?.items).toEqual(messages[1]?.citations);
    await socket.close();
    await withoutModel();
  });

  test("comes as deltas even when nothing was found, with the nearest sources and no citation", async () => {
    const socket = await visitor.connect();
    await ready(socket);
    socket.send(question("Which colour has the moon base's cafeteria?"));

    const frames = await socket.until(isDone);
    const { messages } = await visitor.history();

    expect(textOf(frames)).toBe(messages[1]?.content ?? "");
    expect(textOf(frames)).not.toBe("");
    expect(messages[1]?.citations).toEqual([]);
    await socket.close();
  });

  test("keeps its words when the visitor stops it, as interrupted", async () => {
    await withModel();
    const never = Promise.withResolvers<void>();
    provider.script({ pieces: ["Twenty-six ", "weeks"], gate: never.promise });
    const socket = await visitor.connect();
    await ready(socket);
    socket.send(question());
    await socket.next("delta");

    socket.send({ type: "stop" });

    expect(await socket.next("done")).toMatchObject({ status: "interrupted" });
    expect((await visitor.history()).messages[1]).toMatchObject({
      status: "interrupted",
      content: "Twenty-six ",
    });
    await provider.requests.at(-1)?.clientClosed;
    never.resolve();
    await socket.close();
    await withoutModel();
  });

  test("reaches every tab of the session: the other one gets the question as a message", async () => {
    const [asking, watching] = [await visitor.connect(), await visitor.connect()];
    await Promise.all([ready(asking), ready(watching)]);
    const asked = question();
    asking.send(asked);

    const [here, there] = await Promise.all([asking.until(isDone), watching.until(isDone)]);

    expect(there[0]).toMatchObject({ type: "message", seq: here[0]?.seq });
    expect((there[0]?.message as MessageView | undefined)?.content).toBe(QUESTION);
    expect(there.slice(1)).toEqual(here.slice(1));
    await Promise.all([asking.close(), watching.close()]);
  });

  test("goes on where it was when the socket is cut in the middle", async () => {
    await withModel();
    const gate = Promise.withResolvers<void>();
    provider.script({ pieces: ["One ", "two ", "three"], gate: gate.promise });
    const first = await visitor.connect();
    await ready(first);
    first.send(question());
    const before = await first.until(({ type }) => type === "delta");
    await first.close();

    const second = await visitor.connect(Number(before.at(-1)?.seq));
    await ready(second);
    gate.resolve();
    const after = await second.until(isDone);

    expect(textOf([...before, ...after])).toBe("One two three");
    await second.close();
    await withoutModel();
  });

  test("is on a fresh page what was written so far, and then the rest", async () => {
    await withModel();
    const gate = Promise.withResolvers<void>();
    provider.script({ pieces: ["One ", "two"], gate: gate.promise });
    const first = await visitor.connect();
    await ready(first);
    first.send(question());
    await first.next("delta");

    const second = await visitor.connect();
    const { history } = await ready(second);
    gate.resolve();
    const frames = await second.until(isDone);

    expect(history?.map(({ role }) => role)).toEqual(["user"]);
    expect(textOf(frames)).toBe("One two");
    await Promise.all([first.close(), second.close()]);
    await withoutModel();
  });

  test("is announced to a page that is loaded before any of it has come, and not after it is done", async () => {
    await withModel();
    const gate = Promise.withResolvers<void>();
    // The follow-up is made a question of its own first, and until then there is nothing to replay.
    await visitor.ask("How long is annual leave?");
    provider.word({ pieces: ["How long is it?"], gates: { 0: gate.promise } });
    provider.script({ pieces: ["One ", "two"] });
    const first = await visitor.connect();
    await ready(first);
    first.send(question());
    const accepted = await first.next("accepted");

    const second = await visitor.connect();
    const loaded = await ready(second);
    expect(loaded.running).toBe(String(accepted.message));
    expect((await visitor.history()).running).not.toBeNull();
    gate.resolve();
    await second.until(isDone);

    const third = await visitor.connect();
    expect((await ready(third)).running).toBeNull();
    await Promise.all([first.close(), second.close(), third.close()]);
    provider.word({ pieces: [] });
    await withoutModel();
  });

  test("numbers go on ascending after a restart", async () => {
    const socket = await visitor.connect();
    await ready(socket);
    socket.send(question());
    const before = await socket.until(isDone);
    await parley.restart();

    const again = await visitor.connect();
    await ready(again);
    again.send(question());
    const after = await again.until(isDone);

    expect(Number(after[0]?.seq)).toBeGreaterThan(Number(before.at(-1)?.seq));
    await again.close();
  });
});

describe("a message sent again", () => {
  test("is the same message: accepted with the same id, answered once", async () => {
    const socket = await visitor.connect();
    await ready(socket);
    const asked = question();
    socket.send(asked);
    const frames = await socket.until(isDone);

    socket.send(asked);

    expect(await socket.next()).toMatchObject({
      type: "accepted",
      id: asked.id,
      message: frames[0]?.message,
    });
    expect((await visitor.history()).messages).toHaveLength(2);
    await socket.close();
  });

  test("row R2: at the same moment over sockets and HTTP is stored and answered once", async () => {
    const [one, two] = [await visitor.connect(), await visitor.connect()];
    await Promise.all([ready(one), ready(two)]);
    const asked = question();
    one.send(asked);
    two.send(asked);

    const answers = await Promise.all([visitor.ask(asked.text, asked.id), visitor.ask(asked.text, asked.id)]);

    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect((await visitor.history()).messages).toHaveLength(2);
    for (const socket of [one, two]) {
      await socket.next("accepted");
      await socket.close();
    }
  });
});

describe("what does not belong on the socket", () => {
  test.each([
    ["no JSON", "hello?"],
    ["no object", "[]"],
    ["an unknown type", '{"type":"subscribe","session":"x"}'],
    ["an unknown field", '{"type":"ping","role":"system"}'],
    [
      "row 48: an element in place of text",
      '{"type":"message","id":"12345678","text":{"type":"img","props":{}}}',
    ],
    ["row 94: somebody else's role", '{"type":"message","id":"12345678","text":"x","role":"assistant"}'],
    ["an id that is none", '{"type":"message","id":"../x","text":"x"}'],
  ])("%s is an error frame, and the socket stays open", async (_what, text) => {
    const socket = await visitor.connect();
    await ready(socket);

    socket.sendRaw(text);

    expect(await socket.next()).toMatchObject({ type: "error", code: "VALIDATION", retryable: false });
    socket.send({ type: "ping" });
    expect(await socket.next()).toEqual({ type: "pong" });
    await socket.close();
  });

  test("bytes are an error frame as well", async () => {
    const socket = await visitor.connect();
    await ready(socket);
    socket.sendRaw(new Uint8Array([1, 2, 3]));

    expect(await socket.next()).toMatchObject({ type: "error", code: "VALIDATION" });
    await socket.close();
  });

  test("row 97: a message of more than 8 kB is refused and stored nowhere", async () => {
    const socket = await visitor.connect();
    await ready(socket);
    const before = count(parley, "messages");

    socket.send(question("ä".repeat(5000)));

    expect(await socket.next()).toMatchObject({ type: "error", code: "PAYLOAD_TOO_LARGE" });
    expect(count(parley, "messages")).toBe(before);
    await socket.close();
  });

  test("a frame of more than 32 kB closes the socket", async () => {
    const socket = await visitor.connect();
    await ready(socket);
    socket.send(question("x".repeat(40_000)));

    expect((await socket.closed).code).not.toBe(1000);
    expect((await fetch(`${parley.url}/healthz`)).status).toBe(200);
  });

  test("row R27: a flood closes the socket with 4429 and harms nobody else", async () => {
    const other = await openVisitor(parley, embedKey);
    const [flooding, calm] = [await visitor.connect(), await other.connect()];
    await Promise.all([ready(flooding), ready(calm)]);

    for (let n = 0; n < 500; n++) flooding.send({ type: "ping" });

    expect((await flooding.closed).code).toBe(4429);
    calm.send({ type: "ping" });
    expect(await calm.next()).toEqual({ type: "pong" });
    await calm.close();
  });

  test("a sixth socket of one session is told that there are too many", async () => {
    const sockets = await Promise.all(Array.from({ length: 5 }, () => visitor.connect()));
    for (const socket of sockets) await ready(socket);

    const sixth = await visitor.connect();

    expect(await sixth.next()).toMatchObject({ type: "error", code: "RATE_LIMITED" });
    expect((await sixth.closed).code).toBe(1008);
    await Promise.all(sockets.map((socket) => socket.close()));
    const later = await visitor.connect();
    expect((await later.next()).type).toBe("ready");
    await later.close();
  });

  test("feedback is stored, for answers of this very session only", async () => {
    const other = await openVisitor(parley, embedKey);
    const [mine, foreign] = [await visitor.ask(QUESTION), await other.ask(QUESTION)];
    const socket = await visitor.connect();
    await ready(socket);

    socket.send({ type: "feedback", message: foreign.id, rating: "unhelpful" });
    expect(await socket.next()).toMatchObject({ type: "error", code: "NOT_FOUND" });
    socket.send({ type: "feedback", message: mine.id, rating: "helpful", comment: "Thanks" });
    socket.send({ type: "ping" });
    expect(await socket.next()).toEqual({ type: "pong" });

    expect((await visitor.history()).messages[1]?.rating).toBe("helpful");
    expect((await other.history()).messages[1]?.rating).toBeUndefined();
    await socket.close();
  });
});

test("a fault of the server is told with the request under which the log has it", async () => {
  const target = await startParley();
  const admin = await setUpOwner(target);
  const { embedKey: key } = await admin.get<{ embedKey: string }>("/api/admin/widget");
  const socket = await (await openVisitor(target, key)).connect();
  await socket.next("ready");
  withDatabase(target, (database) => database.run("alter table conversations rename to elsewhere"));

  socket.send({ type: "message", id: clientId(), text: QUESTION });
  const { code, requestId } = await socket.next("error");

  expect([code, requestId]).toEqual(["INTERNAL", expect.stringMatching(/^[\w-]{12}$/)]);
  await target.printed(String(requestId));
  const line = target
    .log()
    .split("\n")
    .find((text) => text.includes(String(requestId)));
  expect(JSON.parse(line ?? "{}")).toMatchObject({ event: "socket-frame-failed", requestId });
  await target.remove();
});
