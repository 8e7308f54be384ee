/** SQLite says that the disk failed, but seldom why. The system says it to whoever asks for the same. */
import { accessSync, closeSync, constants, existsSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { type StorageTrouble, storageTrouble, systemCode } from "../../domain/storage.ts";

/** As much as SQLite takes at once: a piece of the index of its log. */
const PIECE = new Uint8Array(64 * 1024);

/** What keeps the database at `path` from being read and written right now; null when nothing does. */
export function troubleOfDatabase(path: string): StorageTrouble | null {
  try {
    const files = [path, `${path}-wal`, `${path}-shm`].filter((each) => existsSync(each));
    for (const each of files) accessSync(each, constants.R_OK | constants.W_OK);
    // Behind the end of the largest, because a file may have a limit, too. What is before it takes no room.
    writePiece(`${path}.probe`, Math.max(0, ...files.map((each) => statSync(each).size)));
    return null;
  } catch (thrown) {
    return storageTrouble(systemCode(thrown));
  }
}

function writePiece(path: string, position: number): void {
  const file = openSync(path, "w", 0o600);
  try {
    writeSync(file, PIECE, 0, PIECE.length, position);
  } finally {
    closeSync(file);
    rmSync(path, { force: true });
  }
}
