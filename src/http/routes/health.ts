import { Hono } from "hono";
import { checkReadiness } from "../../services/operations/health.ts";
import type { AppEnv, HttpDeps } from "../env.ts";

/** /healthz: the process lives. /readyz: it can take work. */
export function healthRoutes(deps: HttpDeps) {
  return new Hono<AppEnv>()
    .get("/healthz", (c) => c.json({ status: "ok" }))
    .get("/readyz", async (c) => {
      if (deps.stopping()) return c.json({ ready: false, checks: [{ name: "stopping", ok: false }] }, 503);
      const readiness = await checkReadiness(deps);
      return c.json(readiness, readiness.ready ? 200 : 503);
    });
}
