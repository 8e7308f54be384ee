import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installNativeParts, type NativeParts } from "../../src/native/native.ts";
import { type LocalEmbeddings, openEmbeddingWorker } from "../../src/workers/embedding.ts";
import type { ModelManifest } from "../../src/workers/model-manifest.ts";
import { NOT_A_NUMBER } from "../helpers/model-folder.ts";
import { writeTinyModel } from "../helpers/tiny-model.ts";

const NEVER = new AbortController().signal;

let directory: string;
let native: NativeParts;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "parley-embedding-"));
  native = await installNativeParts(directory);
});
afterAll(() => rm(directory, { recursive: true }));

/** Opens the tiny model in a folder of its own, changed in some way. */
async function openTinyModel(name: string, change: Partial<ModelManifest> = {}): Promise<LocalEmbeddings> {
  await writeTinyModel(join(directory, name), change);
  return openEmbeddingWorker(join(directory, name), native);
}

describe("a local embedding model", () => {
  test("turns texts into vectors of length 1, in order", async () => {
    const embeddings = await openTinyModel("order");

    const vectors = await embeddings.embed(["laptop", "leave holiday", "leave laptop"], "passage", NEVER);
    embeddings.close();

    expect(embeddings).toMatchObject({ model: "tiny-words", dimension: 3 });
    expect(vectors.map((vector) => [...vector])).toEqual([
      [0, 1, 0],
      [1, 0, 0],
      [expect.closeTo(Math.SQRT1_2), expect.closeTo(Math.SQRT1_2), 0],
    ]);
  });

  test("puts the model's own prefix before a question, and the other one before a passage", async () => {
    const embeddings = await openTinyModel("prefixes", { queryPrefix: "query ", passagePrefix: "laptop " });

    const [question] = await embeddings.embed(["leave"], "query", NEVER);
    const [passage] = await embeddings.embed(["leave"], "passage", NEVER);
    embeddings.close();

    expect([...(question ?? [])].map((value) => value > 0)).toEqual([true, false, true]);
    expect([...(passage ?? [])].map((value) => value > 0)).toEqual([true, true, false]);
  });

  test("reads no further than the model's length", async () => {
    const embeddings = await openTinyModel("length", { maxTokens: 8 });

    const [vector] = await embeddings.embed([`${"leave ".repeat(8)}laptop`], "passage", NEVER);
    embeddings.close();

    expect([...(vector ?? [])]).toEqual([1, 0, 0]);
  });

  test.each([
    ["cls", [1, 0, 0]],
    ["last", [0, 1, 0]],
  ] as const)("takes the token that %s pooling says", async (pooling, expected) => {
    const embeddings = await openTinyModel(pooling, { pooling });

    const [vector] = await embeddings.embed(["leave query laptop"], "passage", NEVER);
    embeddings.close();

    expect([...(vector ?? [])]).toEqual([...expected]);
  });

  test("stops when the asker no longer wants the vectors", async () => {
    const embeddings = await openTinyModel("cancelled");
    const controller = new AbortController();
    const asked = embeddings.embed(Array(1000).fill("leave"), "passage", controller.signal);
    controller.abort(new Error("no longer needed"));

    await expect(asked).rejects.toThrow("no longer needed");
    expect(await embeddings.embed(["leave"], "passage", NEVER)).toHaveLength(1);
    embeddings.close();
  });
});

describe("a model that cannot be trusted is refused with the reason", () => {
  const refused = (reason: string) => ({
    code: "MODEL_NOT_AVAILABLE",
    message: expect.stringContaining(reason),
  });

  test("when a file is not the one its manifest names", async () => {
    await writeTinyModel(join(directory, "altered"));
    await writeFile(join(directory, "altered/config.json"), "{}");

    await expect(openEmbeddingWorker(join(directory, "altered"), native)).rejects.toMatchObject(
      refused("config.json is not the one"),
    );
  });

  test.each(["tokenizer.json", "onnx/model.onnx"])("when its file %s is missing", async (path) => {
    const folder = join(directory, `missing-${path.replace("/", "-")}`);
    await writeTinyModel(folder);
    await rename(join(folder, path), join(directory, `elsewhere-${path.replace("/", "-")}`));

    await expect(openEmbeddingWorker(folder, native)).rejects.toMatchObject(refused(`${path} is missing`));
  });

  test("when it gives something that is no number, and the next text is embedded all the same", async () => {
    const embeddings = await openTinyModel("not-a-number");

    const failure = await embeddings
      .embed(["leave", NOT_A_NUMBER], "passage", NEVER)
      .catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject(refused("vectors that are not numbers"));
    expect(await embeddings.embed(["leave"], "passage", NEVER)).toHaveLength(1);
    embeddings.close();
  });

  test("when it has another dimension than it says", async () => {
    await expect(openTinyModel("dimension", { dimension: 4 })).rejects.toMatchObject(
      refused("4 dimensions but its vectors have 3"),
    );
  });

  test("when it says that its vectors have length 1 and they have not", async () => {
    await expect(openTinyModel("length-1", { normalize: false })).rejects.toMatchObject(refused("length 1"));
  });

  test("when it names a file outside of its folder", async () => {
    const files = { "../secret.key": "0".repeat(64) };
    await expect(openTinyModel("outside", { files })).rejects.toMatchObject(refused("is not valid"));
  });

  test("when the folder has no manifest", async () => {
    await expect(openEmbeddingWorker(join(directory, "nowhere"), native)).rejects.toMatchObject(
      refused("has no parley-model.json"),
    );
  });

  test("when there is no ONNX Runtime for this platform", async () => {
    const none = { onnxRuntime: async () => null };
    await expect(openEmbeddingWorker(directory, none)).rejects.toMatchObject(
      refused("There is no ONNX Runtime"),
    );
  });
});
