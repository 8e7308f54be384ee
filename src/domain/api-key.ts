import type { ApiKeyId, TenantId, UnixMs } from "./ids.ts";

/** What a key opens: Parley as an MCP server, or as an OpenAI-compatible model. */
export const API_SCOPES = ["mcp", "chat"] as const;
export type ApiScope = (typeof API_SCOPES)[number];

/** A program's leave to call for a tenant. The key itself is shown once and kept nowhere. */
export type ApiKey = {
  id: ApiKeyId;
  tenantId: TenantId;
  name: string;
  scopes: ApiScope[];
  last4: string;
  createdAt: UnixMs;
  /** Null for never. */
  expiresAt: UnixMs | null;
  /** To the hour; null when it was never used. */
  lastUsedAt: UnixMs | null;
};
