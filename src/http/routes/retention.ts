import { retentionSchema } from "../../protocol/admin-api/retention.ts";
import { getRetention, setRetention } from "../../services/inbox/retention.ts";
import { endpoint } from "../endpoint.ts";

export const retention = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/retention",
      need: { role: "viewer" },
      summary: "How many days conversations, and how answers came about, are kept",
      answer: retentionSchema,
    },
    (deps, { tenantId }) => getRetention(deps, tenantId),
  ),

  endpoint(
    {
      method: "PUT",
      path: "/api/admin/retention",
      need: { role: "admin" },
      summary: "Set it; what is older is deleted for good from now on, but for what is under legal hold",
      body: retentionSchema,
      answer: retentionSchema,
    },
    (deps, { tenantId, body }) => setRetention(deps, tenantId, body),
  ),
];
