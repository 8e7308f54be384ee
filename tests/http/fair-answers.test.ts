/** Many questions at once, and more than may be answered at once: nobody waits for somebody else's model or hurry. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { rows } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { clientId, openVisitor, type VisitorClient } from "../helpers/visitor-client.ts";

const MOST = 8;
const QUESTION = "How long is parental leave?";

let parley: Parley;
let slow: ScriptedProvider;
let quick: ScriptedProvider;
let owner: AdminClient;
/** By tenant. */
let keys: { slow: string; quick: string };

beforeAll(async () => {
  [parley, slow, quick] = await Promise.all([
    startParley({
      flags: [
        ...["--max-answers", String(MOST), "--max-answers-per-visitor", "6"],
        ...["--messages-per-minute-per-visitor", "1000", "--changes-per-minute-per-visitor", "1000"],
      ],
    }),
    startScriptedProvider(),
    startScriptedProvider(),
  ]);
  owner = await setUpOwner(parley);
  keys = { slow: await prepare(slow), quick: "" };
  owner.tenant = (await owner.send<{ id: string }>("POST", "/api/admin/tenants", { name: "Quick" })).id;
  keys.quick = await prepare(quick);
});
afterAll(() => Promise.all([parley.remove(), slow.close(), quick.close()]));

/** The tenant's embed key; it asks that provider. */
async function prepare(provider: ScriptedProvider): Promise<string> {
  await owner.addDocument("leave.md", "# Leave\n\nParental leave is 26 weeks at full pay.");
  const baseUrl = provider.url("openai");
  await owner.send("PUT", "/api/admin/llm/config", { provider: "openai", baseUrl, model: "scripted-small" });
  provider.answer({ text: "26 weeks [1]." });
  return (await owner.get<{ embedKey: string }>("/api/admin/widget")).embedKey;
}

const post = (visitor: VisitorClient, path: string, body: object = {}) =>
  visitor.call("POST", path, { session: visitor.session, ...body });
const visitors = (embedKey: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => openVisitor(parley, embedKey)));

/** The slow model says nothing until the returned function is called. */
function holdSlow(): () => void {
  const gate = Promise.withResolvers<void>();
  slow.answer({ text: "26 weeks [1].", headersGate: gate.promise });
  return gate.resolve;
}

describe("more questions than may be answered at once", () => {
  test("of a tenant whose model hangs do not hold up another tenant's, wait, and are answered", async () => {
    const letGo = holdSlow();
    const before = slow.requests.length;
    const crowd = await visitors(keys.slow, MOST * 2);
    const answers = crowd.map((visitor) => visitor.ask(QUESTION));
    await slow.request(before + MOST - 1);

    const [late] = await visitors(keys.quick, 1);
    expect((await (late as VisitorClient).ask(QUESTION)).status).toBe("complete");
    expect(slow.requests.length - before).toBe(MOST);
    const [refused] = await visitors(keys.slow, 1);
    const answer = await post(refused as VisitorClient, "/api/chat/message", {
      id: clientId(),
      text: QUESTION,
    });

    expect([answer.status, Number(answer.headers.get("retry-after"))]).toEqual([503, 5]);
    expect(answer.body).toMatchObject({ error: { code: "OVERLOADED" } });
    letGo();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(crowd.map(() => "complete"));
  });

  test("of one visitor in many conversations do not hold up another visitor's first", async () => {
    const letGo = holdSlow();
    const [greedy, other] = (await visitors(keys.slow, 2)) as [VisitorClient, VisitorClient];
    const before = slow.requests.length;
    const socket = await greedy.connect();
    await socket.next("ready");
    for (let n = 0; n < 6; n++) {
      socket.send({ type: "message", id: clientId(), text: QUESTION });
      await socket.until(({ type }) => type === "accepted");
      await post(greedy, "/api/chat/conversation");
    }
    await slow.request(before + MOST / 2 - 1);

    const first = other.ask(QUESTION);
    await slow.request(before + MOST / 2);

    expect(slow.requests.length - before).toBe(MOST / 2 + 1);
    letGo();
    expect((await first).status).toBe("complete");
    for (let done = 0; done < 6; done++) await socket.until(({ type }) => type === "done");
    await socket.close();
  });

  test("of one visitor in the same moment are as many as one visitor may ask", async () => {
    const letGo = holdSlow();
    const [visitor] = (await visitors(keys.slow, 1)) as [VisitorClient];

    const answers = Array.from({ length: 200 }, () =>
      post(visitor, "/api/chat/message", { id: clientId(), text: QUESTION }),
    );
    const refused = await firstOf(answers, 194);
    letGo();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);

    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([409]));
    expect(statuses.filter((status) => status === 200)).toHaveLength(6);
    const stored = "select id from messages where session_id = ? and role = 'user'";
    expect(rows(parley, stored, visitor.session)).toHaveLength(6);
  });
});

/** Resolves with the first so many that come. */
function firstOf<Value>(work: readonly Promise<Value>[], count: number): Promise<Value[]> {
  return new Promise((resolve) => {
    const come: Value[] = [];
    for (const each of work)
      each.then((value) => {
        come.push(value);
        if (come.length === count) resolve([...come]);
      });
  });
}
