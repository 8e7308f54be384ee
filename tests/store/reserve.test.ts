import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storageError } from "../../src/domain/storage.ts";
import { openReserve, sweepReserve } from "../../src/store/reserve.ts";
import { CALLS, mayUseReserve, type NounName } from "../../src/store/sqlite/calls.ts";
import type { GroupCommit, Outcome } from "../../src/store/sqlite/threads/group-commit.ts";
import { sparingCommit, sparingWork } from "../../src/store/sqlite/threads/sparing.ts";
import { toFailure } from "../../src/workers/channel.ts";
import { rejection } from "../helpers/rejection.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-reserve-"));
  path = join(folder, "ballast");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the reserve of the disk", () => {
  test("takes real room, is seen by all who look, and is given back as a whole", () => {
    const [here, there] = [openReserve(path), openReserve(path)];

    expect(here.isHeld()).toBe(true);
    const { size, blocks, mode } = statSync(path);
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThanOrEqual(64 * 1024 ** 2);
    expect(blocks * 512).toBeGreaterThanOrEqual(size);
    expect(mode & 0o777).toBe(0o600);

    expect(there.release()).toBe(true);
    expect(here.release()).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
    expect(here.isHeld()).toBe(true);
  });

  test("that died half made is swept, and until then nobody takes it for a whole one", () => {
    writeFileSync(`${path}.partial`, "half");
    expect(openReserve(path).isHeld()).toBe(false);

    sweepReserve(path);

    expect(openReserve(path).isHeld()).toBe(true);
    expect(readdirSync(folder)).toEqual(["ballast"]);
  });

  test("is no reason to refuse where nobody may look", () => {
    expect(openReserve(join(folder, "no/such/folder/ballast")).isHeld()).toBe(true);
  });
});

const FULL: Outcome = { failure: toFailure(storageError("full", "no room")) };
const DONE: Outcome = { result: "done" };
const call = (noun: NounName, method: string) => ({ noun, method, given: [] });
const SIGN_IN = call("adminSessions", "create");
const DELETE = call("sources", "remove");
const QUESTION = call("turns", "acceptQuestion");

/** A disk with room for nothing until its reserve is given back, and then for whatever may have it. */
function fullDisk({ isHeld }: { isHeld: boolean }) {
  let held = isHeld;
  let hasRoom = false;
  const committed: string[] = [];
  const commit: GroupCommit = (calls) =>
    calls.map(({ method }) => {
      if (!hasRoom) return FULL;
      committed.push(method);
      return DONE;
    });
  const reserve = {
    isHeld: () => held,
    hasRoom: () => held,
    release() {
      const had = held;
      [held, hasRoom] = [false, had || hasRoom];
      return had;
    },
  };
  return { reserve, commit: sparingCommit(commit, reserve), committed };
}

describe("on a full disk", () => {
  test("what may have the reserve gets it, and what makes the data grow does not, in one group", () => {
    const { commit, committed } = fullDisk({ isHeld: true });

    expect(commit([QUESTION, SIGN_IN, DELETE])).toEqual([FULL, DONE, DONE]);
    expect(committed).toEqual(["create", "remove"]);
  });

  test("what makes the data grow gives nothing back for itself", () => {
    const { commit, reserve } = fullDisk({ isHeld: true });

    expect(commit([QUESTION])).toEqual([FULL]);
    expect(reserve.isHeld()).toBe(true);
  });

  test("without a reserve left, what makes the data grow is not even tried", () => {
    const { commit, reserve, committed } = fullDisk({ isHeld: true });
    reserve.release();

    const [question, signIn] = commit([QUESTION, SIGN_IN]);

    expect(question).toMatchObject({ failure: { code: "STORAGE_FULL" } });
    expect(signIn).toEqual(DONE);
    expect(commit([QUESTION])).toMatchObject([{ failure: { code: "STORAGE_FULL" } }]);
    expect(committed).toEqual(["create"]);
  });

  test("long work that takes something away begins anew with the reserve, and other work is refused", async () => {
    const { reserve } = fullDisk({ isHeld: true });
    let tries = 0;
    const work = async () => {
      tries++;
      if (reserve.isHeld()) throw storageError("full", "no room");
      return "purged";
    };

    expect(await rejection(sparingWork(call("chunks", "replaceForDocument"), reserve, work))).toMatchObject({
      code: "STORAGE_FULL",
    });
    expect(await sparingWork(call("sources", "purge"), reserve, work)).toBe("purged");
    expect(tries).toBe(3);
    expect(await rejection(sparingWork(call("chunks", "replaceForDocument"), reserve, work))).toMatchObject({
      code: "STORAGE_FULL",
    });
    expect(tries).toBe(3);
  });

  test("only writes have the reserve, and none that takes in documents, questions or visitors", () => {
    const calls = Object.entries(CALLS).flatMap(([noun, methods]) =>
      Object.entries(methods).map(([method, kind]) => ({ noun: noun as NounName, method, kind })),
    );

    for (const each of calls.filter(mayUseReserve)) expect(["write", "long"]).toContain(each.kind);
    for (const noun of ["documents", "evaluations"] as const)
      expect(calls.filter((each) => each.noun === noun && mayUseReserve(each))).toEqual([]);
    expect(mayUseReserve(call("sources", "createUnlessKnown"))).toBe(false);
    expect(mayUseReserve(call("chatSessions", "create"))).toBe(false);
    expect(mayUseReserve(call("turns", "finishAnswer"))).toBe(false);
  });
});
