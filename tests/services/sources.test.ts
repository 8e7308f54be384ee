import { expect, test } from "bun:test";
import { acceptUploads, type SourceDeps } from "../../src/services/knowledge/sources.ts";
import { aFirstAdmin, NOW } from "../helpers/builders.ts";
import { openTestStore } from "../helpers/sqlite.ts";

test("taking in a large file lets everybody else have their turn before it is whole", async () => {
  const store = await openTestStore();
  const first = aFirstAdmin();
  await store.instance.initialise(first);
  let turns = 0;
  let turnsBeforeWriting = 0;
  const files = {
    write: async () => {
      turnsBeforeWriting = turns;
    },
  };
  const limits = { uploadBytes: 50 * 1024 * 1024, sourcesPerTenant: 10 };
  const live = { publish() {}, subscribe: () => () => {} };
  const deps = { store, files, live, settings: { limits }, now: () => NOW, wakeQueue() {} };
  const bytes = new Uint8Array(20 * 1024 * 1024).fill(97);
  let others = setImmediate(function turn() {
    turns++;
    others = setImmediate(turn);
  });

  const [source] = await acceptUploads(deps as unknown as SourceDeps, first.tenant.id, [
    { filename: "large.txt", bytes },
  ]);
  clearImmediate(others);

  expect(source?.onlyDocument?.contentHash).toBe(new Bun.CryptoHasher("sha256").update(bytes).digest("hex"));
  expect(turnsBeforeWriting).toBeGreaterThan(3);
});
