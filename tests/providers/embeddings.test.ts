import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Embeddings } from "../../src/deps.ts";
import type { EmbeddingModel } from "../../src/domain/embedding.ts";
import { createEgress } from "../../src/egress/egress.ts";
import { AppError } from "../../src/errors.ts";
import { VENDOR_HOSTS } from "../../src/providers/catalog.ts";
import { createEmbeddings, type LocalEmbedder } from "../../src/providers/embedding-catalog.ts";
import { toBatches } from "../../src/providers/embeddings.ts";
import { createLane } from "../../src/providers/lane.ts";
import { type ManualClock, manualClock } from "../helpers/manual-clock.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";

const NEVER = new AbortController().signal;
const QUIET = { warn() {} };

let scripted: ScriptedProvider;
let clock: ManualClock;
beforeAll(async () => {
  scripted = await startScriptedProvider();
});
afterAll(() => scripted.close());
beforeEach(() => {
  clock = manualClock();
  scripted.vectorOf = (text) => [text.length, 1];
  scripted.requests.length = 0;
});

function embeddings(changes: Partial<Parameters<typeof createEmbeddings>[0]> = {}): Embeddings {
  return createEmbeddings({
    egress: createEgress({ log: QUIET, offline: true, vendorHosts: VENDOR_HOSTS, ownAddresses: () => [] }),
    openLocal: () => Promise.reject(new AppError("MODEL_NOT_AVAILABLE", "There is none.")),
    localModels: async () => [],
    now: () => 0,
    log: QUIET,
    clock,
    ...changes,
  });
}

function model(source: "ollama" | "openai", changes: object = {}): EmbeddingModel {
  const prefixes = { queryPrefix: "Q: ", passagePrefix: "P: " };
  return {
    source,
    name: "some-model",
    baseUrl: scripted.url(source),
    apiKey: "sk-1",
    ...prefixes,
    ...changes,
  };
}

const unit = (...numbers: number[]) => {
  const length = Math.hypot(...numbers);
  return numbers.map((value) => expect.closeTo(value / length, 6));
};

test.each([
  ["with an address", { baseUrl: "http://127.0.0.1:9" }],
  ["without one", { baseUrl: undefined }],
])("a source of vectors %s that only a newer Parley knows is refused in words", async (_how, changes) => {
  await expect(embeddings().open(model("quantum" as "openai", changes), 2)).rejects.toMatchObject({
    code: "MODEL_NOT_AVAILABLE",
    message: expect.stringContaining("“quantum”"),
  });
});

