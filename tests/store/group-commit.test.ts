import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import Database from "better-sqlite3";
import type { Call } from "../../src/store/sqlite/calls.ts";
import { type GroupCommit, groupCommit } from "../../src/store/sqlite/threads/group-commit.ts";

/** What each call does to a table of texts. */
type Work = "add" | "remove" | "add and fail" | "wait";

let client: Database.Database;
let executed: string[];
let commit: GroupCommit;

beforeEach(() => {
  executed = [];
  client = new Database(":memory:", { verbose: (sql) => void executed.push(String(sql)) });
  client.exec("create table texts (text text primary key)");
  const insert = client.prepare("insert into texts values (?)");
  const remove = client.prepare("delete from texts where text = ?");
  commit = groupCommit(client, async ({ method, given: [text] }) => {
    if ((method as Work) === "wait") await Promise.resolve();
    if ((method as Work) === "remove") return remove.run(text).changes;
    // As the nouns do it: a transaction of its own, which is one of the group here.
    client.transaction(() => insert.run(text)).immediate();
    if ((method as Work) === "add and fail") throw new Error("no");
    return text;
  });
  executed.length = 0;
});
afterEach(() => client.close());

const call = (method: Work, text: string): Call => ({ noun: "jobs", method, given: [text] });
const texts = () => client.prepare("select text from texts order by text").pluck().all();
const results = (calls: Call[]) =>
  commit(calls).map((outcome) => ("failure" in outcome ? outcome.failure.code : outcome.result));

describe("writes that wait at the same time", () => {
  test("share one commit, in the order in which they were called", () => {
    expect(results([call("add", "a"), call("add", "b"), call("remove", "a")])).toEqual(["a", "b", 1]);

    expect(texts()).toEqual(["b"]);
    expect(executed.filter((sql) => /^commit/i.test(sql))).toHaveLength(1);
  });

  test("leave nothing behind when they fail, and do not touch the others", () => {
    expect(
      results([call("add", "a"), call("add and fail", "b"), call("add", "a"), call("add", "c")]),
    ).toEqual([...["a", "INTERNAL", "CONFLICT", "c"]]);

    expect(texts()).toEqual(["a", "c"]);
    expect(client.inTransaction).toBe(false);
  });

  test("are refused when they are not done at once, so that none leaves the others' transaction", () => {
    expect(results([call("add", "a"), call("wait", "b")])).toEqual(["a", "INTERNAL"]);

    expect(texts()).toEqual(["a"]);
  });

  test("are tried one by one on a full disk: what makes room succeeds, and the rest says why", () => {
    const long = "x".repeat(50_000);
    results([call("add", long)]);
    client.pragma(`max_page_count = ${client.pragma("page_count", { simple: true })}`);
    const other = "y".repeat(50_000);

    expect(results([call("add", other), call("remove", long), call("add", "z".repeat(40_000))])).toEqual([
      ...["STORAGE_FULL", 1, "z".repeat(40_000)],
    ]);

    expect(texts()).toEqual(["z".repeat(40_000)]);
  });
});
