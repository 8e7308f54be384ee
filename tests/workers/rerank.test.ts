import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installNativeParts, type NativeParts } from "../../src/native/native.ts";
import { openEmbeddingWorker } from "../../src/workers/embedding.ts";
import { type LocalReranker, openRerankWorker } from "../../src/workers/rerank.ts";
import { NOT_A_NUMBER } from "../helpers/model-folder.ts";
import { writeTinyModel } from "../helpers/tiny-model.ts";
import { type TinyRerankerFault, writeTinyReranker } from "../helpers/tiny-reranker.ts";

const NEVER = new AbortController().signal;

let directory: string;
let native: NativeParts;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "parley-rerank-"));
  native = await installNativeParts(directory);
});
afterAll(() => rm(directory, { recursive: true }));

/** Opens the tiny reranker in a folder of its own, changed in some way. */
async function openTiny(
  name: string,
  change: Parameters<typeof writeTinyReranker>[1] = {},
): Promise<LocalReranker> {
  await writeTinyReranker(join(directory, name), change);
  return openRerankWorker(join(directory, name), native);
}

async function scoresOf(reranker: LocalReranker, question: string, passages: string[]): Promise<number[]> {
  try {
    return [...(await reranker.score(question, passages, NEVER))];
  } finally {
    reranker.close();
  }
}

describe("a local reranker", () => {
  test("scores each passage with the question, in order, whatever their lengths", async () => {
    const reranker = await openTiny("order");

    const passages = ["Meals are warm.", "Take your leave.", "A laptop, or a notebook, is yours.", ""];

    expect(reranker.model).toBe("tiny-reranker");
    // One meaning from the question alone; the same once more; two of another beside it.
    expect(await scoresOf(reranker, "holiday?", passages)).toEqual([1, 4, 5, 1]);
  });

  test("reads question and passage as two texts", async () => {
    // With the end of each text as a word of its own, two texts have two of them.
    const reranker = await openTiny("pairs", { maxTokens: 8 });

    expect(await scoresOf(reranker, "leave", ["leave ".repeat(20)])).toEqual([6 ** 2]);
  });

  test("leaves room for the passage, however long the question is", async () => {
    const reranker = await openTiny("long-question", { maxTokens: 8 });

    const [score = 0] = await scoresOf(reranker, "leave ".repeat(20_000), ["laptop laptop"]);

    // Four words of the question at most, and both of the passage.
    expect(score).toBe(4 ** 2 + 2 ** 2);
  });

  test("takes emoji, half a character and a megabyte for texts", async () => {
    const reranker = await openTiny("odd");
    const passages = ["🦜🦜", "\ud800", "x".repeat(1_000_000), "leave"];

    expect(await scoresOf(reranker, "\ud800 leave", passages)).toEqual([1, 1, 1, 4]);
  });

  test("stops when the asker no longer wants the scores", async () => {
    const reranker = await openTiny("cancelled");
    const controller = new AbortController();
    const asked = reranker.score("leave", Array(1000).fill("leave"), controller.signal);
    controller.abort(new Error("no longer needed"));

    await expect(asked).rejects.toThrow("no longer needed");
    expect(await scoresOf(reranker, "leave", ["leave"])).toEqual([4]);
  });

  test("says when one passage gets no number, and goes on with the next question", async () => {
    const reranker = await openTiny("nan-later");

    const failure = await reranker
      .score("leave", ["fine", NOT_A_NUMBER], NEVER)
      .catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject(refused("scores that are not numbers"));
    expect(await scoresOf(reranker, "leave", ["fine"])).toEqual([1]);
  });
});

const refused = (reason: string) => ({
  code: "MODEL_NOT_AVAILABLE",
  message: expect.stringContaining(reason),
});

describe("a reranker that cannot be trusted is refused with the reason", () => {
  test.each([
    ["never a number", "scores that are not numbers"],
    ["several numbers", "numbers for a passage where a reranker gives one"],
    ["no score", "gives no score for a passage"],
  ] as [TinyRerankerFault, string][])("when its network gives %s", async (fault, reason) => {
    await expect(openTiny(fault.replaceAll(" ", "-"), { fault })).rejects.toMatchObject(refused(reason));
  });

  test("when a file is not the one its manifest names", async () => {
    await writeTinyReranker(join(directory, "altered"));
    await writeFile(join(directory, "altered/config.json"), "{}");

    await expect(openRerankWorker(join(directory, "altered"), native)).rejects.toMatchObject(
      refused("config.json is not the one"),
    );
  });

  test.each(["tokenizer.json", "onnx/model.onnx"])("when its file %s is missing", async (path) => {
    const folder = join(directory, `missing-${path.replace("/", "-")}`);
    await writeTinyReranker(folder);
    await rename(join(folder, path), join(directory, `elsewhere-${path.replace("/", "-")}`));

    await expect(openRerankWorker(folder, native)).rejects.toMatchObject(refused(`${path} is missing`));
  });

  test("when it is an embedding model, and the other way round", async () => {
    await writeTinyModel(join(directory, "vectors"));
    await expect(openRerankWorker(join(directory, "vectors"), native)).rejects.toMatchObject(
      refused("tiny-words is an embedding model"),
    );
    await writeTinyReranker(join(directory, "scores"));
    await expect(openEmbeddingWorker(join(directory, "scores"), native)).rejects.toMatchObject(
      refused("tiny-reranker is a reranker"),
    );
  });

  test("when there is no ONNX Runtime for this platform", async () => {
    const none = { onnxRuntime: async () => null };
    await expect(openRerankWorker(directory, none)).rejects.toMatchObject(
      refused("There is no ONNX Runtime"),
    );
  });
});
