/** A model's folder as the ZIP that people upload. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Zippable, zipSync } from "fflate";

/** All files of `model`, below `top`, with `changes` in place of or beside them; null leaves a file out. */
export async function modelZip(
  model: string,
  { top = "", changes = {} }: { top?: string; changes?: Record<string, Zippable[string] | null> } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const entries: Record<string, Zippable[string] | null> = {};
  for (const path of await readdir(model, { recursive: true, withFileTypes: true })) {
    if (!path.isFile()) continue;
    const full = join(path.parentPath, path.name);
    entries[top + full.slice(model.length + 1)] = new Uint8Array(await readFile(full));
  }
  const kept = Object.entries({ ...entries, ...changes }).filter(
    (entry): entry is [string, Zippable[string]] => entry[1] !== null,
  );
  return new Uint8Array(zipSync(Object.fromEntries(kept)));
}
