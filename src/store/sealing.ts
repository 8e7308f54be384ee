/**
 * Secrets around any store: they are sealed on the way in and opened on the way out, in the main thread, so that no
 * engine, thread or file ever holds one.
 */

import type { Connection } from "../domain/connection.ts";
import type { Credential } from "../domain/credential.ts";
import { type EmbeddingIndex, isLocal } from "../domain/embedding.ts";
import type { IdentitySecret } from "../domain/identity.ts";
import type { EmbeddingIndexId, LlmConfigId, TenantId } from "../domain/ids.ts";
import type { LlmConfig } from "../domain/llm.ts";
import type { SecretPlace, Secrets, StoredKey } from "../domain/secret.ts";
import { AppError } from "../errors.ts";
import type { Store } from "./store.ts";

/** The store that callers see, over one that takes and gives what is sealed. */
export function sealedStore(store: Store, secrets: Secrets): Store {
  const { instance, tenants, llmConfigs, embeddingIndexes, credentials, connections, identitySecrets } =
    store;
  const sealed = (tenantId: TenantId, llm: LlmConfig): LlmConfig => sealedLlm(secrets, tenantId, llm);
  const opened = (index: EmbeddingIndex): EmbeddingIndex => openedIndex(secrets, index);
  const openedOne = (connection: Connection): Connection => openedConnection(secrets, connection);
  return {
    ...store,
    instance: {
      ...instance,
      initialise: async (first) =>
        await instance.initialise({ ...first, llm: sealed(first.tenant.id, first.llm) }),
    },
    tenants: {
      ...tenants,
      create: async (tenant, owner, widget, llm) =>
        await tenants.create(tenant, owner, widget, sealed(tenant.id, llm)),
    },
    llmConfigs: {
      ...llmConfigs,
      getDefault: async (tenantId) => openedLlm(secrets, await llmConfigs.getDefault(tenantId)),
      replaceDefault: async (tenantId, llm) =>
        await llmConfigs.replaceDefault(tenantId, sealed(tenantId, llm)),
      all: async (tenantId) => (await llmConfigs.all(tenantId)).map((llm) => openedLlm(secrets, llm)),
      chain: async (tenantId) => (await llmConfigs.chain(tenantId)).map((llm) => openedLlm(secrets, llm)),
      get: async (...key) => openedLlm(secrets, await llmConfigs.get(...key)),
      create: async (llm, limit) => await llmConfigs.create(sealed(llm.tenantId, llm), limit),
      update: async (llm) => await llmConfigs.update(sealed(llm.tenantId, llm)),
      restore: async (...key) => openedLlm(secrets, await llmConfigs.restore(...key)),
    },
    credentials: {
      ...credentials,
      create: async (credential, limit) =>
        await credentials.create(sealedCredential(secrets, credential), limit),
      get: async (...key) => openedCredential(secrets, await credentials.get(...key)),
      async list(...request) {
        const { items, nextCursor } = await credentials.list(...request);
        return { items: items.map((each) => openedCredential(secrets, each)), nextCursor };
      },
      update: async (credential) => await credentials.update(sealedCredential(secrets, credential)),
      restore: async (...key) => openedCredential(secrets, await credentials.restore(...key)),
    },
    embeddingIndexes: {
      ...embeddingIndexes,
      list: async () => (await embeddingIndexes.list()).map(opened),
      get: async (indexId) => opened(await embeddingIndexes.get(indexId)),
      async findActive() {
        const index = await embeddingIndexes.findActive();
        return index && opened(index);
      },
      create: async (index, ...jobs) => await embeddingIndexes.create(sealedIndex(secrets, index), ...jobs),
      replaceKey: async (indexId, apiKey) =>
        await embeddingIndexes.replaceKey(indexId, apiKey && secrets.seal(placeOfIndex(indexId), apiKey)),
    },
    identitySecrets: {
      ...identitySecrets,
      list: async (tenantId) =>
        (await identitySecrets.list(tenantId)).map((each) => openedIdentity(secrets, each)),
      replace: async (tenantId, next, ...rest) =>
        await identitySecrets.replace(tenantId, next && sealedIdentity(secrets, next), ...rest),
    },
    connections: {
      ...connections,
      create: async (connection, limit) =>
        await connections.create(sealedConnection(secrets, connection), limit),
      get: async (tenantId, connectionId) => openedOne(await connections.get(tenantId, connectionId)),
      async list(tenantId, page) {
        const { items, nextCursor } = await connections.list(tenantId, page);
        return { items: items.map(openedOne), nextCursor };
      },
      all: async () => (await connections.all()).map(openedOne),
      update: async (connection) => await connections.update(sealedConnection(secrets, connection)),
      restore: async (tenantId, connectionId, now) =>
        openedOne(await connections.restore(tenantId, connectionId, now)),
    },
  };
}

function sealedIdentity(secrets: Secrets, each: IdentitySecret): IdentitySecret {
  return { ...each, secret: each.secret && secrets.seal(placeOfIdentity(each), each.secret) };
}

/** One that does not open proves nothing to anybody, so no token is believed by it. */
function openedIdentity(secrets: Secrets, each: IdentitySecret): IdentitySecret {
  return { ...each, secret: openedKey(secrets, placeOfIdentity(each), each.secret).apiKey };
}

