/** What every storage engine promises about the secrets of visitors' identities and the keys of programs. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { ApiKey } from "../../src/domain/api-key.ts";
import type { IdentitySecret } from "../../src/domain/identity.ts";
import { newId, type TenantId } from "../../src/domain/ids.ts";
import { toAppError } from "../../src/errors.ts";
import type { Store } from "../../src/store/store.ts";
import { aFirstAdmin, NOW } from "./builders.ts";
import { rejection } from "./rejection.ts";
import type { StoreUnderTest } from "./store-contract.ts";

export function identityContract(engine: string, makeDatabase: () => Promise<StoreUnderTest>): void {
  describe(`${engine} keeps the contract of identity secrets and API keys`, () => {
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
      ...{
        id: newId("identity-secret"),
        tenantId,
        secret,
        createdAt: NOW,
        validUntil: null,
        lastUsedAt: null,
      },
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

    test("each says when it was last believed", async () => {
      const [first, second] = [aSecret("first"), aSecret("second")];
      await store.identitySecrets.replace(tenantId, first, NOW, NOW + 100);
      await store.identitySecrets.replace(tenantId, second, NOW, NOW + 100);
      await store.identitySecrets.touch(tenantId, first.id, NOW + 5);
      await store.identitySecrets.touch(newId("tenant"), second.id, NOW + 5);

      const used = (await store.identitySecrets.list(tenantId)).map(({ lastUsedAt }) => lastUsedAt);
      expect(used).toEqual([null, NOW + 5]);
    });

    test("keys of programs are found by their hash alone, up to a limit, and go at once", async () => {
      const aKey = (name: string): ApiKey => ({
        ...{ id: newId("api-key"), tenantId, name, scopes: ["mcp"], last4: "1234", createdAt: NOW },
        ...{ expiresAt: null, lastUsedAt: null },
      });
      const [first, second] = [aKey("first"), aKey("second")];
      await store.apiKeys.create(first, "hash-1", 2);
      await store.apiKeys.create(second, "hash-2", 2);
      expect(toAppError(await rejection(store.apiKeys.create(aKey("third"), "hash-3", 2))).code).toBe(
        "RESOURCE_LIMIT",
      );

      expect((await store.apiKeys.list(tenantId)).map(({ name }) => name)).toEqual(["second", "first"]);
      expect(await store.apiKeys.findByHash("hash-1")).toEqual(first);
      expect(await store.apiKeys.findByHash("hash-3")).toBeNull();
      await store.apiKeys.touch(first.id, NOW + 1);
      expect((await store.apiKeys.findByHash("hash-1"))?.lastUsedAt).toBe(NOW + 1);

      expect(toAppError(await rejection(store.apiKeys.remove(newId("tenant"), first.id))).code).toBe(
        "NOT_FOUND",
      );
      await store.apiKeys.remove(tenantId, first.id);
      expect(await store.apiKeys.findByHash("hash-1")).toBeNull();
    });

    test("is another tenant's never", async () => {
      await store.identitySecrets.replace(tenantId, aSecret("first"), NOW, null);
      expect(await store.identitySecrets.list(newId("tenant"))).toEqual([]);
    });
  });
}
