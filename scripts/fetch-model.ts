/**
 * Downloads a model into a folder that `parley model import` takes. Needs the internet: run it on a machine that has
 * it and carry the folder over. What was downloaded first is written down in parley-model.json, checksums and the
 * state of the repository, and every later run must get exactly that.
 *
 *     bun scripts/fetch-model.ts                              the models there are
 *     bun scripts/fetch-model.ts multilingual-e5-small DIR    into DIR/multilingual-e5-small
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  MODEL_MANIFEST_FILE,
  type ModelManifest,
  parseModelManifest,
  WEIGHT_FILES,
} from "../src/workers/model-manifest.ts";

const HUB = "https://huggingface.co";
const SHARED_FILES = ["config.json", "tokenizer.json", "tokenizer_config.json"];

type Known = Omit<ModelManifest, "files" | "origin" | "name"> & { repository: string };

/** 8-bit weights: a quarter of the size, twice the speed on a processor, hardly less exact. */
const MODELS: Record<string, Known> = {
  "all-MiniLM-L6-v2": {
    repository: "Xenova/all-MiniLM-L6-v2",
    ...{ dimension: 384, maxTokens: 256, queryPrefix: "", passagePrefix: "", pooling: "mean" },
    ...{ normalize: true, dtype: "q8", licence: "Apache-2.0" },
  },
  "multilingual-e5-small": {
    repository: "Xenova/multilingual-e5-small",
    ...{
      dimension: 384,
      maxTokens: 512,
      queryPrefix: "query: ",
      passagePrefix: "passage: ",
      pooling: "mean",
    },
    ...{ normalize: true, dtype: "q8", licence: "MIT" },
  },
  "ms-marco-MiniLM-L-6-v2": {
    repository: "Xenova/ms-marco-MiniLM-L-6-v2",
    ...{ dimension: 1, maxTokens: 512, queryPrefix: "", passagePrefix: "", pooling: "cls" },
    ...{ normalize: false, dtype: "q8", licence: "Apache-2.0", kind: "reranker" },
  },
};

/** @returns the folder of the model. Files that are there and right are not downloaded again. */
export async function fetchModel(
  name: string,
  into: string,
  { hub = HUB, report = console.log }: { hub?: string; report?: (line: string) => void } = {},
): Promise<string> {
  const known = MODELS[name];
  if (known === undefined) throw new Error(`There is no model “${name}”. ${modelList()}`);
  const directory = join(into, name);
  const former = await formerManifest(directory);
  const { repository, ...properties } = known;
  const revision = former?.origin?.revision ?? (await latestRevision(hub, repository));
  const files: Record<string, string> = {};
  for (const path of [...SHARED_FILES, WEIGHT_FILES[properties.dtype]]) {
    const source = `${hub}/${repository}/resolve/${revision}/${path}`;
    files[path] = await fetchFile(source, join(directory, path), former?.files[path], report);
  }
  const manifest: ModelManifest = { name, ...properties, files, origin: { repository, revision } };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  parseModelManifest(text);
  await writeFile(join(directory, MODEL_MANIFEST_FILE), text);
  return directory;
}

async function formerManifest(directory: string): Promise<ModelManifest | null> {
  const path = join(directory, MODEL_MANIFEST_FILE);
  return existsSync(path) ? parseModelManifest(await readFile(path, "utf8")) : null;
}

async function latestRevision(hub: string, repository: string): Promise<string> {
  const answer = await reach(`${hub}/api/models/${repository}`);
  const { sha } = (await answer.json()) as { sha?: unknown };
  if (typeof sha === "string" && /^[0-9a-f]{40}$/.test(sha)) return sha;
  throw new Error(`${hub} does not say which state of ${repository} is the latest.`);
}

/** The file's SHA-256. @param expected that of the first download; anything else is refused */
async function fetchFile(
  source: string,
  path: string,
  expected: string | undefined,
  report: (line: string) => void,
): Promise<string> {
  if (expected !== undefined && existsSync(path) && sha256(await readFile(path)) === expected)
    return expected;
  report(`${source}`);
  const bytes = new Uint8Array(await (await reach(source)).arrayBuffer());
  const actual = sha256(bytes);
  if (expected !== undefined && actual !== expected) {
    throw new Error(
      `${source} is not the file that was downloaded the first time (${actual} instead of ${expected}). It was not kept.`,
    );
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.partial`, bytes);
  await rename(`${path}.partial`, path);
  return actual;
}

async function reach(url: string): Promise<Response> {
  const answer = await fetch(url).catch((cause: unknown) => {
    throw new Error(
      `${new URL(url).host} cannot be reached. This script needs the internet: run it on a machine that has it.`,
      { cause },
    );
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}.`);
  return answer;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function modelList(): string {
  return `Models: ${Object.keys(MODELS).join(", ")}.`;
}

if (import.meta.main) {
  const [name, into = "."] = process.argv.slice(2);
  if (name === undefined) {
    console.log(`Needs the internet. Give a model's name and the folder to put it in. ${modelList()}`);
    process.exit(64);
  }
  try {
    console.log(`Downloading ${name} from ${HUB}; this needs the internet.`);
    console.log(`Ready: parley model import ${await fetchModel(name, into)}`);
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : String(thrown));
    process.exit(1);
  }
}
