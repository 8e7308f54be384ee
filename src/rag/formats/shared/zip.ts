/** Unpacks an archive within limits that count what really comes out, not what the archive declares. */
import { Unzip, UnzipInflate } from "fflate";
import { AppError } from "../../../errors.ts";
import { malformed, resourceLimit } from "./limits.ts";

const MOST_ENTRIES = 2_000;
const MOST_BYTES = 200 * 1024 * 1024;
const MOST_RATIO = 100;
/** Small files of repetitive XML may well compress better than the ratio allows. */
const RATIO_COUNTS_FROM = 8 * 1024 * 1024;
/** Compressed bytes handed over at once: at the most that deflate can swell, 16 MB come out. */
const STEP_BYTES = 16 * 1024;

/**
 * The entries whose names `isWanted`, unpacked. All others are unpacked too, only to be counted.
 *
 * @throws RESOURCE_LIMIT for more than 2,000 entries, 200 MB or a hundredfold; MALFORMED_DOCUMENT; ENCRYPTED
 */
export function readArchive(bytes: Uint8Array, isWanted: (name: string) => boolean): Map<string, Uint8Array> {
  const kept = new Map<string, Uint8Array[]>();
  const finished = new Set<string>();
  let entries = 0;
  let unpacked = 0;
  // Kept here and looked at between steps, because fflate catches what its callbacks throw.
  let failure: Error | null = null;

  const unzip = new Unzip((file) => {
    if (++entries > MOST_ENTRIES)
      failure ??= resourceLimit("The file is an archive of more than 2,000 parts.");
    if (failure) return;
    const pieces: Uint8Array[] = [];
    if (isWanted(file.name)) kept.set(file.name, pieces);
    file.ondata = (error, piece, final) => {
      failure ??= error;
      if (failure) return;
      unpacked += piece.length;
      if (unpacked > MOST_BYTES || (unpacked > RATIO_COUNTS_FROM && unpacked > MOST_RATIO * bytes.length)) {
        failure = resourceLimit("The file unpacks to far more than its size.");
      } else if (isWanted(file.name)) pieces.push(piece);
      if (final) finished.add(file.name);
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  for (let from = 0; from < bytes.length && !failure; from += STEP_BYTES) {
    const thrown = push(unzip, bytes.subarray(from, from + STEP_BYTES), from + STEP_BYTES >= bytes.length);
    failure ??= thrown;
  }
  if ((failure as Error | null) instanceof AppError) throw failure;
  if (failure || [...kept.keys()].some((name) => !finished.has(name))) {
    throw malformed("The file is damaged and cannot be unpacked.", failure);
  }
  return new Map([...kept].map(([name, pieces]) => [name, concatenate(pieces)]));
}

function push(unzip: Unzip, step: Uint8Array, isLast: boolean): Error | null {
  try {
    unzip.push(step, isLast);
    return null;
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  }
}

function concatenate(pieces: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}
