import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import type { AdminEnv, HttpDeps } from "../env.ts";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Writes down every change that somebody signed in made or was refused: who, from where, what and with
 * which outcome. Around all admin routes, so that a new one cannot be forgotten. Bodies are not kept: they
 * hold secrets.
 */
export function auditTrail(deps: Pick<HttpDeps, "store" | "now">) {
  return createMiddleware<AdminEnv>(async (c, next) => {
    await next();
    // Whoever is not signed in could fill the log; failed sign-ins have their own entry.
    if (SAFE_METHODS.has(c.req.method) || c.var.changesNothing || c.var.user === undefined) return;
    await deps.store.audit.append({
      at: deps.now(),
      tenantId: c.var.tenantId ?? null,
      actor: c.var.user.id,
      address: c.var.address,
      requestId: c.var.requestId,
      action: `${c.req.method} ${routePath(c, -1)}`,
      target: c.req.param("id") ?? c.req.param("name") ?? null,
      changes: { status: c.res.status },
    });
  });
}
