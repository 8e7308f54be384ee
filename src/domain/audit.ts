import type { TenantId, UnixMs } from "./ids.ts";

/** One line of the append-only audit log. `changes` is redacted by whoever writes it. */
export type AuditEntry = {
  at: UnixMs;
  tenantId: TenantId | null;
  /** User id, "visitor", "system" or "anonymous". */
  actor: string;
  address: string | null;
  requestId: string | null;
  /** noun.verb, e.g. `source.remove`, `sign-in.failed`. */
  action: string;
  target: string | null;
  changes: Record<string, unknown> | null;
};
