/**
 * A piece of the disk that is set aside: on a full disk it is given back, so that people can still sign in, delete and
 * leave. What makes the data grow is refused until it could be set aside anew.
 */
import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { storageTrouble, systemCode } from "../domain/storage.ts";
import { allocate } from "./posix.ts";

export type Reserve = {
  /** Whether it is there, or can be set aside again by now: then what makes the data grow may be written. */
  isHeld(): boolean;
  /** The same, with room left beside it: something could be stored now. */
  hasRoom(): boolean;
  /** Gives the room back to the disk. Whether there was any to give. */
  release(): boolean;
};

/** Where nothing is set aside, everything is tried. */
export const NO_RESERVE: Reserve = { isHeld: () => true, hasRoom: () => true, release: () => false };

const MOST_BYTES = 64 * 1024 ** 2;
const SHARE_OF_DISK = 0.02;
/** Of its size: setting aside the last byte would be given back at the next write. */
const ROOM_NEEDED = 1.25;
/** Less than that, and the next document or two find no place. */
const FULL_BYTES = 1024 ** 2;
/** When there was room by the numbers and none in fact, as under a quota: each try may write the whole of it. */
const TRY_AGAIN_AFTER_MS = 2_000;

/** The reserve is the file at `path`, which all threads look at: it is held while the file is there. */
export function openReserve(path: string): Reserve {
  let failedAt = Number.NEGATIVE_INFINITY;

  function setAside(): boolean {
    const bytes = roomFor(path);
    if (bytes === null || performance.now() - failedAt < TRY_AGAIN_AFTER_MS) return false;
    const isDone = take(path, bytes);
    if (!isDone) failedAt = performance.now();
    return isDone;
  }

  return {
    isHeld: () => unlessHidden(() => existsSync(path) || setAside()),
    hasRoom: () => unlessHidden(() => (existsSync(path) || setAside()) && freeBytes(path) >= FULL_BYTES),
    release() {
      if (!existsSync(path)) return false;
      rmSync(path, { force: true });
      return true;
    },
  };
}

/** Removes what a process that died left half done. Only for whoever has the lock. */
export function sweepReserve(path: string): void {
  rmSync(partialOf(path), { force: true });
}

/** Where not even that may be done, whoever has something to write learns why. */
function unlessHidden(look: () => boolean): boolean {
  try {
    return look();
  } catch {
    return true;
  }
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(dirname(path));
  return bavail * bsize;
}

/** How large it is to be; null while the disk has no room for it. */
function roomFor(path: string): number | null {
  const { blocks, bsize } = statfsSync(dirname(path));
  const bytes = Math.floor(Math.min(MOST_BYTES, blocks * bsize * SHARE_OF_DISK));
  return freeBytes(path) < bytes * ROOM_NEEDED ? null : bytes;
}

/** Under its name only once it is whole. False where there is no room after all, or another thread is at it. */
function take(path: string, bytes: number): boolean {
  try {
    fillNew(partialOf(path), bytes);
    renameSync(partialOf(path), path);
    return true;
  } catch (thrown) {
    const code = systemCode(thrown);
    if (code === "EEXIST" || storageTrouble(code) === "full") return false;
    throw thrown;
  }
}

function fillNew(path: string, bytes: number): void {
  const descriptor = openSync(path, "wx", 0o600);
  try {
    fill(descriptor, bytes);
  } catch (thrown) {
    rmSync(path, { force: true });
    throw thrown;
  } finally {
    closeSync(descriptor);
  }
}

/** Really taken: a file of the size alone would take no room. */
function fill(descriptor: number, bytes: number): void {
  if (allocate(descriptor, bytes)) return;
  // Not all the same, for file systems that compress.
  const piece = crypto.getRandomValues(new Uint8Array(64 * 1024));
  for (let written = 0; written < bytes; ) written += writeSync(descriptor, piece);
  ftruncateSync(descriptor, bytes);
}

function partialOf(path: string): string {
  return `${path}.partial`;
}
