import { describe, expect, test } from "bun:test";
import { fromSystemError, onDisk } from "../../src/domain/storage.ts";
import { fromSqliteError } from "../../src/store/sqlite/constraint.ts";
import { rejection } from "../helpers/rejection.ts";

const systemError = (code: string) => Object.assign(new Error(`${code}: no luck`), { code });
const sqliteError = (code: string) => Object.assign(systemError(code), { name: "SqliteError" });

describe("what the disk answers", () => {
  test.each([
    ["ENOSPC", "STORAGE_FULL"],
    ["EDQUOT", "STORAGE_FULL"],
    ["EFBIG", "STORAGE_FULL"],
    ["EACCES", "STORAGE_UNAVAILABLE"],
    ["EPERM", "STORAGE_UNAVAILABLE"],
    ["EROFS", "STORAGE_UNAVAILABLE"],
    ["EIO", "STORAGE_UNAVAILABLE"],
    ["ESTALE", "STORAGE_UNAVAILABLE"],
    ["EMFILE", "OVERLOADED"],
    ["ENFILE", "OVERLOADED"],
  ])("of the system, %s, is %s with its cause", async (code, meaning) => {
    const cause = systemError(code);

    expect(fromSystemError(cause)).toMatchObject({ code: meaning, cause });
    expect(await rejection(onDisk(() => Promise.reject(cause)))).toMatchObject({ code: meaning, cause });
  });

  test.each([
    ["SQLITE_FULL", "STORAGE_FULL"],
    ["SQLITE_READONLY", "STORAGE_UNAVAILABLE"],
    ["SQLITE_READONLY_DBMOVED", "STORAGE_UNAVAILABLE"],
    ["SQLITE_READONLY_DIRECTORY", "STORAGE_UNAVAILABLE"],
    ["SQLITE_CANTOPEN", "STORAGE_UNAVAILABLE"],
    ["SQLITE_PERM", "STORAGE_UNAVAILABLE"],
    ["SQLITE_IOERR", "STORAGE_UNAVAILABLE"],
    ["SQLITE_IOERR_WRITE", "STORAGE_UNAVAILABLE"],
    ["SQLITE_IOERR_FSYNC", "STORAGE_UNAVAILABLE"],
    ["SQLITE_IOERR_SHMSIZE", "STORAGE_UNAVAILABLE"],
    ["SQLITE_BUSY", "OVERLOADED"],
  ])("of SQLite, %s, is %s when the disk itself has nothing to say", (code, meaning) => {
    const cause = sqliteError(code);

    expect(fromSqliteError(cause, "/nowhere/parley.db")).toMatchObject({ code: meaning, cause });
    expect(fromSqliteError(new Error("of drizzle", { cause }), "/nowhere/parley.db")).toMatchObject({
      code: meaning,
    });
  });

  test("that says nothing of the disk stays as it is", () => {
    for (const thrown of [systemError("ENOENT"), new Error("a bug"), "text", null])
      expect(fromSystemError(thrown)).toBe(thrown);
    const bug = sqliteError("SQLITE_ERROR");
    expect(fromSqliteError(bug, "/nowhere/parley.db")).toBe(bug);
  });
});
