import type { ApiKey } from "../../domain/api-key.ts";
import {
  type ApiKeyView,
  apiKeyListSchema,
  createApiKeySchema,
  createdApiKeySchema,
} from "../../protocol/admin-api/api-keys.ts";
import { createApiKey, listApiKeys, revokeApiKey } from "../../services/access/api-keys.ts";
import { endpoint } from "../endpoint.ts";
import { toIso } from "../views.ts";

export const apiKeys = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/api-keys",
      need: { role: "viewer" },
      summary: "Keys of programs, newest first",
      answer: apiKeyListSchema,
    },
    async (deps, { tenantId }) => ({
      items: (await listApiKeys(deps, tenantId)).map(apiKeyView),
      nextCursor: null,
    }),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/api-keys",
      need: { role: "admin" },
      summary: "Make a key for a program; it is shown this once",
      body: createApiKeySchema,
      status: 201,
      answer: createdApiKeySchema,
    },
    async (deps, { tenantId, body: { name, scopes, expiresAt } }) => {
      const wanted = {
        name,
        scopes: [...new Set(scopes)],
        expiresAt: expiresAt ? Date.parse(expiresAt) : null,
      };
      const { apiKey, key } = await createApiKey(deps, tenantId, wanted);
      return { ...apiKeyView(apiKey), key };
    },
  ),

  endpoint(
    {
      method: "DELETE",
      path: "/api/admin/api-keys/:id",
      need: { role: "admin" },
      summary: "Revoke a key, at once and for good",
      params: { id: "api-key" },
      status: 204,
    },
    async (deps, { tenantId, params }) => revokeApiKey(deps, tenantId, params.id),
  ),
];

function apiKeyView({ id, name, scopes, last4, createdAt, expiresAt, lastUsedAt }: ApiKey): ApiKeyView {
  const orNull = (at: number | null) => (at === null ? null : toIso(at));
  return {
    ...{ id, name, scopes, last4, createdAt: toIso(createdAt) },
    ...{ expiresAt: orNull(expiresAt), lastUsedAt: orNull(lastUsedAt) },
  };
}
