/** A file and the row that knows it: the file first, so that no row is ever without its file. */
import type { Deps } from "../../deps.ts";
import { type FileId, newId } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";

/**
 * Writes a file and then the row that names it. When the row is refused for want of room, the file gives back the room
 * that it took; after any other failure it stays, because the row may be there, and the next start looks.
 *
 * @param writeRow one commit and nothing else
 */
export async function writeFileFor<Written>(
  { files }: Pick<Deps, "files">,
  bytes: Uint8Array,
  writeRow: (fileId: FileId) => Promise<Written>,
): Promise<{ fileId: FileId; written: Written }> {
  const fileId = newId("file");
  await files.write(fileId, bytes);
  try {
    return { fileId, written: await writeRow(fileId) };
  } catch (thrown) {
    if (isRefused(thrown)) await files.remove(fileId);
    throw thrown;
  }
}

function isRefused(thrown: unknown): boolean {
  return thrown instanceof AppError && (thrown.code === "STORAGE_FULL" || thrown.code === "OVERLOADED");
}
