import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { ChatSession, Message } from "../../src/domain/conversation.ts";
import type { StreamEvent } from "../../src/domain/turn.ts";
import { AppError } from "../../src/errors.ts";
import { createLiveStreams, type LiveStreams } from "../../src/services/chat/live-stream.ts";
import type { LiveStream } from "../../src/services/chat/session-stream.ts";
import type { Store } from "../../src/store/store.ts";
import { aChatSession, aConversation, aFirstAdmin, aMessage, anAnswer } from "../helpers/builders.ts";
import { openTestStore } from "../helpers/sqlite.ts";

const QUIET = { debug() {}, info() {}, warn() {}, error() {} };

let now: number;
let store: Store;
let streams: LiveStreams;
let session: ChatSession;
let stream: LiveStream;
let answer: Message;
let heard: StreamEvent[];

beforeEach(async () => {
  now = 0;
  store = await openTestStore();
  const first = aFirstAdmin();
  await store.instance.initialise(first);
  session = aChatSession({ tenantId: first.tenant.id });
  await store.chatSessions.create(session, "hash", aConversation(session), []);
  streams = createLiveStreams({ store, log: QUIET, monotonicNow: () => now });
  stream = await streams.open(session.id);
  await stream.prepare();
  answer = anAnswer({ conversationId: session.conversationId });
  heard = [];
  stream.subscribe((event) => heard.push(event));
});
afterEach(() => streams.close());

const say = (text: string) => stream.emit({ type: "delta", messageId: answer.id, text });
const finish = () => stream.emit({ type: "done", message: { ...answer, status: "complete" } });
const textsOf = (events: readonly StreamEvent[]) =>
  events.flatMap((event) => (event.type === "delta" ? [event.text] : []));

describe("a session's stream", () => {
  test("sends the first words at once and merges those that follow within 16 ms, losing none", () => {
    say("One ");
    now += 5;
    say("two ");
    now += 5;
    say("three ");
    now += 20;
    say("four");
    finish();

    expect(textsOf(heard)).toEqual(["One ", "two three four"]);
    expect(heard.at(-1)?.type).toBe("done");
  });

  test("numbers what it sends without a gap or a repetition, over turns and over restarts", async () => {
    say("One");
    finish();
    const again = createLiveStreams({ store, log: QUIET, monotonicNow: () => now });
    const after = await again.open(session.id);
    await after.prepare();
    after.subscribe((event) => heard.push(event));
    after.emit({ type: "done", message: aMessage({ conversationId: session.conversationId }) });
    again.close();

    const numbers = heard.map(({ seq }) => seq);
    expect(numbers).toEqual([...new Set(numbers)].sort((left, right) => left - right));
    expect(numbers[1]).toBe((numbers[0] ?? 0) + 1);
  });

  test("replays what came after a number, and says so when some of it is gone", () => {
    say("One");
    finish();
    const first = heard[0]?.seq ?? 0;

    expect(stream.replayAfter(first)).toEqual(heard.slice(1));
    expect(stream.replayAfter(first - 1)).toEqual(heard);
    expect(stream.replayAfter(stream.lastSequence())).toEqual([]);
    for (let n = 0; n < 500; n++) finish();
    expect(stream.replayAfter(first)).toBeNull();
  });

  test("keeps all of a running turn, however long it is", () => {
    for (let n = 0; n < 1000; n++) {
      now += 20;
      say(`${n} `);
    }

    expect(textsOf(stream.runningEvents())).toHaveLength(1000);
    finish();
    expect(stream.runningEvents()).toEqual([]);
  });

  test("is one and the same for everybody who opens it at the same time", async () => {
    const other = aChatSession({ tenantId: session.tenantId });
    await store.chatSessions.create(other, "other", aConversation(other), []);
    const [one, two] = await Promise.all([streams.open(other.id), streams.open(other.id)]);
    const seen: string[] = [];
    two.subscribe(({ type }) => seen.push(type));
    await one.prepare();
    one.emit({ type: "done", message: aMessage({ conversationId: other.conversationId }) });

    expect(seen).toEqual(["done"]);
  });

  test("has every word of an answer that runs on while another one ends", () => {
    const other = anAnswer({ conversationId: session.conversationId });
    say("One ");
    stream.emit({ type: "delta", messageId: other.id, text: "Other." });
    for (let n = 0; n < 500; n++) stream.emit({ type: "citations", messageId: other.id, citations: [] });
    stream.emit({ type: "done", message: { ...other, status: "complete" } });
    say("two");
    stream.emit({ type: "citations", messageId: answer.id, citations: [] });

    expect(textsOf(stream.runningEvents())).toEqual(["One ", "two"]);
  });

  test("opens once the disk takes its number, though it was full before", async () => {
    let full = true;
    const chatSessions = {
      ...store.chatSessions,
      reserveSequence: async (...given: Parameters<Store["chatSessions"]["reserveSequence"]>) => {
        if (full) throw new AppError("STORAGE_FULL", "The disk is full.");
        return store.chatSessions.reserveSequence(...given);
      },
    };
    const narrow = createLiveStreams({
      store: { ...store, chatSessions },
      log: QUIET,
      monotonicNow: () => now,
    });
    const refused = await narrow.open(session.id).catch((thrown: AppError) => thrown.code);
    full = false;

    expect(refused).toBe("STORAGE_FULL");
    expect((await narrow.open(session.id)).lastSequence()).toBeGreaterThan(0);
    narrow.close();
  });

  test("goes on when one listener throws", () => {
    stream.subscribe(() => {
      throw new Error("broken tab");
    });
    const later: string[] = [];
    stream.subscribe(({ type }) => later.push(type));
    finish();

    expect(later).toEqual(["done"]);
  });

  test("row R24: an answer that nobody has listened to for ten seconds is abandoned", async () => {
    const lonely = aChatSession({ tenantId: session.tenantId });
    await store.chatSessions.create(lonely, "lonely", aConversation(lonely), []);
    await streams.open(lonely.id);
    let abandoned = 0;
    const called = Promise.withResolvers<void>();
    // The clock jumps a minute whenever it is asked, so that the next look is past the ten seconds.
    const jumping = createLiveStreams({ store, log: QUIET, monotonicNow: () => (now += 60_000) });
    const stop = jumping.watchAbandoned(lonely.id, () => {
      abandoned += 1;
      called.resolve();
    });
    await called.promise;
    stop();
    jumping.close();

    expect(abandoned).toBe(1);
  });
});
