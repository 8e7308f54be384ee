import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import type { FileSweep } from "../../src/deps.ts";
import { newId } from "../../src/domain/ids.ts";
import { leftOverSince, sweepFiles } from "../../src/services/operations/file-sweep.ts";
import type { Store } from "../../src/store/store.ts";
import { aFile, aFirstAdmin, aWidget, NOW } from "../helpers/builders.ts";
import { openTestStore, removeTestStores } from "../helpers/sqlite.ts";

afterAll(removeTestStores);

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const KNOWN = new Set(["a file"]);

describe("a file that the database does not know is a left-over", () => {
  test("when it was made since the database was, and the key is of the same start", () => {
    expect(leftOverSince(KNOWN, NOW, NOW - MINUTE_MS)).toBe(NOW);
  });

  test("when the key lies elsewhere, or was copied later", () => {
    expect(leftOverSince(KNOWN, NOW, null)).toBe(NOW);
    expect(leftOverSince(KNOWN, NOW, NOW + DAY_MS)).toBe(NOW);
  });

  test("but never when the database knows no file at all", () => {
    expect(leftOverSince(new Set(), NOW, NOW - MINUTE_MS)).toBeNull();
  });

  test("but never when the key is older than the database, which then is not the first one of the folder", () => {
    expect(leftOverSince(KNOWN, NOW, NOW - DAY_MS)).toBeNull();
  });
});

describe("the sweep of a start", () => {
  let store: Store;
  let lines: [string, unknown][];
  beforeEach(async () => {
    store = await openTestStore();
    lines = [];
  });

  const write = (event: string, fields?: unknown) => void lines.push([event, fields]);
  const log = { debug: write, info: write, warn: write, error: write };
  const sweepWith = (sweep: (sweep: FileSweep) => Promise<Record<string, number>>) =>
    sweepFiles({ store, log, now: () => NOW, files: { sweep } as never }, NOW);

  test("needs the originals of all documents and the logos, and tells the log what it did", async () => {
    const original = newId("file");
    const first = aFirstAdmin({ widget: aWidget({ logoFile: "a logo" }) });
    await store.instance.initialise(first);
    const { source, document } = aFile({ tenantId: first.tenant.id }, { fileId: original });
    await store.sources.create(source, [document], []);
    const swept = { broughtBack: 1, setAside: 2, deleted: 3, kept: 4 };
    const asked: FileSweep[] = [];

    await sweepWith(async (sweep) => {
      asked.push(sweep);
      return swept;
    });

    expect(asked).toEqual([{ needed: new Set<string>([original, "a logo"]), leftOverSince: NOW, now: NOW }]);
    expect(lines).toEqual([["files-swept", swept]]);
  });

  test("says nothing when there was nothing to do", async () => {
    await sweepWith(async () => ({ broughtBack: 0, setAside: 0, deleted: 0, kept: 0 }));

    expect(lines).toEqual([]);
  });

  test("that fails is a line in the log and keeps nobody from starting", async () => {
    const cause = new Error("disk full");

    await sweepWith(() => Promise.reject(cause));

    expect(lines).toEqual([["file-sweep-failed", { cause }]]);
  });
});
