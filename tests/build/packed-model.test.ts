import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBinary } from "../../scripts/build/binary.ts";
import { currentTarget } from "../../src/native/parts.ts";
import { anEmptyMachine, type EmptyMachine } from "../helpers/binary.ts";
import { writeTinyModel } from "../helpers/tiny-model.ts";

let directory: string;
let machine: EmptyMachine;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "parley-packed-model-"));
  machine = await anEmptyMachine(await buildWithModel(join(directory, "any-name")));
});
afterAll(async () => {
  await machine.remove();
  await rm(directory, { recursive: true });
});

async function buildWithModel(modelDirectory: string): Promise<string> {
  const target = currentTarget();
  if (target === null) throw new Error("Parley is not built for this machine.");
  await writeTinyModel(modelDirectory);
  const outfile = join(directory, "parley-with-model");
  const repository = join(import.meta.dir, "../..");
  await buildBinary({ repository, target, outfile, modelDirectory, entry: "src/main.ts" });
  return outfile;
}

test("a model that was packed at build time embeds on a machine with nothing else", async () => {
  const { stdout } = await machine.run("doctor", "--data", machine.data);

  expect(stdout).toMatch(/ok +Model tiny-words +3 dimensions/);
  expect(await machine.strayFiles()).toEqual([]);
});

test("a packed model that somebody changed on disk is put right again", async () => {
  await machine.run("doctor", "--data", machine.data);
  await writeFile(join(machine.data, "models/tiny-words/onnx/model.onnx"), "not a model");

  expect((await machine.run("doctor", "--data", machine.data)).stdout).toMatch(/ok +Model tiny-words/);
});
