/** What every storage engine promises about keeping its indexes what the passages say. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { newId, type TenantId } from "../../src/domain/ids.ts";
import type { Store } from "../../src/store/store.ts";
import { aFirstAdmin, aJob, anLlmConfig, aTenant, aWidget, NOW } from "./builders.ts";
import { FORMER, indexUpkeep, LATER } from "./index-upkeep.ts";
import { rejection } from "./rejection.ts";
import type { StoreUnderTest } from "./store-contract.ts";

export function indexUpkeepContract(engine: string, makeDatabase: () => Promise<StoreUnderTest>): void {
  let store: Store;
  let tenantId: TenantId;
  let otherTenant: TenantId;
  const { addSource, makeAnew, found, anIndex } = indexUpkeep(() => store);

  describe(`${engine} keeps the contract of index upkeep`, () => {
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

    describe("terms of an older analysis", () => {
      test("are known by their tenants, and those of this one are none", async () => {
        await addSource(tenantId, ["one", "two"]);
        await addSource(tenantId, ["three"], LATER);
        await addSource(otherTenant, ["other"], LATER);

        expect(await store.indexUpkeep.outdatedTenants(LATER)).toEqual([tenantId]);
        expect(await store.indexUpkeep.outdatedCount(tenantId, LATER)).toEqual({ chunks: 3, outdated: 2 });
        expect(await store.indexUpkeep.outdatedCount(otherTenant, LATER)).toEqual({ chunks: 1, outdated: 0 });
        // Going back to an older binary is a change of the analysis, too.
        expect(await store.indexUpkeep.outdatedTenants(FORMER)).toEqual([tenantId, otherTenant]);
      });

      test("are replaced in place: same passages, same ids, found by the new terms and no longer by the old", async () => {
        const { id, chunks } = await addSource(tenantId, ["leave", "meals"]);

        expect(await makeAnew(tenantId, 10)).toBe(2);

        expect(await found(tenantId, "anew")).toEqual(["leave", "meals"]);
        expect(await found(tenantId, "leave")).toEqual(["leave"]);
        const { items } = await store.chunks.list(tenantId, id, {}, { cursor: null, limit: 10 });
        expect(items.map((chunk) => chunk.id)).toEqual(chunks.map((chunk) => chunk.id));
        expect(await store.chunks.languages(tenantId)).toEqual(["deu"]);
        expect(await makeAnew(tenantId, 10)).toBe(0);
        expect(await store.indexUpkeep.outdatedTenants(LATER)).toEqual([]);
        await store.indexUpkeep.checkLexical();
      });

      test("that a third analysis meets half replaced are all replaced", async () => {
        await addSource(tenantId, ["first", "second"]);
        await makeAnew(tenantId, 1);

        expect(await store.indexUpkeep.outdatedChunks(tenantId, LATER + 1, 10)).toHaveLength(2);
      });

      test("of removed sources are left in peace, and of restored ones are not forgotten", async () => {
        const { id } = await addSource(tenantId, ["leave"]);
        const purge = aJob({ tenantId, kind: "purge-source", subject: id, runAt: NOW + 30_000 });
        await store.sources.remove(tenantId, id, NOW, purge);
        await makeAnew(tenantId, 10);
        await store.sources.restore(tenantId, id, NOW);

        expect(await found(tenantId, "anew")).toEqual(["leave"]);
        await store.sources.remove(tenantId, id, NOW, aJob({ tenantId, kind: "purge-source", subject: id }));
        const chunks = await store.indexUpkeep.outdatedChunks(tenantId, LATER + 1, 10);
        await store.sources.purge(tenantId, id);
        await store.indexUpkeep.replaceTerms(
          tenantId,
          LATER + 1,
          chunks.map(({ chunk }) => ({
            chunk,
            language: "und",
            titleTerms: "",
            headingTerms: "",
            contentTerms: "x",
          })),
        );
        await store.indexUpkeep.checkLexical();
      });

      test("are no other tenant's to replace", async () => {
        const { chunks } = await addSource(tenantId, ["leave"]);
        const [first] = chunks;
        const terms = { language: "und", titleTerms: "", headingTerms: "", contentTerms: "stolen" };

        await store.indexUpkeep.replaceTerms(otherTenant, LATER, [
          { chunk: first?.id ?? newId("chunk"), ...terms },
        ]);

        expect(await found(tenantId, "leave")).toEqual(["leave"]);
        expect(await found(tenantId, "stolen")).toEqual([]);
      });
    });

    describe("a rebuild", () => {
      test("asks for all terms anew, goes on with what is left, and asks again once all is done", async () => {
        await addSource(tenantId, ["one", "two"], LATER);
        await addSource(otherTenant, ["other"], LATER);

        await store.indexUpkeep.outdate(null);
        expect(await store.indexUpkeep.outdatedTenants(LATER)).toEqual([tenantId, otherTenant]);
        await makeAnew(tenantId, 1);
        await store.indexUpkeep.outdate(null);
        expect(await store.indexUpkeep.outdatedCount(tenantId, LATER)).toEqual({ chunks: 2, outdated: 1 });

        for (const tenant of [tenantId, otherTenant]) await makeAnew(tenant, 10);
        await store.indexUpkeep.checkLexical();
        await store.indexUpkeep.outdate(null);
        expect(await store.indexUpkeep.outdatedCount(tenantId, LATER)).toEqual({ chunks: 2, outdated: 2 });
      });

      test("of one tenant leaves the others alone, and does not pass for one of everybody", async () => {
        await addSource(tenantId, ["one"], LATER);
        await addSource(otherTenant, ["other"], LATER);

        await store.indexUpkeep.outdate(tenantId);

        expect(await store.indexUpkeep.outdatedTenants(LATER)).toEqual([tenantId]);
        expect(await found(otherTenant, "other")).toEqual(["other"]);
        await store.indexUpkeep.outdate(null);
        expect(await store.indexUpkeep.outdatedTenants(LATER)).toEqual([tenantId, otherTenant]);
      });

      test("forgets the vectors of one tenant or of all, which then lack them", async () => {
        const index = await anIndex();
        await addSource(tenantId, ["one", "two"], FORMER, index);
        await addSource(otherTenant, ["other"], FORMER, index);
        const lacking = async () =>
          (await store.embeddingIndexes.chunksWithoutVector(index, null, 10)).items.map(
            ({ content }) => content,
          );

        expect(await store.indexUpkeep.forgetVectors(tenantId)).toBe(2);
        expect(await lacking()).toEqual(["two", "one"]);
        expect(await store.indexUpkeep.forgetVectors(null)).toBe(1);
        expect(await lacking()).toEqual(["other", "two", "one"]);
        await addSource(tenantId, ["three"], FORMER, index);
        expect(await store.embeddingIndexes.coverage(index)).toMatchObject({ embedded: 1 });
      });
    });

    test("scrubbing ends with the signal's reason, and loses nothing", async () => {
      const { id } = await addSource(tenantId, ["leave"]);
      await addSource(tenantId, ["meals"]);
      await store.sources.remove(tenantId, id, NOW, aJob({ tenantId, kind: "purge-source", subject: id }));
      await store.sources.purge(tenantId, id);
      const reason = new Error("Parley stops");

      expect(await rejection(store.indexUpkeep.scrub(AbortSignal.abort(reason)))).toBe(reason);
      const controller = new AbortController();
      const scrubbing = rejection(store.indexUpkeep.scrub(controller.signal));
      controller.abort(reason);
      expect(await scrubbing).toBe(reason);
      await store.indexUpkeep.scrub(new AbortController().signal);

      expect(await found(tenantId, "meals")).toEqual(["meals"]);
      await store.indexUpkeep.checkLexical();
    });
  });
}
