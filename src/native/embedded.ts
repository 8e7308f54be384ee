/** Files that come with the code, read in one way from the binary and from the repository. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { packedPath, REPOSITORY } from "./packed.ts";

/** Names of files and folders without surprises: no dot in front, no way up. */
const SAFE_PATH = /^\w[\w.-]*(\/\w[\w.-]*)*$/;
/** Longer than any of ours, and short enough for every file system to be asked for. */
const MOST_PATH_CHARACTERS = 200;

/**
 * One file of the backoffice or the widget by its path below Parley's address, with its media type:
 * `index.html`, `widget.js` and all in `assets`, as scripts/build/browser-bundles.ts lists them. Null when
 * there is none of that name; a path with `..` is never one.
 */
export function embeddedAsset(path: string): Bun.BunFile | null {
  if (path.length > MOST_PATH_CHARACTERS || !SAFE_PATH.test(path)) return null;
  const file = join(assetDirectory(), path);
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? Bun.file(file) : null;
}

/** SQLite's migrations, in the order in which they are applied. `name` is the file's, without `.sql`. */
export function embeddedMigrations(): { name: string; sql: string }[] {
  const directory = Bun.isStandaloneExecutable
    ? packedPath("migrations", "sqlite")
    : join(REPOSITORY, "migrations/sqlite");
  return filesOf(directory)
    .filter((file) => file.endsWith(".sql"))
    .map((file) => ({
      name: file.slice(0, -".sql".length),
      sql: readFileSync(join(directory, file), "utf8"),
    }));
}

/** The documents behind "Use the sample documents". */
export function sampleDocuments(): { name: string; bytes(): Promise<Uint8Array> }[] {
  const directory = Bun.isStandaloneExecutable ? packedPath("samples") : join(REPOSITORY, "src/samples");
  return filesOf(directory).map((name) => ({ name, bytes: () => Bun.file(join(directory, name)).bytes() }));
}

/** The embedding model that `build.ts --model` packed, or null. Copy it out before use: see `installPackedModel`. */
export function packedModelDirectory(): string | null {
  if (!Bun.isStandaloneExecutable) return null;
  const directory = packedPath("model");
  return existsSync(directory) ? directory : null;
}

let building: Promise<void> | undefined;

/**
 * Bundles the backoffice and the widget when Parley runs from source; in the binary they are ready. Call it
 * once before serving. Throws the bundler's complaints.
 */
export async function ensureDevelopmentAssets(): Promise<void> {
  if (Bun.isStandaloneExecutable) return;
  building ??= import("../../scripts/build/browser-bundles.ts").then(({ bundleForBrowser }) =>
    bundleForBrowser(REPOSITORY, assetDirectory()),
  );
  await building;
}

function assetDirectory(): string {
  return Bun.isStandaloneExecutable ? packedPath("assets") : join(REPOSITORY, ".parley-cache/assets");
}

function filesOf(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).sort() : [];
}
