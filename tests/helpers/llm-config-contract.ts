/** What every storage engine promises about a tenant's language models. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { newId, type TenantId } from "../../src/domain/ids.ts";
import { type LlmConfig, PURGE_LLM_CONFIG } from "../../src/domain/llm.ts";
import type { Store } from "../../src/store/store.ts";
import { aFirstAdmin, aJob, anLlmConfig, aTenant, aWidget, NOW } from "./builders.ts";
import { rejection } from "./rejection.ts";
import type { StoreUnderTest } from "./store-contract.ts";

const MANY = 100;
const CAPABILITIES = {
  ...{ tools: true, images: false, reasoning: null, systemRole: true, streamingUsage: true },
};

export function llmConfigContract(engine: string, makeDatabase: () => Promise<StoreUnderTest>): void {
  describe(`${engine} keeps the contract of language models`, () => {
    let store: Store;
    let tenantId: TenantId;
    let otherTenant: TenantId;
    let first: LlmConfig;

    beforeEach(async () => {
      store = await (await makeDatabase()).open();
      const admin = aFirstAdmin();
      first = { ...admin.llm, systemPrompt: "Be brief." };
      await store.instance.initialise({ ...admin, llm: first });
      tenantId = admin.tenant.id;
      const other = aTenant();
      await store.tenants.create(other, admin.user.id, aWidget(), anLlmConfig({ tenantId: other.id }));
      otherTenant = other.id;
    });
    afterEach(() => store.close());

    async function add(name: string, changes: Partial<LlmConfig> = {}): Promise<LlmConfig> {
      const config = anLlmConfig({ tenantId, name, provider: "openai", model: "m", ...changes });
      await store.llmConfigs.create(config, MANY);
      return { ...config, systemPrompt: "Be brief." };
    }
    const purgeOf = ({ id }: LlmConfig) => aJob({ tenantId, kind: PURGE_LLM_CONFIG, subject: id });
    const namesOf = async (list: Promise<LlmConfig[]>) => (await list).map(({ name }) => name);
    const codeOf = async (work: Promise<unknown>) => (await rejection(work)) as { code: string };

    test("they come back as they were saved, secrets and all, with the tenant's system prompt", async () => {
      const config = await add("Backup", {
        ...{ apiKey: "sk-secret", headers: { "x-team": "blue", "x-token": "t0ken" }, ca: "PEM" },
        ...{ proxy: "http://proxy:3128", contextTokens: 8_000, inputPrice: 0.5, outputPrice: 1.25 },
        systemPrompt: "Somebody else's.",
      });

      expect(await store.llmConfigs.get(tenantId, config.id)).toEqual(config);
      expect(await store.llmConfigs.all(tenantId)).toEqual([first, config]);
      expect(await store.llmConfigs.getDefault(tenantId)).toEqual(first);
      expect(await codeOf(store.llmConfigs.get(otherTenant, config.id))).toMatchObject({ code: "NOT_FOUND" });
    });

    test("each has a name of its own, and there are only so many", async () => {
      const config = await add("Backup");

      expect(await codeOf(add("Backup"))).toMatchObject({ code: "CONFLICT" });
      expect(await codeOf(store.llmConfigs.update({ ...config, name: first.name }))).toMatchObject({
        code: "CONFLICT",
      });
      const third = anLlmConfig({ tenantId, name: "Third" });
      expect(await codeOf(store.llmConfigs.create(third, 2))).toMatchObject({ code: "RESOURCE_LIMIT" });
      await store.llmConfigs.create(anLlmConfig({ tenantId: otherTenant, name: "Backup" }), 2);
    });

    test("only those in the chain are asked, in its order, and the default before them", async () => {
      const [a, b, c] = [await add("A"), await add("B"), await add("C")];
      await store.llmConfigs.replaceChain(tenantId, [c.id, a.id]);

      expect(await namesOf(store.llmConfigs.chain(tenantId))).toEqual(["Default", "C", "A"]);
      expect(await namesOf(store.llmConfigs.all(tenantId))).toEqual(["Default", "C", "A", "B"]);
      await store.llmConfigs.update({ ...c, temperature: 1 });
      expect(await namesOf(store.llmConfigs.chain(tenantId))).toEqual(["Default", "C", "A"]);
      await store.llmConfigs.replaceChain(tenantId, [b.id]);
      expect(await namesOf(store.llmConfigs.chain(tenantId))).toEqual(["Default", "B"]);
    });

    test("a chain that names what there is not stays as it was", async () => {
      const a = await add("A");
      await store.llmConfigs.replaceChain(tenantId, [a.id]);
      const [foreign] = await store.llmConfigs.all(otherTenant);

      for (const id of [newId("llm-config"), foreign?.id ?? newId("llm-config")])
        expect(await codeOf(store.llmConfigs.replaceChain(tenantId, [id]))).toMatchObject({
          code: "NOT_FOUND",
        });
      expect(await codeOf(store.llmConfigs.replaceChain(tenantId, [first.id]))).toMatchObject({
        code: "CONFLICT",
      });
      expect(await namesOf(store.llmConfigs.chain(tenantId))).toEqual(["Default", "A"]);
    });

    test("another becomes the default with the tenant's prompt, and the one before it waits", async () => {
      const [a, b] = [await add("A"), await add("B")];
      await store.llmConfigs.replaceChain(tenantId, [a.id, b.id]);
      await store.llmConfigs.makeDefault(tenantId, b.id);

      expect(await store.llmConfigs.getDefault(tenantId)).toEqual(b);
      expect(await namesOf(store.llmConfigs.chain(tenantId))).toEqual(["B", "A"]);
      expect(await store.llmConfigs.get(tenantId, first.id)).toEqual(first);
      await store.llmConfigs.update({ ...b, systemPrompt: "Be exact." });
      expect((await store.llmConfigs.get(tenantId, a.id)).systemPrompt).toBe("Be exact.");
    });

    test("what is removed is asked no more, comes back into its place, and is gone once it is purged", async () => {
      const [a, b] = [await add("A"), await add("B")];
      await store.llmConfigs.replaceChain(tenantId, [a.id, b.id]);
      await store.llmConfigs.remove(tenantId, a.id, NOW, purgeOf(a));

      expect(await namesOf(store.llmConfigs.chain(tenantId))).toEqual(["Default", "B"]);
      expect(await codeOf(store.llmConfigs.get(tenantId, a.id))).toMatchObject({ code: "NOT_FOUND" });
      expect(await store.llmConfigs.restore(tenantId, a.id, NOW)).toEqual(a);
      expect(await namesOf(store.llmConfigs.chain(tenantId))).toEqual(["Default", "A", "B"]);

      await store.llmConfigs.remove(tenantId, b.id, NOW, purgeOf(b));
      await store.llmConfigs.purge(tenantId, b.id);
      expect(await codeOf(store.llmConfigs.restore(tenantId, b.id, NOW))).toMatchObject({
        code: "NOT_FOUND",
      });
      expect(await codeOf(store.llmConfigs.remove(tenantId, first.id, NOW, purgeOf(first)))).toMatchObject({
        code: "CONFLICT",
      });
    });

    test("what a test found out is kept, unless the settings are others by then", async () => {
      const a = await add("A");
      await store.llmConfigs.recordTest(tenantId, a.id, a.updatedAt - 1, CAPABILITIES, NOW);
      expect(await store.llmConfigs.get(tenantId, a.id)).toEqual(a);

      await store.llmConfigs.recordTest(tenantId, a.id, a.updatedAt, CAPABILITIES, NOW);
      expect(await store.llmConfigs.get(tenantId, a.id)).toEqual({
        ...a,
        ...{ capabilities: CAPABILITIES, testedAt: NOW },
      });
    });
  });
}