function placeOfIdentity({ tenantId, id }: IdentitySecret): SecretPlace {
  return { tenantId, table: "identity_secrets", column: "secret", rowId: id };
}

function sealedLlm(secrets: Secrets, tenantId: TenantId, llm: LlmConfig): LlmConfig {
  const headers = Object.entries(llm.headers).map(([name, value]) => {
    return [name, secrets.seal(placeOfHeader(tenantId, llm.id, name), value)];
  });
  const apiKey = llm.apiKey && secrets.seal(placeOfLlm(tenantId, llm.id), llm.apiKey);
  return { ...llm, apiKey, headers: Object.fromEntries(headers) };
}

/** A header that does not open is a key that is lost: without it the server would be called as somebody else. */
function openedLlm(secrets: Secrets, llm: LlmConfig): LlmConfig {
  const { tenantId, id } = llm;
  const key = openedKey(secrets, placeOfLlm(tenantId, id), llm.apiKey);
  const opened = Object.entries(llm.headers).map(([name, value]) => {
    return [name, openedKey(secrets, placeOfHeader(tenantId, id, name), value).apiKey] as const;
  });
  const headers = Object.fromEntries(opened.map(([name, value]) => [name, value ?? ""]));
  const isLost = opened.some(([, value]) => value === null);
  return { ...llm, ...key, headers, ...(isLost && { apiKey: null, keyLost: true as const }) };
}

/** A key that does not open is told as lost: whoever would use it refuses, and everything else goes on. */
function openedKey(secrets: Secrets, place: SecretPlace, sealed: string | null): StoredKey {
  if (sealed === null) return { apiKey: null };
  try {
    return { apiKey: secrets.open(place, sealed) };
  } catch (thrown) {
    if (thrown instanceof AppError) return { apiKey: null, keyLost: true };
    throw thrown;
  }
}

function sealedIndex(secrets: Secrets, index: EmbeddingIndex): EmbeddingIndex {
  const { id, model } = index;
  if (isLocal(model) || model.apiKey === null) return index;
  return { ...index, model: { ...model, apiKey: secrets.seal(placeOfIndex(id), model.apiKey) } };
}

function openedIndex(secrets: Secrets, index: EmbeddingIndex): EmbeddingIndex {
  const { id, model } = index;
  if (isLocal(model)) return index;
  return { ...index, model: { ...model, ...openedKey(secrets, placeOfIndex(id), model.apiKey) } };
}

function sealedCredential(secrets: Secrets, credential: Credential): Credential {
  const { secret } = credential;
  return { ...credential, secret: secret && secrets.seal(placeOfCredential(credential), secret) };
}

function openedCredential(secrets: Secrets, credential: Credential): Credential {
  const { apiKey, keyLost } = openedKey(secrets, placeOfCredential(credential), credential.secret);
  return { ...credential, secret: apiKey, keyLost };
}

function placeOfCredential({ tenantId, id }: Credential): SecretPlace {
  return { tenantId, table: "credentials", column: "secret", rowId: id };
}

function sealedConnection(secrets: Secrets, connection: Connection): Connection {
  const { password } = connection;
  return { ...connection, password: password && secrets.seal(placeOfConnection(connection), password) };
}

function openedConnection(secrets: Secrets, connection: Connection): Connection {
  const { apiKey, keyLost } = openedKey(secrets, placeOfConnection(connection), connection.password);
  return { ...connection, password: apiKey, ...(keyLost && { keyLost }) };
}

function placeOfConnection({ tenantId, id }: Connection): SecretPlace {
  return { tenantId, table: "db_connections", column: "password", rowId: id };
}

function placeOfLlm(tenantId: TenantId, rowId: LlmConfigId): SecretPlace {
  return { tenantId, table: "llm_configs", column: "api_key", rowId };
}

function placeOfHeader(tenantId: TenantId, rowId: LlmConfigId, name: string): SecretPlace {
  return { tenantId, table: "llm_configs", column: `headers.${name}`, rowId };
}

function placeOfIndex(rowId: EmbeddingIndexId): SecretPlace {
  return { tenantId: null, table: "embedding_indexes", column: "api_key", rowId };
}

const KEY_CHECK_PLACE: SecretPlace = {
  tenantId: null,
  table: "instance",
  column: "value",
  rowId: "key-check",
};
const KNOWN_TEXT = "parley";

/**
 * Whether the key in use is the one that the store's secrets were sealed with.
 *
 * @param kept what an earlier start has left, null at the first one
 * @returns what is to be kept for the next start; null when that is there already
 * @throws KEY_INVALID
 */
export function checkKey(secrets: Secrets, kept: string | null): string | null {
  if (kept === null) return secrets.seal(KEY_CHECK_PLACE, KNOWN_TEXT);
  try {
    secrets.open(KEY_CHECK_PLACE, kept);
    return null;
  } catch (thrown) {
    const message =
      "The master key is not the one this database was made with. Put back the right secret.key (or PARLEY_SECRET_KEY). Nothing was changed.";
    throw new AppError("KEY_INVALID", message, { cause: thrown });
  }
}
