import { afterAll, beforeAll, expect, test } from "bun:test";
import { setUpOwner } from "../helpers/admin-client.ts";
import { rows } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";

let parley: Parley;
beforeAll(async () => {
  parley = await startParley();
  await setUpOwner(parley);
});
afterAll(() => parley.remove());

test("asking whether Parley is ready commits nothing", async () => {
  const written = () => Number(rows(parley, "select value from instance where key = 'probe'")[0]?.value);
  const before = written();
  expect(before).toBeGreaterThan(0);

  const answers = await Promise.all(Array.from({ length: 200 }, () => fetch(`${parley.url}/readyz`)));

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  // Parley's own try may fall into it, one in ten seconds.
  expect(written() - before).toBeLessThan(3);
});
