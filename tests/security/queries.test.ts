/** Questions that nobody means well with, and embedding servers that are not well, against the binary. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { SearchHitView } from "../../src/protocol/admin-api/knowledge.ts";
import type { EmbeddingIndexView, ModelsView } from "../../src/protocol/admin-api/models.ts";
import { type AdminClient, type Answer, setUpOwner } from "../helpers/admin-client.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type Reply, type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { clientId, openVisitor } from "../helpers/visitor-client.ts";

let parley: Parley;
let owner: AdminClient;
let embedKey: string;
let pid: number;
beforeAll(async () => {
  parley = await startParley();
  pid = parley.pid;
  owner = await setUpOwner(parley);
  ({ embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget"));
  await owner.addDocument("leave.md", "# Leave\n\nParental leave is 26 weeks at full pay.");
  await owner.addDocument("urlaub.md", "# Urlaub\n\nDer Urlaub beträgt dreißig Tage im Jahr.");
  await owner.addDocument("arabic.md", "# الإجازة\n\nالإجازة السنوية للموظف ثلاثون يوما في السنة.");
  await owner.addDocument("chinese.md", "# 年假\n\n员工每年享有十五天带薪年假。");
});
afterAll(() => parley.remove());

/** Whatever was asked, the same process goes on. */
afterEach(async () => {
  expect(() => process.kill(pid, 0)).not.toThrow();
  expect((await fetch(`${parley.url}/healthz`)).status).toBe(200);
  expect(parley.log()).not.toContain('"level":"error"');
});

/** Far more than any takes here, far less than a person would wait. */
const QUICK_MS = 3_000;

async function quickly<T>(work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  expect(performance.now() - startedAt).toBeLessThan(QUICK_MS);
  return result;
}

const search = (query: unknown) =>
  quickly(() =>
    owner.call<{ items: SearchHitView[] }>("POST", "/api/admin/knowledge/search", { query, limit: 20 }),
  );

/** Each as a visitor of its own, so that no limit on questions decides. */
async function ask(text: unknown): Promise<Answer> {
  const visitor = await openVisitor(parley, embedKey);
  const body = { session: visitor.session, id: clientId(), text };
  return quickly(() => visitor.call("POST", "/api/chat/message", body));
}

function expectRefusal({ status, body }: Answer<unknown>, statusCode: number, code: string): void {
  expect({ status, body }).toMatchObject({
    status: statusCode,
    body: { error: { code, message: expect.stringMatching(/^\p{Lu}/u), requestId: expect.any(String) } },
  });
}

/** Each odd in another way; all of them short enough to be taken, the first one too empty for a chat. */
const ODD_QUESTIONS: [string, string][] = [
  ["white space", " \t\n\u00a0\u3000 "],
  ["a quotation mark", '"'],
  ["an open phrase", '"parental leave'],
  ["a quoted phrase with quotes in it", '"" OR ""'],
  ["NEAR", "NEAR("],
  ["a whole NEAR", 'NEAR("parental" "leave", 5)'],
  ["a star", "*"],
  ["a prefix search", "paren* leave*"],
  ["a column", "title:leave"],
  ["a column that is not there", "col:x {a b}: c"],
  ["a minus", "-leave"],
  ["a caret", "^leave"],
  ["bare operators", "AND OR NOT"],
  ["unbalanced brackets", "((((leave"],
  ["SQL", "'; drop table document_chunks; --"],
  ["a lone high surrogate", "leave \ud800"],
  ["a lone low surrogate", "\udc00 leave"],
  ["surrogates in the wrong order", "\udc00\ud800"],
  ["emoji only", "\u{1f3d6}\ufe0f\u{1f468}\u200d\u{1f469}\u200d\u{1f467}"],
  ["combining marks only", "\u0301\u0302\u0303\u0327"],
  ["a letter under a thousand marks", `e${"\u0301".repeat(1_000)}`],
  ["zero-width characters only", "\u200b\u200c\u200d\u2060\ufeff"],
  ["zero-width characters inside words", "par\u200bental lea\u200dve"],
  ["bidirectional overrides", "\u202eevael latnerap\u202c \u2066leave\u2069"],
  ["NUL", "leave\0parental"],
  ["control characters only", "\u0001\u0007\u001b[31m"],
  ["right to left and left to right", "كم يوما الإجازة annual leave السنوية?"],
  ["characters beyond the first plane", "\u{10ffff}\u{e0001}\u{20000}"],
  ["1,500 words", Array.from({ length: 1_500 }, (_, n) => `w${n}`).join(" ")],
  ["one word of 7,900 letters", "a".repeat(7_900)],
  ["a regular expression with its worst text", `(a+)+$ ${"a".repeat(7_000)}!`],
  ["the same word 1,500 times", "leave ".repeat(1_300)],
  ["Chinese without a space", "年假".repeat(1_200)],
  ["apostrophes", "'’".repeat(1_500)],
  ["digits and dots", "1.".repeat(3_500)],
];

