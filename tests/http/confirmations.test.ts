/** What waits for its visitor's word, over the wire and over a kill -9. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { newId } from "../../src/domain/ids.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { rows, withDatabase } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { openVisitor, type VisitorClient } from "../helpers/visitor-client.ts";

let parley: Parley;
let owner: AdminClient;
let embedKey: string;
let visitor: VisitorClient;

beforeAll(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
  await owner.addDocument("leave.md", "# Leave\n\nParental leave is 26 weeks at full pay.");
  embedKey = (await owner.get<{ embedKey: string }>("/api/admin/widget")).embedKey;
});
afterAll(() => parley.remove());
beforeEach(async () => {
  visitor = await openVisitor(parley, embedKey);
});

const ARGUMENTS = { order: "4711", amount: "12.50" };

/** As a turn in which a model asked for it leaves it. */
async function waiting(state = "pending_confirmation", expiresAt = Date.now() + 300_000): Promise<string> {
  const { id: message } = await visitor.ask("How long is parental leave?");
  const [answer] = rows(
    parley,
    "select tenant_id, session_id, conversation_id from messages where id = ?",
    message,
  );
  const call = newId("tool-call");
  const words = JSON.stringify([{ label: "Order", value: "4711" }]);
  withDatabase(parley, (database) =>
    database.run(
      "insert into tool_calls values (?, ?, ?, ?, ?, ?, 'refund', 'Refund', ?, ?, 'eng', ?, null, ?, ?, null, null)",
      [
        ...[answer?.tenant_id ?? "", call, answer?.session_id ?? "", answer?.conversation_id ?? "", message],
        ...[newId("tool"), JSON.stringify(ARGUMENTS), words, state, Date.now(), expiresAt],
      ],
    ),
  );
  return call;
}

const confirm = (call: string, accept: boolean, more: object = {}, as = visitor) =>
  as.call<{ message?: { content: string }; error?: { code: string } }>("POST", "/api/chat/confirm", {
    ...{ session: as.session, call, accept },
    ...more,
  });
const stateOf = (call: string) => rows(parley, "select state from tool_calls where id = ?", call)[0]?.state;

test("a card stands in the history, with every argument in words, and when it ends", async () => {
  const call = await waiting();
  const old = await waiting("pending_confirmation", Date.now() - 1);
  const { messages } = await visitor.history();
  const cards = messages.flatMap(({ confirmations = [] }) => confirmations);

  expect(cards).toMatchObject([
    {
      ...{ call, tool: "refund", label: "Refund", arguments: ARGUMENTS, state: "pending_confirmation" },
      words: [{ label: "Order", value: "4711" }],
    },
    { call: old, state: "expired" },
  ]);
});

describe("POST /api/chat/confirm", () => {
  test("that declines answers with the message that says so, and again with the same", async () => {
    const call = await waiting();
    const { status, body } = await confirm(call, false);

    expect([status, body.message?.content]).toEqual([200, "Not done: **Refund**."]);
    expect((await confirm(call, false)).body).toEqual(body);
    expect((await confirm(call, true)).status).toBe(409);
    expect((await visitor.history()).messages.at(-1)?.content).toBe("Not done: **Refund**.");
  });

  test.each([
    ["other arguments", { arguments: { ...ARGUMENTS, amount: "1250.00" } }, 409, "CONFIRMATION_MISMATCH"],
    ["a tool that is gone", {}, 409, "CONFIRMATION_MISMATCH"],
    ["a key that nobody knows", { force: true }, 400, "VALIDATION"],
    ["a word that is none", { accept: "yes" }, 400, "VALIDATION"],
  ])("row 90: with %s is refused, and the card waits on", async (_, more, status, code) => {
    const call = await waiting();
    const answer = await confirm(call, true, more);

    expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
    expect(stateOf(call)).toBe("pending_confirmation");
  });

  test("too late is 409, of somebody else's call 404, of none 400", async () => {
    const late = await waiting("pending_confirmation", Date.now() - 1);
    const stranger = await openVisitor(parley, embedKey);

    expect((await confirm(late, true)).body.error?.code).toBe("CONFLICT");
    expect((await confirm(late, true, {}, stranger)).body.error?.code).toBe("NOT_FOUND");
    expect((await confirm("tcl_1", true)).status).toBe(400);
  });
});

test("over the socket the card's new state and the message come to every tab, and a refusal to who asked", async () => {
  const call = await waiting();
  const [here, there] = await Promise.all([visitor.connect(), visitor.connect()]);
  for (const socket of [here, there]) await socket.next("ready");

  here.send({ type: "confirm", call, accept: true, arguments: { order: "1" } });
  expect(await here.next("error")).toMatchObject({ code: "CONFIRMATION_MISMATCH" });
  here.send({ type: "confirm", call, accept: false });

  for (const socket of [here, there]) {
    expect(await socket.next("confirm")).toMatchObject({ call, state: "declined" });
    expect(await socket.next("message")).toMatchObject({
      message: { role: "assistant", content: "Not done: **Refund**." },
    });
    await socket.close();
  }
});

test("row R3: after a kill -9 a call that had been started is not known, and one that waited still waits", async () => {
  const [started, open] = [await waiting("started"), await waiting()];

  await parley.kill9();
  await parley.restart();

  expect([stateOf(started), stateOf(open)]).toEqual(["unknown", "pending_confirmation"]);
  const { messages } = await visitor.history();
  expect(messages.at(-1)?.content).toStartWith("It is not known whether **Refund** was done");
  expect((await confirm(started, true)).body.message?.content).toStartWith("It is not known whether");
  expect((await confirm(open, false)).status).toBe(200);
});
