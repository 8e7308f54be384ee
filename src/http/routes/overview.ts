import { dashboardSchema } from "../../protocol/admin-api/dashboard.ts";
import { jobListSchema } from "../../protocol/admin-api/knowledge.ts";
import { readDashboard } from "../../services/insight/dashboard.ts";
import { listActiveJobs } from "../../services/jobs/list.ts";
import { endpoint } from "../endpoint.ts";
import { dashboardView, jobView } from "../views.ts";

export const overview = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/dashboard",
      need: { role: "viewer" },
      summary: "The checklist of Home and the last seven days",
      answer: dashboardSchema,
    },
    async (deps, { tenantId }) => dashboardView(await readDashboard(deps, tenantId)),
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/jobs",
      need: { role: "viewer" },
      summary: "Background work that waits or runs and people wait for",
      answer: jobListSchema,
    },
    async (deps, { tenantId }) => {
      const jobs = await listActiveJobs(deps, tenantId);
      return { items: jobs.map(jobView), nextCursor: null };
    },
  ),
];
