import { afterAll } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { installNativeParts } from "../../src/native/native.ts";
import { openSqliteStore, type SqliteStoreOptions } from "../../src/store/sqlite/index.ts";
import { NO_TERMS } from "../../src/store/sqlite/threads/held-terms.ts";
import { NO_SKETCHES } from "../../src/store/sqlite/threads/vector-sketches.ts";
import { embeddingIndexContract } from "../helpers/embedding-index-contract.ts";
import { goldenQuestionContract } from "../helpers/golden-question-contract.ts";
import { identityContract } from "../helpers/identity-contract.ts";
import { indexUpkeepContract } from "../helpers/index-upkeep-contract.ts";
import { llmConfigContract } from "../helpers/llm-config-contract.ts";
import { mcpServerContract } from "../helpers/mcp-server-contract.ts";
import { removeTestStores, sqliteOptions } from "../helpers/sqlite.ts";
import { storeContract } from "../helpers/store-contract.ts";
import { synonymContract } from "../helpers/synonym-contract.ts";
import { toolContract } from "../helpers/tool-contract.ts";
import { toolUseContract } from "../helpers/tool-use-contract.ts";

afterAll(removeTestStores);

const { vec0 } = await installNativeParts(".");

const sqlite =
  (changes: Partial<SqliteStoreOptions> = {}) =>
  async () => {
    const options = await sqliteOptions({ vec0, ...changes });
    return {
      open: () => openSqliteStore(options),
      written: () =>
        Buffer.concat(
          [options.path, `${options.path}-wal`].filter(existsSync).map((path) => readFileSync(path)),
        ),
    };
  };

storeContract("SQLite", sqlite());
goldenQuestionContract("SQLite", sqlite());
synonymContract("SQLite", sqlite());
llmConfigContract("SQLite", sqlite());
identityContract("SQLite", sqlite());
indexUpkeepContract("SQLite", sqlite());
toolContract("SQLite", sqlite());
mcpServerContract("SQLite", sqlite());
toolUseContract("SQLite", sqlite());
embeddingIndexContract("SQLite", sqlite());

const withoutCopies = sqlite({ terms: NO_TERMS, sketches: NO_SKETCHES });
storeContract("SQLite without copies in memory", withoutCopies);
embeddingIndexContract("SQLite without copies in memory", withoutCopies);
