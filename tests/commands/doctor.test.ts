import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkNativeParts, formatCheckRows } from "../../src/commands/doctor.ts";
import { writeTinyModel } from "../helpers/tiny-model.ts";
import { writeTinyReranker } from "../helpers/tiny-reranker.ts";

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "parley-doctor-"));
});
afterEach(() => rm(data, { recursive: true }));

test("the doctor tries every native part and embeds a question with each model", async () => {
  await writeTinyModel(join(data, "models/tiny-words"));

  const rows = await checkNativeParts(data);

  expect(rows.map(({ name, ok }) => [name, ok])).toEqual([
    ["Native parts", true],
    ["SQLite", true],
    ["sqlite-vec", true],
    ["ONNX Runtime", true],
    ["Model tiny-words", true],
  ]);
  expect(rows.at(-1)?.detail).toStartWith("3 dimensions");
});

test("a broken model is one bad row that says what is wrong with it", async () => {
  await writeTinyModel(join(data, "models/broken"), { dimension: 7 });

  const text = formatCheckRows(await checkNativeParts(data));

  expect(text).toContain("ok    SQLite");
  expect(text).toMatch(/FAIL +Model broken +.*7 dimensions but its vectors have 3/);
});

test("a reranker is tried as one", async () => {
  await writeTinyReranker(join(data, "models/tiny-reranker"));
  await writeTinyReranker(join(data, "models/worse"), { fault: "several numbers" });

  const text = formatCheckRows(await checkNativeParts(data));

  expect(text).toMatch(/ok +Model tiny-reranker +reranker, one passage in \d+ ms/);
  expect(text).toMatch(/FAIL +Model worse +.*where a reranker gives one/);
});