describe.each(["ollama", "openai"] as const)("embeddings over the protocol of %s", (source) => {
  const open = (dimension: number | null = 2) => embeddings().open(model(source), dimension);

  test("come in the order of the texts, at length 1, each text behind its prefix", async () => {
    const provider = await open();

    const vectors = await provider.embed(["a longer text", "short"], "passage", NEVER);

    expect(vectors.map((vector) => [...vector])).toEqual([
      unit("P: a longer text".length, 1),
      unit("P: short".length, 1),
    ]);
    const [{ path, headers, body }] = scripted.requests as never as [(typeof scripted.requests)[0]];
    expect(path).toEndWith(source === "ollama" ? "/api/embed" : "/v1/embeddings");
    expect(headers.authorization).toBe("Bearer sk-1");
    expect(body).toMatchObject({ model: "some-model", input: ["P: short", "P: a longer text"] });
    await provider.embed(["why"], "query", NEVER);
    expect(scripted.requests[1]?.body).toMatchObject({ input: ["Q: why"] });
  });

  test("tell the dimension of a model that nobody knows yet", async () => {
    scripted.vectorOf = () => [1, 2, 3, 4, 5];
    expect((await open(null)).dimension).toBe(5);
  });

  test.each([
    ["too few vectors", () => ({ body: "{}" }), "UPSTREAM_BAD_RESPONSE", "0 vectors for 1 text"],
    ["another dimension", () => vectorReply(source, [1, 2, 3]), "UPSTREAM_BAD_RESPONSE", "3 numbers where 2"],
    [
      "something that is no number",
      () => vectorReply(source, [1, null]),
      "UPSTREAM_BAD_RESPONSE",
      "no number",
    ],
    ["zeros", () => vectorReply(source, [0, 0]), "UPSTREAM_BAD_RESPONSE", "vector of zeros"],
    [
      "NaN, which is no JSON",
      () => ({ body: '{"embeddings":[[NaN,1]],"data":[]}' }),
      "UPSTREAM_BAD_RESPONSE",
      "not JSON",
    ],
    ["an error of its own", () => ({ status: 500 }), "PROVIDER_UNAVAILABLE", "status 500"],
    ["a refusal of the key", () => ({ status: 401 }), "PROVIDER_REJECTED", "key was refused"],
    [
      "a model that it does not have",
      () => ({ status: 404, errorText: "model not found" }),
      "MODEL_NOT_AVAILABLE",
      "does not have this model",
    ],
  ] as const)("are refused with the reason when the server gives %s", async (_what, reply, code, words) => {
    const provider = await open();
    scripted.scriptEmbeddings(reply());

    const failure = await provider.embed(["a"], "query", NEVER).catch((thrown: unknown) => thrown);

    expect(failure).toMatchObject({ code, message: expect.stringContaining(words) });
    expect(String(failure)).not.toContain("CANARY");
    expect(await provider.embed(["a"], "query", NEVER)).toHaveLength(1);
  });

  test("are given up when the server hangs, and the server is told", async () => {
    const provider = await open();
    scripted.scriptEmbeddings({ headersGate: new Promise(() => {}) });

    const asked = provider.embed(["a"], "query", NEVER).catch((thrown: unknown) => thrown);
    const request = await scripted.request(0);
    clock.advance(5_000);

    expect(await asked).toMatchObject({ code: "PROVIDER_TIMEOUT" });
    await request.clientClosed;
  });

  test("of questions that wait in line behind a server that hangs are given up no later than theirs", async () => {
    const provider = await open();
    scripted.scriptEmbeddings(...Array(4).fill({ headersGate: new Promise(() => {}) }));

    const questions = ["a", "b", "c", "d", "in line"];
    const asked = questions.map((text) =>
      provider.embed([text], "query", NEVER).catch((thrown: unknown) => thrown),
    );
    await scripted.request(3);
    clock.advance(5_000);

    for (const answer of await Promise.all(asked)) expect(answer).toMatchObject({ code: "PROVIDER_TIMEOUT" });
    expect(scripted.requests).toHaveLength(4);
    expect(await provider.embed(["again"], "query", NEVER)).toHaveLength(1);
  });

  test("stop when the asker leaves", async () => {
    const provider = await open();
    const controller = new AbortController();
    scripted.scriptEmbeddings({ headersGate: new Promise(() => {}) });

    const asked = provider.embed(["a"], "passage", controller.signal).catch((thrown: unknown) => thrown);
    const request = await scripted.request(0);
    controller.abort(new Error("left"));

    expect(String(await asked)).toContain("left");
    await request.clientClosed;
  });

  test("leave a server alone that failed again and again, and come back to it", async () => {
    const provider = await open();
    scripted.scriptEmbeddings(...Array(5).fill({ status: 503 }));
    for (let n = 0; n < 5; n++) await provider.embed([`${n}`], "query", NEVER).catch(() => {});

    const failure = await provider.embed(["a"], "query", NEVER).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ message: expect.stringContaining("several times in a row") });
    expect(scripted.requests).toHaveLength(5);

    clock.advance(15_000);
    expect(await provider.embed(["a"], "query", NEVER)).toHaveLength(1);
  });

  test("of a question are asked for once, however often it is asked", async () => {
    const provider = await open();

    const [first] = await provider.embed(["why?"], "query", NEVER);
    const [again] = await provider.embed(["why?"], "query", NEVER);
    await provider.embed(["why?"], "passage", NEVER);

    expect(again).toEqual(first as Float32Array);
    expect(scripted.requests).toHaveLength(2);
  });

  test("of a megabyte, of half a character and of nothing at all are no trouble", async () => {
    const provider = await open();

    const texts = ["x".repeat(1_000_000), "\ud800", "🦜", ""];
    expect(await provider.embed(texts, "passage", NEVER)).toHaveLength(4);

    const sent = scripted.requests.flatMap(({ body }) => body?.input as string[]);
    expect(sent).toContain("P: \ufffd");
    expect(Math.max(...sent.map((text) => text.length))).toBe(8_003);
    expect(await provider.embed([], "passage", NEVER)).toEqual([]);
  });
});

function vectorReply(source: "ollama" | "openai", vector: unknown[]) {
  const body = source === "ollama" ? { embeddings: [vector] } : { data: [{ index: 0, embedding: vector }] };
  return { body: JSON.stringify(body) };
}

