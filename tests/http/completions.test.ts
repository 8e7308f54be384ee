/** The assistant behind OpenAI's interface, asked by OpenAI's own client. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import OpenAI from "openai";
import type { ConversationView } from "../../src/protocol/admin-api/conversations.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";

const FACT = "Parental leave is 26 weeks at full pay.";
const QUESTION = "How long is parental leave?";
let parley: Parley;
let owner: AdminClient;
let scripted: ScriptedProvider;
let client: OpenAI;
let model: string;

beforeAll(async () => {
  parley = await startParley();
  scripted = await startScriptedProvider();
  owner = await setUpOwner(parley);
  await owner.addDocument("Leave.md", `# Parental leave\n\n${FACT}\n\nIt is asked for at the counter.\n`);
  client = await clientFor(["chat"]);
  model = (await owner.get<{ items: { slug: string }[] }>("/api/admin/tenants")).items[0]?.slug ?? "";
});
afterAll(async () => {
  await parley.remove();
  await scripted.close();
});
beforeEach(() => owner.send("PUT", "/api/admin/llm/config", { provider: "extractive" }));

async function clientFor(scopes: string[]): Promise<OpenAI> {
  const { key } = await owner.send<{ key: string }>("POST", "/api/admin/api-keys", {
    ...{ name: "A program", scopes },
  });
  return new OpenAI({ baseURL: `${parley.url}/v1`, apiKey: key, maxRetries: 0 });
}

const ask = (...messages: OpenAI.ChatCompletionMessageParam[]) =>
  client.chat.completions.create({ model, messages });
const user = (content: string) => ({ role: "user", content }) as const;
const conversations = async () =>
  (await owner.get<{ items: ConversationView[] }>("/api/admin/conversations")).items;

test("a program finds the tenant's assistant under its slug", async () => {
  const { data } = await client.models.list();
  expect(data).toEqual([{ id: model, object: "model", created: expect.any(Number), owned_by: "parley" }]);
  expect(await client.models.retrieve(model)).toMatchObject({ id: model });
});

test("it answers from the knowledge, with an annotation where a passage is cited", async () => {
  const { choices, usage, ...head } = await ask({ role: "system", content: "Be a pirate." }, user(QUESTION));
  expect(head).toMatchObject({ object: "chat.completion", model });
  const [{ message, finish_reason } = { message: null, finish_reason: null }] = choices;
  expect(finish_reason).toBe("stop");
  expect(message).toMatchObject({ role: "assistant", refusal: null });
  expect(message?.content).toContain(`${FACT} [1]`);
  const [annotation] = message?.annotations ?? [];
  expect(annotation).toMatchObject({ type: "url_citation", url_citation: { title: "Leave" } });
  const { url = "", start_index, end_index } = annotation?.url_citation ?? {};
  expect(message?.content?.slice(start_index, end_index)).toBe("[1]");
  expect(url).toMatch(
    new RegExp(`^${parley.url}/#/knowledge/src_[0-9A-Z]{26}\\?passage=chk_[0-9A-Z]{26}$`, "i"),
  );
  expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
  expect(usage?.completion_tokens).toBeGreaterThan(0);
});

test("streamed, it is the same answer in pieces, with its annotations and what it took", async () => {
  const whole = await ask(user(QUESTION));
  const stream = client.chat.completions.stream({
    ...{ model, messages: [user(QUESTION)], stream_options: { include_usage: true } },
  });
  const annotations: unknown[] = [];
  stream.on("chunk", (chunk) => {
    const delta = chunk.choices[0]?.delta as { annotations?: unknown[] } | undefined;
    annotations.push(...(delta?.annotations ?? []));
  });
  const streamed = await stream.finalChatCompletion();
  expect(streamed.choices[0]?.message.content).toBe(whole.choices[0]?.message.content ?? "");
  expect(streamed.choices[0]?.finish_reason).toBe("stop");
  expect(annotations).toEqual(whole.choices[0]?.message.annotations ?? []);
  expect(streamed.usage).toEqual(whole.usage);
});

test("a conversation that a program goes on with is one here, and is marked as a program's", async () => {
  const first = await ask(user("Hello"), { role: "assistant", content: "Hi." }, user(QUESTION));
  const answer = first.choices[0]?.message.content ?? "";
  const before = (await conversations()).length;
  const said = [
    user("Hello"),
    { role: "assistant", content: "Hi." } as const,
    user(QUESTION),
    { role: "assistant", content: ` ${answer}\n` } as const,
  ];
  const next = await ask(...said, user("And where is it asked for?"));
  expect(next.choices[0]?.message.content).toContain("at the counter");
  const after = await conversations();
  expect(after).toHaveLength(before);
  expect(after[0]).toMatchObject({ source: "api", messageCount: 4, visitor: null });

  // The same place again is another branch of what was said.
  await ask(...said, user("And where is it asked for?"));
  expect(await conversations()).toHaveLength(before + 1);
});

test("one that was deleted meanwhile goes on as another", async () => {
  const first = await ask(user("Where is leave asked for?"));
  const [conversation] = await conversations();
  await owner.call("DELETE", `/api/admin/conversations/${conversation?.id}`);
  const answer = first.choices[0]?.message.content ?? "";
  const next = await ask(
    user("Where is leave asked for?"),
    { role: "assistant", content: answer },
    user(QUESTION),
  );
  expect(next.choices[0]?.message.content).toContain("26 weeks");
  expect((await conversations())[0]?.id).not.toBe(conversation?.id);
});

test("a model is told what was said before, and what it took is what its provider billed", async () => {
  await owner.send("PUT", "/api/admin/llm/config", {
    ...{ provider: "openai", baseUrl: scripted.url("openai"), model: "m", apiKey: "sk-test-0815" },
  });
  scripted.answer({ text: `${FACT} [1]`, usage: { inputTokens: 321, outputTokens: 12 } });
  const { usage } = await ask(
    user("I am Ada."),
    { role: "assistant", content: "Noted, Ada." },
    user(QUESTION),
  );
  expect(usage).toMatchObject({ prompt_tokens: 321, completion_tokens: 12, total_tokens: 333 });
  expect(JSON.stringify(scripted.requests.at(-1)?.body)).toContain("Noted, Ada.");
});

describe("what is wrong has OpenAI's shape", () => {
  const failure = async (call: Promise<unknown>) => {
    const error = await call.then(
      () => null,
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(OpenAI.APIError);
    const { status, code, param, type } = error as InstanceType<typeof OpenAI.APIError>;
    return { status, code, param, type };
  };

  test("with a key that is none, or opens other things", async () => {
    const stranger = new OpenAI({ baseURL: `${parley.url}/v1`, apiKey: "sk-nobody", maxRetries: 0 });
    expect(await failure(stranger.models.list())).toMatchObject({ status: 401, code: "invalid_api_key" });
    const other = await clientFor(["mcp"]);
    expect(await failure(other.models.list())).toMatchObject({
      status: 403,
      code: "insufficient_permissions",
    });
  });

  test.each<[string, object, number, string]>([
    ["another model", { model: "gpt-4o" }, 404, "model"],
    ["no messages", { messages: [] }, 400, "messages"],
    ["nothing that a user said", { messages: [{ role: "system", content: "Hi" }] }, 400, "messages"],
    ["an empty question", { messages: [{ role: "user", content: "  " }] }, 400, ""],
    [
      "a picture",
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:" } }] }] },
      400,
      "messages.0.content",
    ],
    ["several answers", { n: 2 }, 400, "n"],
    ["tools of the caller", { tools: [{ type: "function", function: { name: "f" } }] }, 400, "tools"],
    ["JSON", { response_format: { type: "json_object" } }, 400, "response_format.type"],
    ["a question of 9 kB", { messages: [{ role: "user", content: "a".repeat(9_000) }] }, 413, ""],
  ])("with %s", async (_what, changes, status, param) => {
    const body = { model, messages: [user(QUESTION)], ...changes };
    for (const stream of [false, true]) {
      const found = await failure(
        client.chat.completions.create({ ...body, stream } as OpenAI.ChatCompletionCreateParams),
      );
      expect(found).toMatchObject({
        status,
        type: "invalid_request_error",
        ...(param !== "" && { param }),
      });
    }
  });

  test("with a model that breaks off after its first words", async () => {
    await owner.send("PUT", "/api/admin/llm/config", {
      ...{ provider: "openai", baseUrl: scripted.url("openai"), model: "m", apiKey: "sk-test-0815" },
    });
    const heard = Promise.withResolvers<void>();
    scripted.answer({
      ...{ text: "Parental leave is quite long, one would say", onlyEvents: 3 },
      ...{ ending: "reset", endingGate: heard.promise },
    });
    const stream = await client.chat.completions.create({ model, messages: [user(QUESTION)], stream: true });
    const read = async () => {
      for await (const { choices } of stream) if (choices[0]?.delta.content) heard.resolve();
    };
    expect(await failure(read())).toMatchObject({ type: "server_error" });
  });

  test("with an address where nothing is, and without a model for vectors", async () => {
    const answer = await fetch(`${parley.url}/v1/assistants`, { method: "POST" });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      error: { type: "invalid_request_error", code: "not_found" },
    });
    const missing = client.embeddings.create({ model, input: "leave" });
    expect(await failure(missing)).toMatchObject({ status: 503, code: "model_not_available" });
  });
});
