/** Files with a key, a certificate or settings: what a person has put there is not always a file. */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** What lies there is no such file. The message goes behind its path: “is a device …”. */
export class UnfitFile extends Error {}

/**
 * The text of a file. A pipe does not make anybody wait, and a device does not fill the memory.
 *
 * @throws UnfitFile for anything but a file, and for one of more than `mostBytes`; the system's error
 */
export function readSmallFile(path: string, mostBytes: number): string {
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!fstatSync(descriptor).isFile()) throw new UnfitFile("is a device, a pipe or a folder, not a file");
    return readUpTo(descriptor, mostBytes);
  } finally {
    closeSync(descriptor);
  }
}

function readUpTo(descriptor: number, mostBytes: number): string {
  const bytes = Buffer.alloc(mostBytes + 1);
  let length = 0;
  for (;;) {
    const read = readSync(descriptor, bytes, length, bytes.length - length, null);
    length += read;
    if (length > mostBytes) throw new UnfitFile(`is larger than ${mostBytes / 1024} kB`);
    if (read === 0) return bytes.toString("utf8", 0, length);
  }
}

/** Why a file could not be used, behind its path. */
export function whyUnfit(thrown: unknown): string {
  return thrown instanceof UnfitFile ? thrown.message : "cannot be read";
}
