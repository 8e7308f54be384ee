import { afterAll } from "bun:test";
import { openSqliteStore } from "../../src/store/sqlite/index.ts";
import { openSearchWorkers } from "../../src/workers/search-workers.ts";
import { openVectorSketches } from "../../src/workers/vector-sketches.ts";
import { removeTestStores, sqliteOptions } from "../helpers/sqlite.ts";
import { storeContract } from "../helpers/store-contract.ts";

afterAll(removeTestStores);

storeContract("SQLite", async () => {
  const options = await sqliteOptions();
  return { open: () => openSqliteStore(options) };
});

storeContract("SQLite with search workers and sketches", async () => {
  const options = await sqliteOptions();
  const { path } = options;
  const open = () =>
    openSqliteStore({
      ...options,
      search: openSearchWorkers({ path, count: 2 }),
      sketches: openVectorSketches({ path }),
    });
  return { open };
});
