import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchModel } from "../../scripts/fetch-model.ts";
import { parseModelManifest } from "../../src/workers/model-manifest.ts";

const REVISION = "0123456789abcdef0123456789abcdef01234567";

let hub: ReturnType<typeof Bun.serve>;
let into: string;
let asked: string[];
let weights: string;
beforeAll(() => {
  hub = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      if (pathname.startsWith("/api/models/")) return Response.json({ sha: REVISION });
      return new Response(pathname.endsWith(".onnx") ? weights : `content of ${pathname}`);
    },
  });
});
afterAll(() => hub.stop(true));
beforeEach(async () => {
  asked = [];
  weights = "weights";
  into = await mkdtemp(join(tmpdir(), "parley-fetch-"));
});

const fetched = (name: string) => fetchModel(name, into, { hub: hub.url.origin, report() {} });
const manifestOf = async (directory: string) =>
  parseModelManifest(await readFile(join(directory, "parley-model.json"), "utf8"));

test.each(["all-MiniLM-L6-v2", "multilingual-e5-small", "ms-marco-MiniLM-L-6-v2"])(
  "%s is fetched at one state of its repository, with the checksum of every file",
  async (name) => {
    const directory = await fetched(name);

    const { origin, files, ...manifest } = await manifestOf(directory);
    expect(manifest).toMatchObject({ name, dtype: "q8" });
    expect(origin).toEqual({ repository: `Xenova/${name}`, revision: REVISION });
    expect(Object.keys(files)).toContain("onnx/model_quantized.onnx");
    expect(asked.slice(1).every((path) => path.includes(`/resolve/${REVISION}/`))).toBe(true);
    for (const [path, sha256] of Object.entries(files)) {
      const bytes = await readFile(join(directory, path));
      expect(new Bun.CryptoHasher("sha256").update(bytes).digest("hex")).toBe(sha256);
    }
    await rm(into, { recursive: true });
  },
);

test("what was fetched is not fetched again, and what is damaged is, as it was the first time", async () => {
  const directory = await fetched("all-MiniLM-L6-v2");
  asked = [];
  await fetched("all-MiniLM-L6-v2");
  expect(asked).toEqual([]);

  await writeFile(join(directory, "config.json"), "damaged");
  await fetched("all-MiniLM-L6-v2");
  expect(asked).toEqual([`/Xenova/all-MiniLM-L6-v2/resolve/${REVISION}/config.json`]);
  await rm(into, { recursive: true });
});

test("a file that is another one than the first time is refused and not kept", async () => {
  const directory = await fetched("all-MiniLM-L6-v2");
  const before = await manifestOf(directory);
  await rm(join(directory, "onnx/model_quantized.onnx"));
  weights = "other weights";

  await expect(fetched("all-MiniLM-L6-v2")).rejects.toThrow(
    "not the file that was downloaded the first time",
  );
  expect(await Bun.file(join(directory, "onnx/model_quantized.onnx")).exists()).toBe(false);
  expect(await manifestOf(directory)).toEqual(before);
  await rm(into, { recursive: true });
});

test("without the internet it says that it needs it", async () => {
  const nowhere = { hub: "http://127.0.0.1:1", report() {} };
  await expect(fetchModel("all-MiniLM-L6-v2", into, nowhere)).rejects.toThrow("needs the internet");
  await expect(fetched("best-model-ever")).rejects.toThrow("Models: all-MiniLM-L6-v2");
  await rm(into, { recursive: true });
});
