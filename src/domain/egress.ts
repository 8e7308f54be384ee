import type { TenantId, UnixMs } from "./ids.ts";

/** A destination that Parley called, or was refused to call, for one feature of one tenant. */
export type EgressUse = {
  /** `host:port`, as it was entered. */
  destination: string;
  /** Which feature: a purpose of src/egress/policy.ts, of this Parley or a newer one. */
  purpose: string;
  /** Null for the whole installation. */
  tenantId: TenantId | null;
  outcome: "allowed" | "refused";
  calls: number;
  /** Of bodies. Drivers of databases have connections of their own, whose bytes are not counted. */
  sentBytes: number;
  receivedBytes: number;
  firstAt: UnixMs;
  lastAt: UnixMs;
};

/** Anybody who may enter addresses can have any number of them refused; the latest are kept. */
export const EGRESS_REFUSED_KEPT = 2_000;
