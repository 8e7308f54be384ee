/** One file out of everything: the steps of `bun run build`. */
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { PACKED_FOLDER } from "../../src/native/packed.ts";
import { currentTarget, type PackedPart, type Target } from "../../src/native/parts.ts";
import { PDF_RESOURCES } from "../../src/native/pdf-environment.ts";
import { parseModelManifest } from "../../src/workers/model-manifest.ts";
import { WORKERS } from "../../src/workers/start.ts";
import { bundleForBrowser } from "./browser-bundles.ts";
import { compressAssets } from "./compressed-assets.ts";
import { requirePlatform } from "./file-check.ts";
import { gatherNativeParts } from "./native-parts.ts";
import { singleFilePlugin } from "./plugins.ts";

export type BinaryOptions = {
  /** The folder with src, web, widget and node_modules. */
  repository: string;
  target: Target;
  outfile: string;
  /** A folder with parley-model.json, or null for none. */
  modelDirectory: string | null;
  /** The module that starts the program, below `repository`. */
  entry: string;
};

/** The libraries of `singleFilePlugin` that the finished program must contain. */
const EDITED_LIBRARIES = ["@huggingface/transformers", "onnxruntime-node"];

/** Builds, checks and leaves only `outfile` and `dist/assets`. Times of each step in ms, for printing. */
export async function buildBinary(
  options: BinaryOptions,
): Promise<{ sizeBytes: number; timesMs: [string, number][] }> {
  const { repository, target, outfile, modelDirectory } = options;
  const timesMs: [string, number][] = [];
  const timed = async <T>(step: string, work: Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    const result = await work;
    timesMs.push([step, performance.now() - startedAt]);
    return result;
  };

  const packed = join(repository, ".parley-cache/build", target, PACKED_FOLDER);
  await rm(packed, { recursive: true, force: true });
  const assets = join(repository, "dist/assets");
  await timed("browser bundles", bundleForBrowser(repository, assets));
  await cp(assets, join(packed, "assets"), { recursive: true });
  await timed("compression", compressAssets(join(packed, "assets")));
  const parts = await timed("native parts", gatherNativeParts(repository, target, join(packed, "native")));
  await packFolders(repository, packed);
  if (modelDirectory !== null) await timed("model", packModel(modelDirectory, join(packed, "model")));
  await timed("binary", compile(options, packed, parts));
  await requirePlatform([outfile], target);
  await rm(packed, { recursive: true, force: true });
  return { sizeBytes: (await stat(outfile)).size, timesMs };
}

async function packFolders(repository: string, packed: string): Promise<void> {
  await cp(join(repository, "migrations"), join(packed, "migrations"), { recursive: true });
  const samples = join(repository, "src/samples");
  if (existsSync(samples)) await cp(samples, join(packed, "samples"), { recursive: true });
  for (const folder of PDF_RESOURCES) {
    const from = join(repository, "node_modules/pdfjs-dist", folder);
    await cp(from, join(packed, "pdf", folder), { recursive: true });
  }
}

/** Only what the manifest names is packed, and it must be there. The hashes are checked before each use. */
async function packModel(modelDirectory: string, packed: string): Promise<void> {
  const manifestFile = join(modelDirectory, "parley-model.json");
  if (!existsSync(manifestFile))
    throw new Error(`${manifestFile} is missing: --model takes a folder that has one.`);
  const { files } = parseModelManifest(await readFile(manifestFile, "utf8"));
  for (const path of ["parley-model.json", ...Object.keys(files)]) {
    await mkdir(join(packed, path, ".."), { recursive: true });
    await cp(join(modelDirectory, path), join(packed, path));
  }
}

async function compile(options: BinaryOptions, packed: string, parts: readonly PackedPart[]): Promise<void> {
  const { repository, target, outfile, entry } = options;
  const workerFiles = Object.entries(WORKERS).map(([name, folder]) => `src/${folder}/${name}.ts`);
  const entrypoints = [entry, ...workerFiles].map((path) => join(repository, path));
  for (const path of entrypoints) {
    if (!existsSync(path)) throw new Error(`${path} is missing: the binary needs it as an entry point.`);
  }
  const edited = new Set<string>();
  await Bun.build({
    entrypoints,
    root: join(repository, "src"),
    target: "bun",
    minify: true,
    // What is imported on demand, such as drivers, is no part of a start, and what threads share stands once.
    splitting: true,
    sourcemap: "none",
    format: "esm",
    // Starts 60 ms sooner and costs 11 MB. It belongs to one build of Bun, so foreign targets do without.
    bytecode: target === currentTarget(),
    external: ["@napi-rs/canvas"],
    plugins: [singleFilePlugin((library) => edited.add(library))],
    define: {
      // Lets the bundler leave out what only runs from source.
      "Bun.isStandaloneExecutable": "true",
      "process.env.NODE_ENV": '"production"',
      PARLEY_COMMIT: JSON.stringify(await commit(repository)),
      PARLEY_NATIVE_PARTS: JSON.stringify(parts),
    },
    compile: {
      // Without AVX2, which virtual machines often hide.
      target: target.endsWith("x64")
        ? (`bun-${target}-baseline` as Bun.Build.CompileTarget)
        : (`bun-${target}` as Bun.Build.CompileTarget),
      outfile,
      assets: [packed],
      // What lies in the folder where Parley is started is not Parley's configuration.
      autoloadDotenv: false,
      autoloadBunfig: false,
    },
  });
  for (const library of EDITED_LIBRARIES) {
    if (!edited.has(library))
      throw new Error(`${library} was not bundled from the file that the build edits.`);
  }
  await rm(join(repository, `${basename(outfile)}.map`), { force: true });
}

/** Short commit of the working copy, "unknown" outside of git. */
async function commit(repository: string): Promise<string> {
  const git = (...words: string[]) => {
    const { exitCode, stdout } = Bun.spawnSync(["git", ...words], { cwd: repository, stderr: "ignore" });
    return exitCode === 0 ? stdout.toString().trim() : null;
  };
  const hash = git("rev-parse", "--short=12", "HEAD");
  if (hash === null) return "unknown";
  return git("status", "--porcelain", "--untracked-files=no") ? `${hash}+` : hash;
}
