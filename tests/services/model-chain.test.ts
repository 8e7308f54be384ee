import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { newId } from "../../src/domain/ids.ts";
import type { LlmConfig } from "../../src/domain/llm.ts";
import type { UsageBy } from "../../src/domain/usage.ts";
import { AppError, type ErrorCode } from "../../src/errors.ts";
import type { ChatProvider, ChatRequest, ChatStreamPart } from "../../src/providers/provider.ts";
import { modelAwayText } from "../../src/rag/model-away.ts";
import { anLlmConfig, NOW } from "../helpers/builders.ts";
import { removeTestStores } from "../helpers/sqlite.ts";
import { FACT, openTestChat, QUESTION, type TestChat } from "../helpers/test-chat.ts";

const QUOTED = `${FACT} [1]\n\n${modelAwayText("eng")}`;
const finish = (inputTokens: number | null, outputTokens: number | null): ChatStreamPart => ({
  ...{ type: "finish", reason: "stop", usage: { inputTokens, outputTokens } },
});
const says = (...parts: (string | ChatStreamPart | AppError)[]) =>
  async function* (): AsyncGenerator<ChatStreamPart> {
    for (const part of parts) {
      if (part instanceof AppError) throw part;
      yield typeof part === "string" ? { type: "text", text: part } : part;
    }
  };
const fails = (code: ErrorCode) => says(new AppError(code, `It fails with ${code}.`));

let chat: TestChat;
let replies: Record<string, () => AsyncIterable<ChatStreamPart>>;
let asked: ChatRequest[];

beforeEach(async () => {
  [replies, asked] = [{}, []];
  chat = await openTestChat((settings) => {
    const { model } = settings as LlmConfig;
    if (model === "unmade") throw new AppError("UNSAFE_URL", "Nobody calls that.");
    const provider: ChatProvider = {
      ...{ name: "openai", host: `${model}.example` },
      streamChat(request) {
        // Other wordings of a question are another matter.
        if (request.grounding.passages.length === 0) return says(finish(0, 0))();
        asked.push(request);
        return (replies[request.model] ?? says("26 weeks [1].", finish(10, 5)))();
      },
      listModels: async () => [],
    };
    return provider;
  });
});
afterAll(removeTestStores);

/** Models behind the default, which is called `m`, each by its name. */
async function chain(...names: (string | Partial<LlmConfig>)[]): Promise<LlmConfig[]> {
  const { tenantId } = chat.session;
  const configs = names.map((given) => {
    const changes = typeof given === "string" ? { name: given, model: given } : given;
    return anLlmConfig({ tenantId, provider: "openai", baseUrl: "http://x", ...changes });
  });
  for (const config of configs) await chat.store.llmConfigs.create(config, 10);
  const ids = configs.map(({ id }) => id);
  await chat.store.llmConfigs.replaceChain(tenantId, ids);
  return configs;
}

describe("models of a chain", () => {
  test.each<ErrorCode>([
    "PROVIDER_UNAVAILABLE",
    "PROVIDER_TIMEOUT",
    "PROVIDER_RATE_LIMITED",
    "PROVIDER_REJECTED",
    "MODEL_NOT_AVAILABLE",
    "UPSTREAM_BAD_RESPONSE",
    "EGRESS_DENIED",
  ])("take over after %s, and the trace says why", async (code) => {
    await chain({ name: "Backup", model: "backup", temperature: 0.9, maxTokens: 77 });
    replies.m = fails(code);
    await chat.ask();

    expect(await chat.savedAnswer()).toMatchObject({ content: "26 weeks [1].", status: "complete" });
    expect(asked.map(({ model }) => model)).toEqual(["m", "backup"]);
    expect(asked[1]).toMatchObject({ temperature: 0.9, maxTokens: 77 });
    const { passedOver, ...trace } = await chat.savedTrace();
    expect(passedOver).toMatchObject([
      { name: "Default", model: "m", code, message: `It fails with ${code}.` },
    ]);
    expect(trace).toMatchObject({ provider: "openai", model: "backup", host: "backup.example" });
  });

  test("are asked in their order, and no further than to the first that answers", async () => {
    await chain("one", "two", "three");
    replies = { m: fails("PROVIDER_UNAVAILABLE"), one: fails("PROVIDER_TIMEOUT") };
    await chat.ask();

    expect(asked.map(({ model }) => model)).toEqual(["m", "one", "two"]);
  });

  test("of which no provider can be made are passed over like those that are down", async () => {
    await chain("unmade", "two");
    replies.m = fails("PROVIDER_UNAVAILABLE");
    await chat.ask();

    expect(asked.map(({ model }) => model)).toEqual(["m", "two"]);
    expect((await chat.savedTrace()).passedOver).toMatchObject([{ model: "m" }, { code: "UNSAFE_URL" }]);
  });

  test("R21: are not asked once a word is there: the answer is interrupted", async () => {
    await chain("two");
    replies.m = says("26 ", new AppError("PROVIDER_UNAVAILABLE", "It was cut off."));
    await chat.ask();

    expect(asked.map(({ model }) => model)).toEqual(["m"]);
    expect(await chat.savedAnswer()).toMatchObject({ content: "26 ", status: "interrupted" });
  });

  test("that all fail leave the answer to the documents, with a sentence and no error", async () => {
    await chain("two");
    replies = { m: fails("PROVIDER_UNAVAILABLE"), two: fails("PROVIDER_RATE_LIMITED") };
    const events = await chat.ask();

    expect(events.at(-1)).toMatchObject({
      ...{
        type: "done",
        message: { content: QUOTED, status: "complete", errorCode: null, abstained: false },
      },
    });
    const { outcome, passedOver, provider } = await chat.savedTrace();
    expect(outcome).toMatchObject({ status: "complete", code: "PROVIDER_RATE_LIMITED" });
    expect(outcome.reason).toContain("No language model could answer. It fails with PROVIDER_RATE_LIMITED.");
    expect(passedOver).toHaveLength(2);
    expect(provider).toBe("extractive");
  });

  test("say that they are away in the visitor's language, also where the documents have no answer", async () => {
    replies.m = fails("PROVIDER_UNAVAILABLE");
    await chat.ask("Wie viele Monate parental leave gibt es auf dem Mars, bitte?");

    const answer = await chat.savedAnswer();
    expect(answer?.status).toBe("complete");
    expect(answer?.content.endsWith(`\n\n${modelAwayText("deu")}`)).toBe(true);
  });

  test("that a visitor stops are no failure, and nothing is quoted", async () => {
    const stop = new AbortController();
    // biome-ignore lint/correctness/useYield: a stream that breaks before its first part
    replies.m = async function* () {
      stop.abort();
      throw new AppError("PROVIDER_UNAVAILABLE", "It was cut off.");
    };
    await chat.ask(QUESTION, stop.signal);

    expect(await chat.savedAnswer()).toMatchObject({ content: "", status: "interrupted" });
  });
});

