/** What every storage engine promises about the secrets of visitors' identities. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { IdentitySecret } from "../../src/domain/identity.ts";
import { newId, type TenantId } from "../../src/domain/ids.ts";
import type { Store } from "../../src/store/store.ts";
import { aFirstAdmin, NOW } from "./builders.ts";
import type { StoreUnderTest } from "./store-contract.ts";

export function identityContract(engine: string, makeDatabase: () => Promise<StoreUnderTest>): void {
  describe(`${engine} keeps the contract of identity secrets`, () => {
    let store: Store;
    let tenantId: TenantId;

    beforeEach(async () => {
      store = await (await makeDatabase()).open();
      const first = aFirstAdmin();
      await store.instance.initialise(first);
      tenantId = first.tenant.id;
    });
    afterEach(() => store.close());

    const aSecret = (secret: string): IdentitySecret => ({
      ...{ id: newId("identity-secret"), tenantId, secret, createdAt: NOW, validUntil: null },
    });
    const kept = async () =>
      (await store.identitySecrets.list(tenantId)).map(({ secret, validUntil }) => [secret, validUntil]);

    test("the one before stays until then, and goes with the next change after that", async () => {
      const [first, second, third] = [aSecret("first"), aSecret("second"), aSecret("third")];
      await store.identitySecrets.replace(tenantId, first, NOW, NOW + 100);
      await store.identitySecrets.replace(tenantId, second, NOW, NOW + 100);
      expect(await kept()).toEqual([
        ["second", null],
        ["first", NOW + 100],
      ]);

      await store.identitySecrets.replace(tenantId, third, NOW + 100, NOW + 200);
      expect(await kept()).toEqual([
        ["third", null],
        ["second", NOW + 200],
      ]);
    });

    test("or goes at once, with all before it, with another in its place or none", async () => {
      await store.identitySecrets.replace(tenantId, aSecret("first"), NOW, NOW + 100);
      await store.identitySecrets.replace(tenantId, aSecret("second"), NOW, NOW + 100);
      await store.identitySecrets.replace(tenantId, aSecret("third"), NOW, null);
      expect(await kept()).toEqual([["third", null]]);

      await store.identitySecrets.replace(tenantId, null, NOW, null);
      expect(await kept()).toEqual([]);
    });

    test("is another tenant's never", async () => {
      await store.identitySecrets.replace(tenantId, aSecret("first"), NOW, null);
      expect(await store.identitySecrets.list(newId("tenant"))).toEqual([]);
    });
  });
}
