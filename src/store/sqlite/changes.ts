import type { TenantId } from "../../domain/ids.ts";

/** Tells who keeps copies in memory what changed. Does not wait; answers are right without it, only slower. */
export type Changes = {
  /** Chunks of the tenant became visible, or have other terms. */
  terms(tenantId: TenantId): void;
  /** Vectors were written or removed, or another index is in use. */
  vectors(): void;
};

/** For a connection that changes nothing. */
export const NO_CHANGES: Changes = { terms() {}, vectors() {} };
