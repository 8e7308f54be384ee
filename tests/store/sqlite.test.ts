import { openSqliteStore } from "../../src/store/sqlite/index.ts";
import { openSearchWorkers } from "../../src/workers/search-workers.ts";
import { sqliteOptions } from "../helpers/sqlite.ts";
import { storeContract } from "../helpers/store-contract.ts";

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
