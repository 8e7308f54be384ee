import { afterAll, describe, expect, test } from "bun:test";
import Database from "better-sqlite3";
import { newId } from "../../src/domain/ids.ts";
import type { SecretPlace } from "../../src/domain/secret.ts";
import { openSecrets } from "../../src/secrets/seal.ts";
import { openSqliteStore } from "../../src/store/sqlite/index.ts";
import { aFirstAdmin, anLlmConfig, aTenant, aWidget } from "../helpers/builders.ts";
import { rejection } from "../helpers/rejection.ts";
import { removeTestStores, sqliteOptions, TEST_KEY } from "../helpers/sqlite.ts";

afterAll(removeTestStores);

const PLACE: SecretPlace = {
  tenantId: newId("tenant"),
  table: "llm_configs",
  column: "api_key",
  rowId: "llm_1",
};
const OTHER_KEY = new Uint8Array(32).fill(8);

describe("a sealed value", () => {
  test("opens where it was sealed and shows nothing of what it holds", async () => {
    const secrets = await openSecrets(TEST_KEY);

    const records = [secrets.seal(PLACE, "sk-ünïque"), secrets.seal(PLACE, "sk-ünïque")];

    expect(records.map((record) => secrets.open(PLACE, record))).toEqual(["sk-ünïque", "sk-ünïque"]);
    expect(records[0]).not.toBe(records[1] as string);
    expect(records[0]).toMatch(/^1\.[0-9a-f]{8}\.[\w-]{32}\.[\w-]+$/);
    expect((await openSecrets(TEST_KEY)).open(PLACE, records[0] as string)).toBe("sk-ünïque");
  });

  test("opens nowhere else: not for another tenant, table, column or row", async () => {
    const secrets = await openSecrets(TEST_KEY);
    const record = secrets.seal(PLACE, "sk-secret");
    const elsewhere: Partial<SecretPlace>[] = [
      { tenantId: newId("tenant") },
      { tenantId: null },
      { table: "db_connections" },
      { column: "base_url" },
      { rowId: "llm_2" },
    ];

    for (const change of elsewhere) {
      const open = () => secrets.open({ ...PLACE, ...change }, record);
      expect(open).toThrow(expect.objectContaining({ code: "CREDENTIAL_UNDECRYPTABLE" }));
    }
  });

  test("does not open when any part of it was changed, or with another key", async () => {
    const secrets = await openSecrets(TEST_KEY);
    const record = secrets.seal(PLACE, "sk-secret");
    const [version, kid, nonce = "", sealed = ""] = record.split(".");
    const flipped = (text: string) => (text.startsWith("A") ? "B" : "A") + text.slice(1);
    const altered = [
      `2.${kid}.${nonce}.${sealed}`,
      `${version}.00000000.${nonce}.${sealed}`,
      `${version}.${kid}.${flipped(nonce)}.${sealed}`,
      `${version}.${kid}.${nonce}.${flipped(sealed)}`,
      `${version}.${kid}.${nonce.slice(4)}.${sealed}`,
      ...["", "sk-secret", "...", record.slice(0, -6)],
    ];

    for (const text of altered) {
      const error = expect.objectContaining({ code: "CREDENTIAL_UNDECRYPTABLE" });
      expect(() => secrets.open(PLACE, text)).toThrow(error);
    }
    const other = await openSecrets(OTHER_KEY);
    expect(() => other.open(PLACE, record)).toThrow(
      expect.objectContaining({ code: "CREDENTIAL_UNDECRYPTABLE" }),
    );
  });
});

describe("a database", () => {
  async function withTwoKeys() {
    const options = await sqliteOptions();
    const store = await openSqliteStore(options);
    const first = aFirstAdmin();
    await store.instance.initialise(first);
    const other = aTenant();
    await store.tenants.create(other, first.user.id, aWidget(), anLlmConfig({ tenantId: other.id }));
    const tenants = [first.tenant.id, other.id] as const;
    for (const [index, tenantId] of tenants.entries()) {
      const settings = anLlmConfig({ tenantId, provider: "openai", apiKey: `sk-CANARY-${index}` });
      await store.llmConfigs.replaceDefault(tenantId, settings);
    }
    return { options, store, tenants };
  }

  test("holds no key that can be read, in its file or its log", async () => {
    const { options, store } = await withTwoKeys();

    for (const path of [options.path, `${options.path}-wal`]) {
      expect(Buffer.from(await Bun.file(path).bytes()).includes("sk-CANARY")).toBe(false);
    }
    await store.close();
    expect(Buffer.from(await Bun.file(options.path).bytes()).includes("sk-CANARY")).toBe(false);
  });

  test("whose rows were swapped between tenants opens neither, and tells of keys that are lost", async () => {
    const { options, store, tenants } = await withTwoKeys();
    const database = new Database(options.path);
    const keys = database.prepare("select api_key from llm_configs where tenant_id = ?").pluck();
    const [first, second] = tenants.map((tenantId) => keys.get(tenantId));
    const swap = database.prepare("update llm_configs set api_key = ? where tenant_id = ?");
    swap.run(second, tenants[0]);
    swap.run(first, tenants[1]);

    for (const tenantId of tenants) {
      expect(await store.llmConfigs.getDefault(tenantId)).toMatchObject({ apiKey: null, keyLost: true });
    }
    await store.llmConfigs.replaceDefault(
      tenants[0],
      anLlmConfig({ tenantId: tenants[0], apiKey: "sk-new" }),
    );
    expect((await store.llmConfigs.getDefault(tenants[0])).apiKey).toBe("sk-new");
    await store.close();
  });

  test("is not opened with another key than the one it was made with, and stays as it was", async () => {
    const { options, store } = await withTwoKeys();
    await store.close();
    const before = await Bun.file(options.path).bytes();

    const opening = openSqliteStore({ ...options, secrets: await openSecrets(OTHER_KEY) });

    expect(await rejection(opening)).toMatchObject({ code: "KEY_INVALID" });
    expect(await Bun.file(options.path).bytes()).toEqual(before);
    await (await openSqliteStore(options)).close();
  });
});
