/** Keys of programs: made, shown once, looked up by their hash, revoked at once. */
import type { Deps } from "../../deps.ts";
import type { ApiKey, ApiScope } from "../../domain/api-key.ts";
import { type ApiKeyId, newId, type TenantId } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";

export type ApiKeyDeps = Pick<Deps, "store" | "tokens" | "now">;

export const API_KEY_PREFIX = "prl_";
const MOST_KEYS = 100;
/** When it was last used is written down this often, or each call would be a commit. */
const TOUCH_EVERY_MS = 3_600_000;

export async function createApiKey(
  deps: ApiKeyDeps,
  tenantId: TenantId,
  wanted: { name: string; scopes: ApiScope[]; expiresAt: number | null },
): Promise<{ apiKey: ApiKey; key: string }> {
  const now = deps.now();
  if (wanted.expiresAt !== null && wanted.expiresAt <= now)
    throw new AppError("VALIDATION", "A key has to expire later than now.", {
      details: { fields: { expiresAt: "Choose a time that is still to come." } },
    });
  const key = deps.tokens.random(API_KEY_PREFIX);
  const apiKey: ApiKey = {
    ...{ id: newId("api-key"), tenantId, ...wanted, last4: key.slice(-4) },
    ...{ createdAt: now, lastUsedAt: null },
  };
  await deps.store.apiKeys.create(apiKey, deps.tokens.hash(key), MOST_KEYS);
  return { apiKey, key };
}

export async function listApiKeys({ store }: Pick<Deps, "store">, tenantId: TenantId): Promise<ApiKey[]> {
  return store.apiKeys.list(tenantId);
}

export async function revokeApiKey(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
  keyId: ApiKeyId,
): Promise<void> {
  await store.apiKeys.remove(tenantId, keyId);
}

/**
 * Whose key a call brings.
 *
 * @throws AppError UNAUTHENTICATED for none, an unknown one and one that is over · SCOPE for one that opens other things
 */
export async function authenticateApiKey(
  deps: ApiKeyDeps,
  key: string | null,
  scope: ApiScope,
): Promise<ApiKey> {
  const found = key?.startsWith(API_KEY_PREFIX)
    ? await deps.store.apiKeys.findByHash(deps.tokens.hash(key))
    : null;
  const now = deps.now();
  if (found === null || (found.expiresAt !== null && found.expiresAt <= now))
    throw new AppError("UNAUTHENTICATED", "Send a valid API key as Authorization: Bearer prl_….");
  if (!found.scopes.includes(scope))
    throw new AppError("SCOPE", `This API key does not open this. Make one with the scope “${scope}”.`);
  if (now - (found.lastUsedAt ?? 0) > TOUCH_EVERY_MS) await deps.store.apiKeys.touch(found.id, now);
  return found;
}
