/** SQLite's error codes in Parley's words. */
import { storageError, storageTrouble } from "../../domain/storage.ts";
import { AppError } from "../../errors.ts";
import { troubleOfDatabase } from "./disk.ts";

/**
 * What a failed statement means. An AppError and anything that is not SQLite's stays as it is; drizzle
 * wraps what SQLite threw, so causes are looked through.
 *
 * @param path of the database, which is looked at when the disk has failed
 */
export function fromSqliteError(thrown: unknown, path: string): unknown {
  if (thrown instanceof AppError) return thrown;
  const code = sqliteCode(thrown);
  if (code === null) return thrown;
  if (code === "SQLITE_CONSTRAINT_UNIQUE" || code === "SQLITE_CONSTRAINT_PRIMARYKEY") {
    return new AppError("CONFLICT", "Something with the same name or id is there already.", {
      cause: thrown,
    });
  }
  if (code === "SQLITE_CONSTRAINT_FOREIGNKEY") {
    return new AppError("NOT_FOUND", "What this belongs to does not exist any more.", { cause: thrown });
  }
  if (isLock(thrown)) return overloaded(thrown);
  const trouble = storageTrouble(code);
  if (trouble === null) return thrown;
  // A quota, a broken disk and one that became read-only are the same error of input and output to SQLite.
  return storageError((trouble !== "full" && troubleOfDatabase(path)) || trouble, thrown);
}

/** Whether another process had the database locked for longer than anybody here waits. */
export function isLock(thrown: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(sqliteCode(thrown) ?? "");
}

/** About as long as a backup by another program may hold the lock once more. */
const RETRY_AFTER_MS = 2_000;

function overloaded(cause: unknown): AppError {
  const message =
    "Another program has locked the server's database, so nothing was saved. Try again in a moment.";
  return new AppError("OVERLOADED", message, { cause, retryAfterMs: RETRY_AFTER_MS });
}

/** Whether SQLite found that the file is no database or a damaged one. */
export function isCorruption(thrown: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(sqliteCode(thrown) ?? "");
}

export function isUniqueViolation(thrown: unknown): boolean {
  const code = sqliteCode(thrown);
  return code === "SQLITE_CONSTRAINT_UNIQUE" || code === "SQLITE_CONSTRAINT_PRIMARYKEY";
}

function sqliteCode(thrown: unknown): string | null {
  if (!(thrown instanceof Error)) return null;
  // By name, not by class: the class differs between better-sqlite3's entry points.
  if (thrown.name === "SqliteError" && "code" in thrown) return String(thrown.code);
  return sqliteCode(thrown.cause);
}
