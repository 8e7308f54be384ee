/** Files that no row knows: what is left of a process that died between writing a file and committing its row. */
import type { Deps, FileSweep } from "../../deps.ts";
import type { UnixMs } from "../../domain/ids.ts";

export type FileSweepDeps = Pick<Deps, "store" | "files" | "log" | "now">;

/** The first start makes the key, then the database, within a second. Generous, because it may be a slow disk. */
const ONE_START_MS = 60 * 60 * 1000;

/**
 * Puts the folder of files in order at the start. In doubt everything stays: a file too many costs its bytes, one too
 * few is a lost original.
 *
 * @param keyMadeAt null when the key is not kept beside the database
 */
export async function sweepFiles(deps: FileSweepDeps, keyMadeAt: UnixMs | null): Promise<void> {
  try {
    const needed = new Set([
      ...(await deps.store.documents.fileIds()),
      ...(await deps.store.widgets.logoFiles()),
    ]);
    const since = leftOverSince(needed, await deps.store.instance.madeAt(), keyMadeAt);
    const swept = await deps.files.sweep({ needed, leftOverSince: since, now: deps.now() });
    if (Object.values(swept).some((count) => count > 0)) deps.log.info("files-swept", swept);
  } catch (cause) {
    // Left-overs harm nobody, so that a full disk, say, is no reason not to start.
    deps.log.warn("file-sweep-failed", { cause });
  }
}

/**
 * From when on a file that the database does not know may be a left-over; null: never. What is older than the database
 * belongs to one before it. A database that knows no file, or that was made in a folder whose key was there already, is
 * not the one that the files came with.
 */
export function leftOverSince(
  needed: ReadonlySet<string>,
  databaseMadeAt: UnixMs,
  keyMadeAt: UnixMs | null,
): FileSweep["leftOverSince"] {
  const isOfThisKey = keyMadeAt === null || databaseMadeAt - keyMadeAt < ONE_START_MS;
  return needed.size > 0 && isOfThisKey ? databaseMadeAt : null;
}
