import type { EgressUse } from "../../domain/egress.ts";
import {
  egressSchema,
  egressUsePageSchema,
  listEgressUsesSchema,
  replaceEgressSchema,
} from "../../protocol/admin-api/egress.ts";
import { egressOverview, egressUses, keepAllowed } from "../../services/operations/egress.ts";
import { endpoint } from "../endpoint.ts";
import type { HttpDeps } from "../env.ts";
import { toIso } from "../views.ts";

/** Of the whole installation, so for operators only. */
export const egress = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/egress",
      need: "operator",
      summary: "What Parley may call: the entries of the settings, and those kept beside them",
      answer: egressSchema,
    },
    (deps) => egressView(deps),
  ),

  endpoint(
    {
      method: "PUT",
      path: "/api/admin/egress",
      need: "operator",
      summary: "Keep these entries beside those of the settings; they count from the next call on",
      body: replaceEgressSchema,
      answer: egressSchema,
    },
    async (deps, { body }) => {
      await keepAllowed(deps, body.allow);
      return egressView(deps);
    },
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/egress/ledger",
      need: "operator",
      summary:
        "Where Parley has called or was refused to: destination, feature, tenant, count and bytes, latest first",
      query: listEgressUsesSchema,
      answer: egressUsePageSchema,
    },
    async (deps, { query: { cursor = null, limit } }) => {
      const { items, nextCursor } = await egressUses(deps, { cursor, limit });
      return { items: items.map(useView), nextCursor };
    },
  ),
];

/** Whose bytes are not seen. */
const UNCOUNTED = "database";

function useView({
  tenantId,
  sentBytes,
  receivedBytes,
  firstAt,
  lastAt,
  ...use
}: EgressUse & { tenantName: string | null }) {
  const isCounted = use.purpose !== UNCOUNTED;
  return {
    ...use,
    tenant: tenantId,
    sentBytes: isCounted ? sentBytes : null,
    receivedBytes: isCounted ? receivedBytes : null,
    firstAt: toIso(firstAt),
    lastAt: toIso(lastAt),
  };
}

function egressView(deps: HttpDeps) {
  const { allow, fromSettings, ...modes } = egressOverview(deps);
  return { ...modes, allow: [...allow], fromSettings: [...fromSettings] };
}
