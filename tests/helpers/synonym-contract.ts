/** What every storage engine promises about a tenant's synonyms. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { newId, type TenantId } from "../../src/domain/ids.ts";
import { PURGE_SYNONYM, type Synonym } from "../../src/domain/synonym.ts";
import type { Store } from "../../src/store/store.ts";
import { aFirstAdmin, aJob, anLlmConfig, aTenant, aWidget, NOW } from "./builders.ts";
import { rejection } from "./rejection.ts";
import type { StoreUnderTest } from "./store-contract.ts";

const FIRST_PAGE = { cursor: null, limit: 50 };
const MANY = 100;

export function synonymContract(engine: string, makeDatabase: () => Promise<StoreUnderTest>): void {
  describe(`${engine} keeps the contract of synonyms`, () => {
    let store: Store;
    let tenantId: TenantId;
    let otherTenant: TenantId;

    beforeEach(async () => {
      store = await (await makeDatabase()).open();
      const first = aFirstAdmin();
      await store.instance.initialise(first);
      tenantId = first.tenant.id;
      const other = aTenant();
      await store.tenants.create(other, first.user.id, aWidget(), anLlmConfig({ tenantId: other.id }));
      otherTenant = other.id;
    });
    afterEach(() => store.close());

    async function add(asked: string, changes: Partial<Synonym> = {}): Promise<Synonym> {
      const synonym: Synonym = {
        ...{ id: newId("synonym"), tenantId, asked: [asked], written: ["paid time off"], bothWays: true },
        ...{ createdAt: NOW, updatedAt: NOW, deletedAt: null },
        ...changes,
      };
      await store.synonyms.save(synonym.tenantId, [synonym], MANY);
      return synonym;
    }
    const purgeOf = ({ id }: Synonym) => aJob({ tenantId, kind: PURGE_SYNONYM, subject: id });

    test("they come back as they were saved, newest first page by page, oldest first all at once", async () => {
      const first = await add("PTO", { written: ["paid time off", "Urlaub für alle"], bothWays: false });
      const [second, third] = [await add("KVP"), await add("年假")];

      const page = await store.synonyms.list(tenantId, {}, { cursor: null, limit: 2 });
      const rest = await store.synonyms.list(tenantId, {}, { cursor: page.nextCursor, limit: 2 });

      expect([...page.items, ...rest.items]).toEqual([third, second, first]);
      expect(rest.nextCursor).toBeNull();
      expect(await store.synonyms.all(tenantId)).toEqual([first, second, third]);
      expect(await store.synonyms.count(tenantId)).toBe(3);
    });

    test("one is found by part of a word of either side, whatever the capitals", async () => {
      const { id } = await add("PTO", { written: ["Öffentlicher Dienst"] });
      await add("KVP");

      const found = async (wordContains: string) =>
        (await store.synonyms.list(tenantId, { wordContains }, FIRST_PAGE)).items.map((each) => each.id);

      expect([await found("pt"), await found("öffentlicher D"), await found("xyz")]).toEqual([
        [id],
        [id],
        [],
      ]);
    });

    test("one with the same id takes the place of the former", async () => {
      const before = await add("PTO");

      await add("Flexi", { id: before.id, updatedAt: NOW + 1 });

      expect(await store.synonyms.all(tenantId)).toEqual([
        { ...before, asked: ["Flexi"], updatedAt: NOW + 1 },
      ]);
    });

    test("the same is not there twice, in whichever order and capitals, and nothing of the write is kept", async () => {
      await add("PTO", { written: ["paid time off", "leave"] });
      const again = { asked: ["Leave"], written: ["pto", "paid  time off"] };

      expect(await rejection(add("", again))).toMatchObject({ code: "CONFLICT" });
      await add("", { ...again, bothWays: false });
      expect(await store.synonyms.count(tenantId)).toBe(2);
    });

    test("no more than the limit, and nothing of a write that would be more", async () => {
      const rules = ["a", "b", "c"].map(
        (word): Synonym => ({
          ...{ id: newId("synonym"), tenantId, asked: [word], written: ["z"], bothWays: true },
          ...{ createdAt: NOW, updatedAt: NOW, deletedAt: null },
        }),
      );

      expect(await rejection(store.synonyms.save(tenantId, rules, 2))).toMatchObject({
        code: "RESOURCE_LIMIT",
      });
      expect(await store.synonyms.all(tenantId)).toEqual([]);
    });

    test("a removed one is nowhere, and comes back while its purge has not run", async () => {
      const synonym = await add("PTO");

      await store.synonyms.remove(tenantId, synonym.id, NOW, purgeOf(synonym));

      expect(await store.synonyms.all(tenantId)).toEqual([]);
      expect(await rejection(store.synonyms.get(tenantId, synonym.id))).toMatchObject({ code: "NOT_FOUND" });
      expect(await store.synonyms.restore(tenantId, synonym.id, NOW)).toEqual(synonym);
      await store.synonyms.remove(tenantId, synonym.id, NOW, purgeOf(synonym));
      await store.synonyms.purge(tenantId, synonym.id);
      expect(await rejection(store.synonyms.restore(tenantId, synonym.id, NOW))).toMatchObject({
        code: "NOT_FOUND",
      });
    });

    test("a removed one that was added again meanwhile does not come back beside it", async () => {
      const synonym = await add("PTO");
      await store.synonyms.remove(tenantId, synonym.id, NOW, purgeOf(synonym));
      await add("pto");

      expect(await rejection(store.synonyms.restore(tenantId, synonym.id, NOW))).toMatchObject({
        code: "CONFLICT",
      });
      expect(await store.synonyms.count(tenantId)).toBe(1);
    });

    test("purging leaves what was not removed", async () => {
      const synonym = await add("PTO");
      await store.synonyms.purge(tenantId, synonym.id);
      expect(await store.synonyms.count(tenantId)).toBe(1);
    });

    test("another tenant's are not read, found, changed or removed", async () => {
      const synonym = await add("PTO");

      expect(await store.synonyms.all(otherTenant)).toEqual([]);
      expect((await store.synonyms.list(otherTenant, {}, FIRST_PAGE)).items).toEqual([]);
      expect(await rejection(store.synonyms.get(otherTenant, synonym.id))).toMatchObject({
        code: "NOT_FOUND",
      });
      expect(
        await rejection(store.synonyms.remove(otherTenant, synonym.id, NOW, purgeOf(synonym))),
      ).toMatchObject({ code: "NOT_FOUND" });
      await add("PTO", { tenantId: otherTenant });
      expect(await store.synonyms.all(tenantId)).toEqual([synonym]);
    });
  });
}
