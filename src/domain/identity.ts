/** Who a visitor is, as the page that embeds the chat vouches for it. */
import type { IdentitySecretId, TenantId, UnixMs } from "./ids.ts";

/** What a tenant's pages sign with. Its UTF-8 bytes are the key of HS256. */
export type IdentitySecret = {
  id: IdentitySecretId;
  tenantId: TenantId;
  /** Null when the master key does not open it: no token is then believed. */
  secret: string | null;
  createdAt: UnixMs;
  /** Null for the present one. */
  validUntil: UnixMs | null;
  /** When a token was last believed for it, to the hour; null for never. */
  lastUsedAt: UnixMs | null;
};

/** The claims of a token whose signature is right; their values are nobody's word yet. */
export type IdentityClaims = Readonly<Record<string, unknown>>;