describe("embedding models", () => {
  const local = (changes: Partial<LocalEmbedder> = {}): LocalEmbedder => ({
    dimension: 2,
    embed: async (texts) => texts.map(() => Float32Array.of(1, 0)),
    close() {},
    ...changes,
  });

  test("on this machine are opened once, and not before they are asked for", async () => {
    const opened: string[] = [];
    const openLocal = async (name: string) => {
      opened.push(name);
      return local();
    };
    const all = embeddings({ openLocal });
    expect(opened).toEqual([]);

    const both = await Promise.all([
      all.open({ source: "local", name: "tiny" }, 2),
      all.open({ source: "local", name: "tiny" }, 2),
    ]);

    expect(opened).toEqual(["tiny"]);
    expect(both[0]).toBe(both[1]);
  });

  test("that give vectors of another dimension than the index has are refused", async () => {
    const all = embeddings({ openLocal: async () => local({ dimension: 3 }) });

    await expect(all.open({ source: "local", name: "tiny" }, 2)).rejects.toMatchObject({
      code: "MODEL_NOT_AVAILABLE",
      message: expect.stringContaining("vectors of 3 numbers now, and the index has 2"),
    });
  });

  test("take so many questions at a time, and the rest are turned away instead of waiting for ever", async () => {
    const gate = Promise.withResolvers<void>();
    const embed: LocalEmbedder["embed"] = async (texts) => {
      await gate.promise;
      return texts.map(() => Float32Array.of(1, 0));
    };
    const provider = await embeddings({ openLocal: async () => local({ embed }) }).open(
      { source: "local", name: "tiny" },
      2,
    );
    const asked = Array.from({ length: 68 }, (_, n) => provider.embed([`question ${n}`], "query", NEVER));

    await expect(provider.embed(["one more"], "query", NEVER)).rejects.toMatchObject({
      code: "OVERLOADED",
      message: expect.stringContaining("The embedding model has more to do"),
    });
    gate.resolve();
    expect(await Promise.all(asked)).toHaveLength(68);
  });

  test("whose worker died are started anew, and those released are ended", async () => {
    let [starts, ends] = [0, 0];
    const openLocal = async () => {
      const isFirst = starts++ === 0;
      const embed = async () => {
        if (isFirst) throw new AppError("INTERNAL", "A background worker has stopped.");
        return [Float32Array.of(1, 0)];
      };
      return local({ embed, close: () => void ends++ });
    };
    const all = embeddings({ openLocal });
    const tiny = { source: "local", name: "tiny" } as const;
    const first = await all.open(tiny, 2);
    await expect(first.embed(["a"], "query", NEVER)).rejects.toMatchObject({ code: "INTERNAL" });

    expect(await (await all.open(tiny, 2)).embed(["a"], "query", NEVER)).toHaveLength(1);
    all.release(tiny);
    await Promise.resolve();
    expect([starts, ends]).toEqual([2, 2]);
  });

  test("that could not be opened are tried again the next time", async () => {
    let attempts = 0;
    const openLocal = async () => {
      if (++attempts === 1) throw new AppError("MODEL_NOT_AVAILABLE", "Not there yet.");
      return local();
    };
    const all = embeddings({ openLocal });
    await expect(all.open({ source: "local", name: "tiny" }, null)).rejects.toThrow("Not there yet.");

    expect((await all.open({ source: "local", name: "tiny" }, null)).dimension).toBe(2);
  });

  test("in the cloud are not called offline", async () => {
    const cloud = model("openai", { baseUrl: "https://api.openai.com/v1" });
    const provider = await embeddings().open(cloud, 2);

    await expect(provider.embed(["a"], "query", NEVER)).rejects.toMatchObject({ code: "EGRESS_DENIED" });
  });
});

test("batches hold texts of about the same length, and no more than a server takes", () => {
  const texts = Array.from({ length: 40 }, (_, n) => "x".repeat(n % 2 === 0 ? 10 : 4_000));

  const batches = toBatches(texts);

  expect(
    batches
      .flat()
      .map(({ index }) => index)
      .sort((a, b) => a - b),
  ).toEqual([...texts.keys()]);
  for (const batch of batches) {
    expect(batch.length).toBeLessThanOrEqual(16);
    expect(batch.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(32_000);
  }
  expect(batches.filter((batch) => new Set(batch.map(({ text }) => text.length)).size > 1)).toHaveLength(1);
});

test("a lane lets so many in, keeps so many waiting in order, and turns the rest away", async () => {
  const lane = createLane(1, 2);
  const gate = Promise.withResolvers<void>();
  const order: number[] = [];
  const work = (n: number) => async () => {
    order.push(n);
    await gate.promise;
  };
  const controller = new AbortController();
  const running = lane.run(work(0), NEVER);
  const leaving = lane.run(work(1), controller.signal).catch((thrown: unknown) => thrown);
  const waiting = lane.run(work(2), NEVER);
  await expect(lane.run(work(3), NEVER)).rejects.toMatchObject({ code: "OVERLOADED" });

  controller.abort(new Error("left"));
  expect(String(await leaving)).toContain("left");
  gate.resolve();
  await Promise.all([running, waiting]);

  expect(order).toEqual([0, 2]);
  await lane.run(work(4), NEVER);
  expect(order).toEqual([0, 2, 4]);
});
