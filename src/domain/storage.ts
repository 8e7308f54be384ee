/**
 * What goes wrong with disks, in Parley's words. The only place that knows the codes by which the system and SQLite
 * say so.
 */
import { AppError, type ErrorCode } from "../errors.ts";

/** `full`: there is no room, or none is left of what this user may have. `denied`: the user that runs Parley may not. */
export type StorageTrouble = "full" | "denied" | "broken" | "too-many-open";

const CODES: Record<StorageTrouble, RegExp> = {
  // EFBIG: the limit that the process was started with, as by `ulimit -f`.
  full: /^(ENOSPC|EDQUOT|EFBIG|SQLITE_FULL)$/,
  denied: /^(EACCES|EPERM|EROFS|SQLITE_(READONLY|PERM|CANTOPEN)(_\w+)?)$/,
  broken: /^(EIO|ENODEV|ENXIO|ESTALE|SQLITE_(IOERR|NOLFS)(_\w+)?)$/,
  "too-many-open": /^(EMFILE|ENFILE)$/,
};

/** Of a code of the system's or of SQLite's; null when it says nothing of the disk. */
export function storageTrouble(code: string | null): StorageTrouble | null {
  if (code === null) return null;
  const troubles = Object.keys(CODES) as StorageTrouble[];
  return troubles.find((trouble) => CODES[trouble].test(code)) ?? null;
}

const ERRORS: Record<StorageTrouble, { code: ErrorCode; message: string }> = {
  full: {
    code: "STORAGE_FULL",
    message: "The server's disk is full, so nothing was saved. Free some space and try again.",
  },
  denied: {
    code: "STORAGE_UNAVAILABLE",
    message:
      "The server may not read or write its data at the moment. Its administrator has to give the data directory back to Parley's user, or mount its disk writable; nothing needs a restart.",
  },
  broken: {
    code: "STORAGE_UNAVAILABLE",
    message:
      "The server's disk does not read or write at the moment. Its administrator finds the reason in Parley's log and in that of the system.",
  },
  "too-many-open": {
    code: "OVERLOADED",
    message: "The server has as many files and connections open as it may have. Try again in a moment.",
  },
};

const RETRY_AFTER_MS = 2_000;

export function storageError(trouble: StorageTrouble, cause: unknown): AppError {
  const { code, message } = ERRORS[trouble];
  return new AppError(code, message, {
    cause,
    ...(code === "OVERLOADED" && { retryAfterMs: RETRY_AFTER_MS }),
  });
}

/** What a call to the system means. Anything that says nothing of the disk stays as it is. */
export function fromSystemError(thrown: unknown): unknown {
  const trouble = storageTrouble(systemCode(thrown));
  return trouble === null ? thrown : storageError(trouble, thrown);
}

/** Does work on files, and throws what its failure means. */
export async function onDisk<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    throw fromSystemError(thrown);
  }
}

/** Whether it is the disk's fault and nobody else's, so that the same may work once that is mended. */
export function isStorageTrouble(thrown: unknown): boolean {
  return thrown instanceof AppError && isStorageCode(thrown.code);
}

export function isStorageCode(code: ErrorCode): boolean {
  return code === "STORAGE_FULL" || code === "STORAGE_UNAVAILABLE";
}

/** The name of what the system answered, such as ENOENT. */
export function systemCode(thrown: unknown): string | null {
  return thrown instanceof Error && "code" in thrown ? String(thrown.code) : null;
}
