import type { TenantId, UnixMs, UserId } from "./ids.ts";

/** A person in the backoffice. Visitors are not users. */
export type User = {
  id: UserId;
  /** Lower-cased, unique. */
  email: string;
  name: string;
  /** May change what concerns the whole instance: egress, tenants, users. */
  operator: boolean;
  disabled: boolean;
  createdAt: UnixMs;
};

export type Role = "owner" | "admin" | "agent" | "viewer";

export type Membership = { tenantId: TenantId; tenantName: string; tenantSlug: string; role: Role };

/** One sign-in of a user. The token in the cookie carries the id; the row is what makes revoking instant. */
export type AdminSession = {
  /** SHA-256, hex, of the token's `jti`. */
  idHash: string;
  userId: UserId;
  createdAt: UnixMs;
  lastSeenAt: UnixMs;
  expiresAt: UnixMs;
};

const RANK: Record<Role, number> = { viewer: 0, agent: 1, admin: 2, owner: 3 };

/** Whether `role` includes everything that `needed` may do. */
export function hasRole(role: Role, needed: Role): boolean {
  return RANK[role] >= RANK[needed];
}
