/** Rows 90, 92, R2 and R3 over the whole: a model, a visitor, an API that notes what it is asked, and kill -9. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import type { MessageView } from "../../src/protocol/chat-protocol.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { rows } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { openVisitor, type VisitorClient } from "../helpers/visitor-client.ts";

setDefaultTimeout(60_000);

type Asked = { key: string | null; body: unknown };

let parley: Parley;
let provider: ScriptedProvider;
let owner: AdminClient;
let visitor: VisitorClient;
let api: ReturnType<typeof Bun.serve>;
let asked: Asked[];
let whenAsked: () => void;
let answer: () => Response | Promise<Response>;

beforeEach(async () => {
  asked = [];
  whenAsked = () => {};
  answer = () => Response.json({ number: "R-7" }, { status: 201 });
  api = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      asked.push({ key: request.headers.get("idempotency-key"), body: await request.json() });
      whenAsked();
      return answer();
    },
  });
  [parley, provider] = await Promise.all([startParley(), startScriptedProvider()]);
  owner = await setUpOwner(parley);
  await owner.send("PUT", "/api/admin/egress", { allow: [`127.0.0.1:${api.port}`] });
  await owner.send("PUT", "/api/admin/llm/config", {
    ...{ provider: "openai", baseUrl: provider.url("openai"), model: "scripted-small" },
  });
  await owner.send("POST", "/api/admin/tools", {
    ...{ name: "refund", label: "Refund an order", description: "Gives money back", type: "rest_api" },
    ...{ method: "POST", url: `http://127.0.0.1:${api.port}/refunds`, effect: "write" },
    ...{ columns: [{ name: "number" }], answerTemplate: "Refund {number} of order {order} is on its way." },
    parameters: [
      { name: "order", type: "text", description: "Order" },
      { name: "amount", type: "decimal", description: "Amount" },
    ],
  });
  const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
  visitor = await openVisitor(parley, embedKey);
});
afterEach(async () => {
  await Promise.all([parley.remove(), provider.close()]);
  await api.stop(true);
});

const ARGUMENTS = { order: "4711", amount: "12.50" };

async function proposed(): Promise<string> {
  provider.script(
    { toolCalls: [{ name: "refund", arguments: JSON.stringify(ARGUMENTS) }] },
    { text: "Please confirm the refund." },
  );
  const { confirmations = [] } = await visitor.ask("Refund order 4711, 12.50 please.");
  const [card] = confirmations;
  if (!card) throw new Error("nothing was to be confirmed");
  expect(card).toMatchObject({
    label: "Refund an order",
    arguments: ARGUMENTS,
    state: "pending_confirmation",
  });
  return card.call;
}

const confirm = (call: string, more: object = {}) =>
  visitor.call<{ message?: MessageView; error?: { code: string } }>("POST", "/api/chat/confirm", {
    ...{ session: visitor.session, call, accept: true },
    ...more,
  });
const stateOf = (call: string) => rows(parley, "select state from tool_calls where id = ?", call)[0]?.state;

test("nothing is sent before the visitor confirms; then it is sent once, under its own key, and told", async () => {
  const call = await proposed();
  expect(asked).toEqual([]);
  expect((await confirm(call, { arguments: { ...ARGUMENTS, amount: "1250" } })).body.error?.code).toBe(
    "CONFIRMATION_MISMATCH",
  );
  expect(asked).toEqual([]);

  const { body } = await confirm(call);
  expect(body.message).toMatchObject({
    content: "Refund R-7 of order 4711 is on its way. [1]",
    citations: [{ kind: "tool", n: 1, tool: "refund", rows: [["R-7"]] }],
  });
  expect((await confirm(call)).body).toEqual(body);
  expect(asked).toEqual([{ key: call, body: { order: "4711", amount: 12.5 } }]);
  expect((await visitor.history()).messages.at(-1)).toMatchObject({ content: body.message?.content });
});

test("row R3: killed between sending and the record, it is not known afterwards and never sent again", async () => {
  const call = await proposed();
  const arrived = new Promise<void>((resolve) => {
    whenAsked = resolve;
  });
  answer = () => new Promise(() => {});
  const lost = confirm(call).catch(() => null);
  await arrived;

  expect(stateOf(call)).toBe("started");
  await parley.kill9();
  await lost;
  await parley.restart();

  expect(stateOf(call)).toBe("unknown");
  const { messages } = await visitor.history();
  expect(messages.at(-1)?.content).toStartWith("It is not known whether **Refund an order** was done");
  expect(messages.flatMap(({ confirmations = [] }) => confirmations)).toMatchObject([{ state: "unknown" }]);
  expect((await confirm(call)).body.message?.content).toStartWith("It is not known");
  expect(asked).toHaveLength(1);
});

test("row R2: killed before the visitor has answered, the card is there afterwards and works", async () => {
  const call = await proposed();
  await parley.kill9();
  await parley.restart();

  expect((await confirm(call)).body.message?.content).toStartWith("Refund R-7");
  expect(asked).toHaveLength(1);
});
