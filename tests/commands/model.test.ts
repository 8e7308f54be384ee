import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Zippable } from "fflate";
import { importModel, listModels, removeModel } from "../../src/commands/model.ts";
import { modelZip } from "../helpers/model-zip.ts";
import { writeTinyModel } from "../helpers/tiny-model.ts";
import { type TinyRerankerFault, writeTinyReranker } from "../helpers/tiny-reranker.ts";

let folder: string;
let data: string;
let model: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-model-"));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  const own = await mkdtemp(join(folder, "case-"));
  [data, model] = [join(own, "data"), join(own, "whatever")];
  await writeTinyModel(model);
});

/** The path of a ZIP of the model. */
async function zipped(top: string, changes: Zippable = {}): Promise<string> {
  const file = join(data, "..", "model.zip");
  await writeFile(file, await modelZip(model, { top, changes }));
  return file;
}

/** What lies in the data directory's models, hidden left-overs too. */
const models = () => readdir(join(data, "models")).catch(() => []);

describe("parley model import", () => {
  test.each([
    ["a folder", async () => model],
    ["a ZIP", () => zipped("")],
    ["a ZIP of a folder", () => zipped("tiny-words-v1/", { "tiny-words-v1/": new Uint8Array() })],
  ])("takes %s, tries it out and puts it under its own name", async (_what, from) => {
    expect(await importModel(data, await from())).toMatchObject({ name: "tiny-words", dimension: 3 });

    expect(await models()).toEqual(["tiny-words"]);
    expect((await readdir(join(data, "models/tiny-words"))).sort()).toEqual(
      ["config.json", "onnx", "parley-model.json", "tokenizer.json", "tokenizer_config.json"].sort(),
    );
    expect(await listModels(data)).toMatch(
      /^tiny-words +embedding model, 3 dimensions, 0\.0 MB, Apache-2\.0$/,
    );
  });

  test("takes nothing along that the manifest does not name", async () => {
    await writeFile(join(model, "virus.sh"), "#!/bin/sh");

    await importModel(data, model);

    expect(await readdir(join(data, "models/tiny-words"))).not.toContain("virus.sh");
  });

  test.each([
    ["a file is altered", () => writeFile(join(model, "config.json"), "{}"), "config.json is not the one"],
    ["a file is missing", () => rm(join(model, "tokenizer.json")), "tokenizer.json is missing"],
    [
      "the dimension is another",
      () => writeTinyModel(model, { dimension: 4 }),
      "4 dimensions but its vectors have 3",
    ],
    ["there is no manifest", () => rm(join(model, "parley-model.json")), "has no parley-model.json"],
    ["the manifest is not JSON", () => writeFile(join(model, "parley-model.json"), "{"), "is not JSON"],
  ])("leaves nothing behind when %s", async (_what, damage, reason) => {
    await damage();

    const failure = await importModel(data, model).catch((thrown: unknown) => thrown);

    expect(failure).toMatchObject({ code: "MODEL_NOT_AVAILABLE", message: expect.stringContaining(reason) });
    expect(await models()).toEqual([]);
  });

  test.each([
    "../../escaped.txt",
    "/tmp/parley-escaped.txt",
    "onnx/../../escaped.txt",
    "C:\\escaped.txt",
    "..\\escaped.txt",
    "CONFIG.json",
  ])("refuses a ZIP with %j in it whole", async (name) => {
    const failure = importModel(data, await zipped("", { [name]: new Uint8Array([1]) }));

    await expect(failure).rejects.toMatchObject({ code: "UNSAFE_ARCHIVE" });
    expect(await models()).toEqual([]);
    expect(await readdir(join(data, ".."))).not.toContain("escaped.txt");
  });

  test("passes over what a system adds to a ZIP", async () => {
    const added = { "__MACOSX/._config.json": new Uint8Array([1]), ".DS_Store": new Uint8Array([1]) };

    await importModel(data, await zipped("", added));

    expect(await models()).toEqual(["tiny-words"]);
  });

  test("refuses a ZIP that swells, one with far too many files, and what is no ZIP", async () => {
    const bomb = await zipped("", { "weights.bin": new Uint8Array(80 * 1024 * 1024) });
    await expect(importModel(data, bomb)).rejects.toMatchObject({ code: "RESOURCE_LIMIT" });
    const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, n) => [`f${n}`, new Uint8Array()]));
    await expect(importModel(data, await zipped("", many))).rejects.toMatchObject({ code: "RESOURCE_LIMIT" });
    const noZip = join(data, "..", "no.zip");
    await writeFile(noZip, "PK? Not at all.");
    await expect(importModel(data, noZip)).rejects.toMatchObject({ code: "MODEL_NOT_AVAILABLE" });
    const whole = await readFile(await zipped(""));
    await writeFile(noZip, whole.subarray(0, whole.length / 2));
    await expect(importModel(data, noZip)).rejects.toMatchObject({ code: "MODEL_NOT_AVAILABLE" });
    await expect(importModel(data, join(data, "nowhere"))).rejects.toMatchObject({ code: "USAGE" });
    expect(await models()).toEqual([]);
  });

  test("repairs the same model, and does not touch another one of that name", async () => {
    await importModel(data, model);
    await writeFile(join(data, "models/tiny-words/onnx/model.onnx"), "damaged");
    await importModel(data, model);
    expect(await listModels(data)).toContain("3 dimensions");

    const other = join(data, "..", "other");
    await cp(model, other, { recursive: true });
    await writeTinyModel(other, {
      maxTokens: 16,
      files: { ...(await filesOf(model)), ...(await extraFile(other)) },
    });
    await expect(importModel(data, other)).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining("parley model remove tiny-words"),
    });
  });
});

