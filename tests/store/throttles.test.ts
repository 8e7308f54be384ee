import { afterAll, expect, test } from "bun:test";
import { openForReading } from "../../src/store/sqlite/connection.ts";
import { openSqliteStore } from "../../src/store/sqlite/index.ts";
import { NOW } from "../helpers/builders.ts";
import { removeTestStores, sqliteOptions } from "../helpers/sqlite.ts";

afterAll(removeTestStores);

const WINDOW_MS = 60_000;

test("windows that are over leave nothing behind, those that run are kept", async () => {
  const options = await sqliteOptions();
  const { throttles, close } = await openSqliteStore(options);
  for (let n = 0; n < 100; n++) await throttles.hit(`address:${n}`, WINDOW_MS, NOW);
  await throttles.hit("account:ada", WINDOW_MS * 10, NOW);

  const later = NOW + WINDOW_MS;
  const counts: number[] = [];
  for (let n = 0; n < 12; n++) counts.push((await throttles.hit("address:99", WINDOW_MS, later)).count);

  const client = openForReading(options);
  const keys = client.prepare("select key from throttles order by key").pluck().all();
  client.close();
  expect(keys).toEqual(["account:ada", "address:99"]);
  expect(counts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect((await throttles.peek("account:ada", WINDOW_MS * 10, later)).count).toBe(1);
  await close();
});
