import { Hono } from "hono";
import { readDashboard } from "../../services/insight/dashboard.ts";
import { listActiveJobs } from "../../services/jobs/list.ts";
import type { AdminEnv, HttpDeps } from "../env.ts";
import { dashboardView, jobView } from "../views.ts";

/** /api/admin/dashboard and /api/admin/jobs */
export function overviewRoutes(deps: HttpDeps) {
  return new Hono<AdminEnv>()
    .get("/dashboard", async (c) => c.json(dashboardView(await readDashboard(deps, c.var.tenantId))))
    .get("/jobs", async (c) =>
      c.json({ items: (await listActiveJobs(deps, c.var.tenantId)).map(jobView), nextCursor: null }),
    );
}
