import type { ApiKeyView } from "../../src/protocol/admin-api/api-keys.ts";
import { getJson, sendJson } from "./client.ts";

const KEYS = "/api/admin/api-keys";

export type NewApiKey = { name: string; scopes: ApiKeyView["scopes"]; expiresAt: string | null };
/** With the key itself, this once. */
export type CreatedApiKey = ApiKeyView & { key: string };

export const listApiKeys = (signal?: AbortSignal) =>
  getJson<{ items: ApiKeyView[] }>(KEYS, signal ? { signal } : {});
export const createApiKey = (wanted: NewApiKey) => sendJson<CreatedApiKey>("POST", KEYS, wanted);
export const revokeApiKey = (id: string) => sendJson<void>("DELETE", `${KEYS}/${id}`);
