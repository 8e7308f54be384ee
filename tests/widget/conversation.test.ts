import { expect, test } from "bun:test";
import type { MessageView, PassageCitationView, ServerFrame } from "../../src/protocol/chat-protocol.ts";
import {
  type Action,
  type Conversation,
  EMPTY,
  isAnswering,
  isPending,
  reduce,
  resumeAfter,
  unsent,
} from "../../widget/panel/conversation.ts";

const AT = "2026-11-22T10:00:00.000Z";
const CITATION: PassageCitationView = {
  kind: "passage",
  n: 1,
  chunk: "chk_1",
  source: "src_1",
  title: "Travel policy",
  text: "190 euros",
};

const typed = (id: string, text = id): Action => ({ type: "typed", message: { id, text, at: AT } });
const frame = (given: ServerFrame): Action => ({ type: "frame", frame: given, at: AT });
const ready = (history: MessageView[] | null, seq = 0, running: string | null = null) =>
  frame({
    type: "ready",
    session: "ses_1",
    conversation: "cnv_1",
    seq,
    state: "assistant",
    history,
    running,
  });
const accepted = (seq: number, id: string) => frame({ type: "accepted", id, message: `msg_${id}`, seq });
const delta = (seq: number, text: string, message = "msg_answer") =>
  frame({ type: "delta", message, seq, text });
const done = (seq: number, message = "msg_answer") =>
  frame({ type: "done", message, seq, status: "complete", followUps: [] });

function after(...actions: Action[]): Conversation {
  return actions.reduce(reduce, EMPTY);
}

function view(
  id: string,
  role: MessageView["role"],
  content: string,
  more: Partial<MessageView> = {},
): MessageView {
  return { id, role, content, citations: [], status: "complete", createdAt: AT, ...more };
}

const texts = ({ messages }: Conversation) => messages.map(({ content }) => content);

test("a question and its answer become two messages, the deltas joined", () => {
  const conversation = after(
    ready([]),
    typed("question-1", "What may I spend?"),
    accepted(1, "question-1"),
    delta(2, "190 "),
    delta(3, "euros [1]"),
    frame({ type: "citations", message: "msg_answer", seq: 4, items: [CITATION] }),
    done(5),
  );

  expect(texts(conversation)).toEqual(["What may I spend?", "190 euros [1]"]);
  expect(conversation.messages[0]).toMatchObject({ id: "msg_question-1", status: "complete" });
  expect(conversation.messages[1]).toMatchObject({
    role: "assistant",
    status: "complete",
    citations: [CITATION],
  });
});

test("frames that come again after a reconnect change nothing", () => {
  const once = after(
    ready([]),
    typed("question-1"),
    accepted(1, "question-1"),
    delta(2, "190 "),
    delta(3, "euros"),
  );
  const again = [
    ready(null, 3),
    accepted(1, "question-1"),
    delta(2, "190 "),
    delta(3, "euros"),
    delta(4, "."),
  ];

  expect(texts(again.reduce(reduce, once))).toEqual(["question-1", "190 euros."]);
});

test("a running turn that is replayed after the full history starts its answer anew", () => {
  const before = after(ready([]), typed("question-1"), accepted(7, "question-1"), delta(8, "190 "));
  const replayed = [
    ready([view("msg_question-1", "user", "question-1", { clientId: "question-1" })], 9),
    accepted(7, "question-1"),
    delta(8, "190 "),
    delta(9, "euros"),
  ].reduce(reduce, before);

  expect(texts(replayed)).toEqual(["question-1", "190 euros"]);
  expect(replayed.messages[1]?.status).toBe("streaming");
});

test("history replaces what was shown, and what the server has not taken stays at the end", () => {
  const offline = after(typed("question-1", "first"), typed("question-2", "second"));
  const conversation = reduce(
    offline,
    ready([
      view("msg_1", "user", "first", { clientId: "question-1" }),
      view("msg_2", "assistant", "An answer."),
    ]),
  );

  expect(texts(conversation)).toEqual(["first", "An answer.", "second"]);
  expect(unsent(conversation).map(({ key }) => key)).toEqual(["question-2"]);
});

test("a message keeps its key from typing to history, so that it is not drawn anew", () => {
  const conversation = after(
    typed("question-1"),
    accepted(1, "question-1"),
    ready([view("msg_question-1", "user", "question-1", { clientId: "question-1" })]),
  );

  expect(conversation.messages.map(({ key }) => key)).toEqual(["question-1"]);
});

test("an answer goes before the questions that still wait for their turn", () => {
  const conversation = after(
    ready([]),
    typed("question-1"),
    typed("question-2"),
    accepted(1, "question-1"),
    delta(2, "Answer"),
  );

  expect(texts(conversation)).toEqual(["question-1", "Answer", "question-2"]);
});

test("typing the same message twice is one message", () => {
  expect(texts(after(typed("question-1"), typed("question-1")))).toEqual(["question-1"]);
});

test("it counts as answering from the acknowledgement to the end of the answer", () => {
  const asked = after(ready([]), typed("question-1"));
  const acknowledged = reduce(asked, accepted(1, "question-1"));
  const writing = reduce(acknowledged, delta(2, "190"));
  const finished = reduce(writing, done(3));

  expect([asked, acknowledged, writing, finished].map(isAnswering)).toEqual([false, true, true, false]);
});

