import { afterAll } from "bun:test";
import { openSqliteStore } from "../../src/store/sqlite/index.ts";
import { removeTestStores, sqliteOptions } from "../helpers/sqlite.ts";
import { storeContract } from "../helpers/store-contract.ts";

afterAll(removeTestStores);

storeContract("SQLite", async () => {
  const options = await sqliteOptions();
  return { open: () => openSqliteStore(options) };
});
