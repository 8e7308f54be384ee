import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openMasterKey } from "../../src/secrets/key-file.ts";
import { openSqliteStore } from "../../src/store/sqlite/index.ts";
import { hasSealedValues } from "../../src/store/sqlite/key-check.ts";
import { removeTestStores, sqliteOptions } from "../helpers/sqlite.ts";

afterAll(removeTestStores);

const newDirectory = () => mkdtempSync(join(tmpdir(), "parley-key-"));
const NOTHING_SEALED = () => false;

describe("the master key", () => {
  test("is made once, for its owner only, and is another on every installation", () => {
    const [here, there] = [newDirectory(), newDirectory()];

    const key = openMasterKey({ dataDirectory: here, given: null, isNeeded: NOTHING_SEALED });
    const again = openMasterKey({ dataDirectory: here, given: null, isNeeded: () => true });
    const other = openMasterKey({ dataDirectory: there, given: null, isNeeded: NOTHING_SEALED });

    expect(key).toHaveLength(32);
    expect(Buffer.from(again).equals(key)).toBe(true);
    expect(Buffer.from(other).equals(key)).toBe(false);
    expect(statSync(join(here, "secret.key")).mode & 0o777).toBe(0o600);
    expect(readdirSync(here)).toEqual(["secret.key"]);
  });

  test("that is given counts, and no file is made", () => {
    const dataDirectory = newDirectory();
    const given = new Uint8Array(32).fill(3);

    expect(openMasterKey({ dataDirectory, given, isNeeded: () => true })).toEqual(given);
    expect(readdirSync(dataDirectory)).toEqual([]);
  });

  test("must be 32 bytes, given or in the file", () => {
    const dataDirectory = newDirectory();
    const invalid = expect.objectContaining({ code: "KEY_INVALID" });
    const short = new Uint8Array(3);
    expect(() => openMasterKey({ dataDirectory, given: short, isNeeded: NOTHING_SEALED })).toThrow(invalid);

    writeFileSync(join(dataDirectory, "secret.key"), "abc");

    expect(() => openMasterKey({ dataDirectory, given: null, isNeeded: NOTHING_SEALED })).toThrow(invalid);
    expect(readFileSync(join(dataDirectory, "secret.key"), "utf8")).toBe("abc");
  });

  test("is never made anew once something is sealed: the missing file is named", async () => {
    const options = await sqliteOptions();
    const dataDirectory = join(options.path, "..");
    const path = join(dataDirectory, "secret.key");
    const isNeeded = () => hasSealedValues(options);
    openMasterKey({ dataDirectory, given: null, isNeeded });
    await (await openSqliteStore(options)).close();
    rmSync(path);

    const open = () => openMasterKey({ dataDirectory, given: null, isNeeded });

    expect(open).toThrow(expect.objectContaining({ code: "KEY_MISSING" }));
    expect(open).toThrow(path);
    expect(existsSync(path)).toBe(false);
  });

  test("is made beside a database in which nothing was sealed yet", async () => {
    const options = await sqliteOptions();
    expect(hasSealedValues(options)).toBe(false);
    writeFileSync(options.path, "");
    expect(hasSealedValues(options)).toBe(false);
  });
});