test("a reconnect asks for what follows the last frame it has, and for everything when it has none", () => {
  expect(resumeAfter(after(ready([], 40)))).toBeUndefined();
  expect(resumeAfter(after(ready([], 40), typed("question-1"), accepted(41, "question-1")))).toBe(41);
});

test("a refused message can be sent again under the same id", () => {
  const failure = { code: "PAYLOAD_TOO_LARGE", message: "Too long." };
  const refused = after(ready([]), typed("question-1"), { type: "refused", id: "question-1", failure });
  expect(refused.messages[0]).toMatchObject({ status: "refused", failure });

  expect(unsent(reduce(refused, { type: "resent", id: "question-1" })).map(({ key }) => key)).toEqual([
    "question-1",
  ]);
});

test("a refusal that comes after the acknowledgement does not undo it", () => {
  const failure = { code: "PROVIDER_TIMEOUT", message: "Too slow." };
  const conversation = after(ready([]), typed("question-1"), accepted(1, "question-1"), {
    type: "refused",
    id: "question-1",
    failure,
  });

  expect(conversation.messages[0]?.status).toBe("complete");
});

test("a failed answer says why", () => {
  const error = { code: "PROVIDER_UNAVAILABLE", message: "The model can't be reached." };
  const conversation = after(
    ready([]),
    frame({ type: "done", message: "msg_answer", seq: 1, status: "failed", followUps: [], error }),
  );

  expect(conversation.messages[0]).toMatchObject({ status: "failed", failure: error });
});

test("an answer that found nothing carries the nearest passages, and no citations", () => {
  const conversation = after(
    ready([]),
    delta(1, "I found nothing about that."),
    frame({
      type: "done",
      message: "msg_answer",
      seq: 2,
      status: "complete",
      followUps: [],
      nearest: [CITATION],
    }),
  );

  expect(conversation.messages[0]).toMatchObject({ nearest: [CITATION], citations: [] });
});

test("a message from the other tab appears once, also when history has it already", () => {
  const other = view("msg_9", "user", "From the other tab", { clientId: "question-9" });
  const conversation = after(
    ready([]),
    frame({ type: "message", seq: 1, message: other }),
    ready([other]),
    frame({ type: "message", seq: 1, message: other }),
  );

  expect(texts(conversation)).toEqual(["From the other tab"]);
});

test("a page that is loaded while a question is being answered counts as answering", () => {
  const history = [view("msg_1", "user", "Question", { clientId: "question-1" })];

  expect(isAnswering(after(ready(history, 1, "msg_1")))).toBe(true);
  expect(isAnswering(after(ready(history, 1, null)))).toBe(false);
});

test("a question from another tab counts as answering, but not when it comes again", () => {
  const other = view("msg_9", "user", "From the other tab", { clientId: "question-9" });
  const asked = after(ready([]), frame({ type: "message", seq: 1, message: other }));
  expect(isAnswering(asked)).toBe(true);

  const again = [ready([other]), frame({ type: "message", seq: 1, message: other })];
  expect(isAnswering(again.reduce(reduce, asked))).toBe(false);
});

test("an answer is pending until there is a word of it", () => {
  const asked = after(ready([]), typed("question-1"), accepted(1, "question-1"));
  const cited = reduce(asked, frame({ type: "citations", message: "msg_answer", seq: 2, items: [CITATION] }));
  const begun = (content: string) => reduce(cited, delta(3, content));
  const steps = [cited, ...["\n", "\n**", "\n**[1", "\n**[1]", "\n**[1] 190"].map(begun)];

  expect([asked, ...steps].map(isPending)).toEqual([true, true, true, true, true, true, false]);
  expect(isPending(reduce(cited, done(3)))).toBe(false);
});

test("a new session keeps only what was never sent", () => {
  const conversation = after(ready([view("msg_1", "user", "old")]), typed("question-2", "kept"), {
    type: "cleared",
  });

  expect(texts(conversation)).toEqual(["kept"]);
  expect(conversation.id).toBeNull();
});

test("a tool at work stands with its answer, once, in its latest state", () => {
  const tool = (seq: number, name: string, state: "running" | "done" | "failed") =>
    frame({ type: "tool", message: "msg_answer", seq, name, label: `Looking up ${name}`, state });
  const conversation = after(
    ready([]),
    typed("question-1"),
    accepted(1, "question-1"),
    tool(2, "stock", "running"),
    tool(3, "orders", "running"),
    tool(4, "stock", "done"),
    tool(5, "orders", "failed"),
    delta(6, "There are 12."),
    done(7),
  );

  expect(texts(conversation)).toEqual(["question-1", "There are 12."]);
  expect(conversation.messages[1]?.tools).toEqual([
    { name: "stock", label: "Looking up stock", state: "done" },
    { name: "orders", label: "Looking up orders", state: "failed" },
  ]);
});

test("small talk has nothing to rate, and what it offers to go on with is there again after a reload", () => {
  const told: ServerFrame = {
    ...{ type: "done", message: "msg_answer", seq: 2, status: "complete" },
    ...{ followUps: ["How long is leave?"], smallTalk: true },
  };
  const live = after(ready([]), delta(1, "I answer questions."), frame(told));
  const reloaded = after(
    ready([
      view("msg_answer", "assistant", "I answer questions.", { smallTalk: true, followUps: told.followUps }),
    ]),
  );

  for (const { messages } of [live, reloaded])
    expect(messages[0]).toMatchObject({ smallTalk: true, followUps: ["How long is leave?"] });
});
