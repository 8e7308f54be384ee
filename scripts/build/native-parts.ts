/** Gathers the compiled libraries of one platform. */

import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256OfFile } from "../../src/native/copy-out.ts";
import { nativePartsOf, type PackedPart, type Target } from "../../src/native/parts.ts";
import { requirePlatform } from "./file-check.ts";

/** Of 1 to 22. Higher ones take many times as long for a few hundred kB. */
const COMPRESSION_LEVEL = 9;

/** Puts the native parts of `target` into `directory`, compressed, and says what they are. */
export async function gatherNativeParts(
  repository: string,
  target: Target,
  directory: string,
): Promise<PackedPart[]> {
  const { sqliteBinding, vec0, onnxRuntime } = nativePartsOf(target);
  const sqliteVecModules = await modulesWithSqliteVec(repository, target);
  await mkdir(directory, { recursive: true });
  const packed: PackedPart[] = [];
  for (const part of [sqliteBinding, vec0, ...onnxRuntime]) {
    const modules = part === vec0 ? sqliteVecModules : join(repository, "node_modules");
    const source = join(modules, part.source);
    await requirePlatform([source], target);
    const compressed = await Bun.zstdCompress(await readFile(source), { level: COMPRESSION_LEVEL });
    await writeFile(join(directory, `${part.name}.zst`), compressed);
    packed.push({ name: part.name, sha256: (await sha256OfFile(source)) ?? "" });
  }
  return packed;
}

/**
 * The folder of modules that has sqlite-vec for this platform. A package manager installs only its own
 * platform's, so the others are fetched here, in the version and with the checksum of bun.lock.
 */
async function modulesWithSqliteVec(repository: string, target: Target): Promise<string> {
  const packageName = `sqlite-vec-${target}`;
  const installed = join(repository, "node_modules");
  if (existsSync(join(installed, packageName))) return installed;

  const directory = join(repository, ".parley-cache/foreign", target);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const wanted = await lockedPackage(join(repository, "bun.lock"), packageName);
  const manifest = { name: "foreign-parts", private: true, dependencies: { [packageName]: wanted.version } };
  await writeFile(join(directory, "package.json"), JSON.stringify(manifest));
  await install(directory, target);
  const fetched = await lockedPackage(join(directory, "bun.lock"), packageName);
  if (fetched.integrity !== wanted.integrity) {
    throw new Error(`${packageName} from the registry is not the one that bun.lock names. Do not use it.`);
  }
  return join(directory, "node_modules");
}

async function install(directory: string, target: Target): Promise<void> {
  const [os, cpu] = target.split("-") as [string, string];
  const platform = ["--os", os === "windows" ? "win32" : os, "--cpu", cpu];
  const command = [process.execPath, "install", "--ignore-scripts", ...platform];
  const child = Bun.spawn(command, { cwd: directory, stdout: "pipe", stderr: "pipe" });
  const output = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(`Could not fetch the parts for ${target}:\n${output}`);
}

/** A package's line in Bun's lock file: `"name": ["name@1.2.3", "", { … }, "sha512-…"]`. */
async function lockedPackage(
  lockFile: string,
  name: string,
): Promise<{ version: string; integrity: string }> {
  const line = (await readFile(lockFile, "utf8")).split("\n").find((text) => text.includes(`["${name}@`));
  const version = line?.match(/@([^@"]+)"/)?.[1];
  const integrity = line?.match(/"(sha512-[^"]+)"/)?.[1];
  if (version && integrity) return { version, integrity };
  throw new Error(`${lockFile} does not name ${name}. Run "bun install" and try again.`);
}
