import { usageQuery, usageSchema } from "../../protocol/admin-api/usage.ts";
import { readUsage, usageAsCsv } from "../../services/insight/usage.ts";
import { endpoint } from "../endpoint.ts";

export const usage = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/usage",
      need: { role: "viewer" },
      summary: "Tokens and cost of answers, by day, provider or model; with format=csv as a table",
      query: usageQuery,
      answer: usageSchema,
    },
    async (deps, { c, tenantId, query: { from, to, by, format } }) => {
      const items = await readUsage(deps, tenantId, by, { from, to });
      if (format === "json") return { items };
      c.header("Content-Type", "text/csv; charset=utf-8");
      c.header("Content-Disposition", `attachment; filename="usage-by-${by}.csv"`);
      return c.body(usageAsCsv(items));
    },
  ),
];
