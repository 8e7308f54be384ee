import { afterAll } from "bun:test";
import { openSqliteStore } from "../../src/store/sqlite/index.ts";
import { openSearchWorkers } from "../../src/workers/search-workers.ts";
import { removeTestStores, sqliteOptions } from "../helpers/sqlite.ts";
import { storeContract } from "../helpers/store-contract.ts";

afterAll(removeTestStores);

storeContract("SQLite", async () => {
  const options = await sqliteOptions();
  return { open: () => openSqliteStore(options) };
});

storeContract("SQLite with search workers", async () => {
  const options = await sqliteOptions();
  const open = () =>
    openSqliteStore({ ...options, search: openSearchWorkers({ path: options.path, count: 2 }) });
  return { open };
});