describe("usage", () => {
  const PRICES = { inputPrice: 2, outputPrice: 10 };
  const sums = (by: UsageBy) =>
    chat.store.usage.sums(chat.session.tenantId, by, { from: 0, to: Number.MAX_SAFE_INTEGER });

  async function price(prices: Partial<LlmConfig>): Promise<void> {
    const { tenantId } = chat.session;
    const config = await chat.store.llmConfigs.getDefault(tenantId);
    await chat.store.llmConfigs.update({ ...config, ...prices });
  }

  test("is what the provider billed, at the prices of the moment", async () => {
    await price(PRICES);
    replies.m = says("26 weeks [1].", finish(1000, 200));
    await chat.ask();
    await price({ inputPrice: 999 });

    expect(await sums("day")).toEqual([
      {
        ...{ day: "2026-03-02", messages: 1, inputTokens: 1000, outputTokens: 200 },
        ...{ costMicros: 1000 * 2 + 200 * 10, unpriced: 0, estimated: false },
      },
    ]);
  });

  test("without a price has no cost, and what has none is told beside what has one", async () => {
    await chat.ask();
    expect(await sums("model")).toMatchObject([{ model: "m", costMicros: null, unpriced: 1 }]);

    await price(PRICES);
    replies.m = says("26 weeks [1].", finish(10, 1));
    await chat.ask();
    expect(await sums("model")).toMatchObject([{ messages: 2, costMicros: 30, unpriced: 1 }]);
  });

  test("that a provider does not tell is estimated and marked, also of an answer that broke off", async () => {
    replies.m = says("26 weeks at full pay [1].", finish(null, null));
    await chat.ask();
    const [whole] = await sums("provider");
    expect(whole).toMatchObject({ estimated: true, costMicros: null });
    expect(whole?.inputTokens).toBeGreaterThan(50);
    expect(whole?.outputTokens).toBeGreaterThan(3);

    replies.m = says("26 weeks", new AppError("PROVIDER_UNAVAILABLE", "It was cut off."));
    await chat.ask();
    const [both] = await sums("provider");
    expect(both?.messages).toBe(2);
    expect(both?.inputTokens).toBeGreaterThanOrEqual(2 * (whole?.inputTokens ?? 0));
    expect(both?.outputTokens).toBeGreaterThan(whole?.outputTokens ?? 0);
  });

  test("is counted for each model of a chain, and nothing for one that said nothing", async () => {
    const [backup] = await chain("backup");
    replies = { m: fails("PROVIDER_UNAVAILABLE"), backup: says("26 weeks [1].", finish(7, 3)) };
    await chat.ask();

    expect(await sums("provider")).toMatchObject([
      { provider: "openai", id: backup?.id, name: "backup", messages: 1, inputTokens: 7, outputTokens: 3 },
    ]);
  });

  test("counts answers that needed no model as the built-in provider's, which take nothing", async () => {
    await chat.ask("Hello");
    replies.m = fails("PROVIDER_UNAVAILABLE");
    await chat.ask();

    expect(await sums("model")).toEqual([
      {
        ...{ provider: "extractive", model: "", messages: 2, inputTokens: 0, outputTokens: 0 },
        ...{ costMicros: null, unpriced: 0, estimated: false },
      },
    ]);
  });

  test("is of its tenant and its period alone", async () => {
    await chat.ask();
    const { tenantId } = chat.session;

    expect(await chat.store.usage.sums(newId("tenant"), "day", { from: 0, to: NOW + 1 })).toEqual([]);
    expect(await chat.store.usage.sums(tenantId, "day", { from: NOW + 1, to: NOW + 2 })).toEqual([]);
    expect(await chat.store.usage.sums(tenantId, "day", { from: NOW, to: NOW + 1 })).toHaveLength(1);
    expect(await chat.store.usage.sums(tenantId, "day", { from: 0, to: NOW })).toEqual([]);
  });
});