describe("an odd question", () => {
  test.each(ODD_QUESTIONS)("of %s finds passages or none in the test bench", async (_what, query) => {
    const { status, body } = await search(query);

    expect(status).toBe(200);
    for (const { score, text } of body.items) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      expect(text).not.toBe("");
    }
  });

  test.each(ODD_QUESTIONS.slice(1))("of %s is answered in the chat", async (_what, text) => {
    const { status, body } = await ask(text);

    // Half a character cannot be stored as it was sent.
    expect(status).toBe(text.isWellFormed() ? 200 : 400);
    if (status === 400) return;
    expect(body.message).toMatchObject({
      role: "assistant",
      status: "complete",
      content: expect.any(String),
    });
  });

  test("that has the words finds them whatever stands around", async () => {
    for (const query of [
      '"parental leave',
      "((parental* leave)",
      "par\u00adental leave \ud800",
      "^parental -leave",
    ]) {
      const { body } = await search(query);
      expect([query, body.items[0]?.title]).toEqual([query, "leave"]);
    }
  });
});

describe("a question that is too long, empty or no text", () => {
  type Refused = [status: number, code: string];
  const tooLarge: Refused = [413, "PAYLOAD_TOO_LARGE"];
  const notValid: Refused = [400, "VALIDATION"];

  test.each<[string, unknown, Refused | null, Refused]>([
    ["a megabyte and more", "word ".repeat(220_000), tooLarge, tooLarge],
    ["900 kB", "word ".repeat(180_000), notValid, notValid],
    ["10,000 words", "word ".repeat(10_000), notValid, tooLarge],
    ["one word of 100,000 letters", "a".repeat(100_000), notValid, tooLarge],
    ["a regular expression and 30,000 letters", `(a+)+$${"a".repeat(30_000)}`, notValid, tooLarge],
    ["8,000 characters of three bytes each", "犬".repeat(8_000), null, tooLarge],
    ["nothing", "", null, notValid],
    ["white space", " \n ", null, notValid],
    ["a number", 7, notValid, notValid],
    ["null", null, notValid, notValid],
    ["a list", ["leave"], notValid, notValid],
    ["an object of the database's", { $match: "leave" }, notValid, notValid],
  ])("%s is refused with a reason, or finds nothing", async (_what, query, inTestBench, inChat) => {
    const found = await search(query);
    if (inTestBench) expectRefusal(found, ...inTestBench);
    else expect(found).toMatchObject({ status: 200, body: { items: [] } });
    expectRefusal(await ask(query), ...inChat);
  });
});