describe("parley model import of a reranker", () => {
  test("tries it out as one, and lists it as one", async () => {
    await writeTinyReranker(model);

    await importModel(data, model);

    expect(await models()).toEqual(["tiny-reranker"]);
    expect(await listModels(data)).toMatch(/^tiny-reranker +reranker, 0\.0 MB, Apache-2\.0$/);
  });

  test.each([
    ["it never gives a number", "never a number", "scores that are not numbers"],
    ["it sorts into classes", "several numbers", "where a reranker gives one"],
    ["it embeds", "no score", "gives no score"],
  ] as [string, TinyRerankerFault, string][])(
    "leaves nothing behind when %s",
    async (_what, fault, reason) => {
      await writeTinyReranker(model, { fault });

      const failure = await importModel(data, model).catch((thrown: unknown) => thrown);

      expect(failure).toMatchObject({
        code: "MODEL_NOT_AVAILABLE",
        message: expect.stringContaining(reason),
      });
      expect(await models()).toEqual([]);
    },
  );

  test("leaves nothing behind when a file is not the one its manifest names", async () => {
    await writeTinyReranker(model);
    await writeFile(join(model, "onnx/model.onnx"), "other weights");

    const failure = await importModel(data, model).catch((thrown: unknown) => thrown);

    expect(failure).toMatchObject({ message: expect.stringContaining("onnx/model.onnx is not the one") });
    expect(await models()).toEqual([]);
  });
});

describe("parley model remove", () => {
  test("deletes a model, and knows which there are", async () => {
    await importModel(data, model);
    await removeModel(data, "tiny-words");

    expect(await models()).toEqual([]);
    expect(await listModels(data)).toContain("There are no models");
    await expect(removeModel(data, "tiny-words")).rejects.toMatchObject({ code: "USAGE" });
    await mkdir(join(data, "precious"));
    await expect(removeModel(data, "../precious")).rejects.toMatchObject({ code: "USAGE" });
  });
});

async function filesOf(directory: string): Promise<Record<string, string>> {
  return JSON.parse(await readFile(join(directory, "parley-model.json"), "utf8")).files;
}

/** A file more, so that it is another model. */
async function extraFile(directory: string): Promise<Record<string, string>> {
  await writeFile(join(directory, "notes.txt"), "v2");
  return { "notes.txt": new Bun.CryptoHasher("sha256").update("v2").digest("hex") };
}