describe("an embedding server that is not well", () => {
  const INDEXES = "/api/admin/models/indexes";
  let scripted: ScriptedProvider;
  let index: EmbeddingIndexView;
  let asked = 0;

  const models = () => owner.get<ModelsView>("/api/admin/models");
  /** Never the same, because vectors of questions are remembered. */
  const question = () => `How long is parental leave in case ${++asked}?`;

  beforeAll(async () => {
    scripted = await startScriptedProvider();
    scripted.vectorOf = (text) => [/leave/i.test(text) ? 1 : 0.2, /leave/i.test(text) ? 0.2 : 1];
    const socket = await owner.live();
    const { body } = await owner.call<EmbeddingIndexView>("POST", INDEXES, {
      ...{ source: "openai", model: "embedder", baseUrl: scripted.url("openai"), apiKey: "sk-CANARY-4711" },
    });
    index = body;
    while ((await models()).dense.active !== index.id) await socket.next("job");
    await socket.close();
  });
  afterAll(async () => {
    await owner.send("POST", `${INDEXES}/${index.id}/retire`);
    await owner.send("DELETE", `${INDEXES}/${index.id}`);
    await scripted.close();
  });

  const vector = (json: string): Reply => ({ body: `{"data":[{"index":0,"embedding":${json}}]}` });

  test.each<[string, Reply, string]>([
    ["answers 500", { status: 500 }, "PROVIDER_UNAVAILABLE"],
    ["answers 429", { status: 429 }, "PROVIDER_RATE_LIMITED"],
    ["answers 401", { status: 401 }, "PROVIDER_REJECTED"],
    ["answers NaN", vector("[NaN,1]"), "UPSTREAM_BAD_RESPONSE"],
    ["answers null for a number", vector("[null,1]"), "UPSTREAM_BAD_RESPONSE"],
    ["answers a number past all bounds", vector("[1e999,1]"), "UPSTREAM_BAD_RESPONSE"],
    ["answers zeros", vector("[0,0]"), "UPSTREAM_BAD_RESPONSE"],
    ["answers another dimension", vector("[1,2,3]"), "UPSTREAM_BAD_RESPONSE"],
    ["answers no vector", { body: '{"data":[]}' }, "UPSTREAM_BAD_RESPONSE"],
    ["answers half of its JSON", { body: '{"data":[{"index":0,"embedd' }, "UPSTREAM_BAD_RESPONSE"],
    ["answers a page for people", { body: "<!doctype html><h1>It works</h1>" }, "UPSTREAM_BAD_RESPONSE"],
    ["answers 10 MB of numbers", vector(`[${"0.5,".repeat(2_600_000)}1]`), "UPSTREAM_BAD_RESPONSE"],
    ["answers 10 MB of nothing", { body: `"${" ".repeat(10_000_000)}"` }, "UPSTREAM_BAD_RESPONSE"],
    ["resets the connection", { onlyEvents: 0, ending: "reset" }, "PROVIDER_UNAVAILABLE"],
  ])("that %s costs no answer, and the operator sees why", async (_what, reply, code) => {
    scripted.scriptEmbeddings(reply);

    const { status, body } = await search(question());

    expect(status).toBe(200);
    expect(body.items[0]).toMatchObject({ title: "leave", dense: null, lexical: expect.any(Number) });
    const { problem } = (await models()).dense;
    expect(problem).toMatchObject({ code, message: expect.stringMatching(/^\S.+\.$/) });
    expect(JSON.stringify(problem)).not.toContain("CANARY");
    // And all is well with the next one.
    expect((await search(question())).body.items[0]).toMatchObject({ dense: expect.any(Number) });
    expect((await models()).dense.problem).toBeNull();
  });

  test("that hangs holds answers up for five seconds, those in line for it too", async () => {
    const never = new Promise(() => {});
    scripted.scriptEmbeddings(...Array.from({ length: 6 }, () => ({ headersGate: never })));
    const startedAt = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        owner.call<{ items: SearchHitView[] }>("POST", "/api/admin/knowledge/search", { query: question() }),
      ),
    );

    expect(performance.now() - startedAt).toBeLessThan(5_000 + QUICK_MS);
    for (const { body } of answers) expect(body.items[0]).toMatchObject({ title: "leave", dense: null });
    expect((await models()).dense.problem).toMatchObject({ code: "PROVIDER_TIMEOUT" });
  });
});
