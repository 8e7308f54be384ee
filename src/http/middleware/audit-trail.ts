import { createMiddleware } from "hono/factory";
import { isSafe } from "../admission.ts";
import type { Endpoint } from "../endpoint.ts";
import type { AppEnv, HttpDeps } from "../env.ts";

/**
 * Writes down every change that somebody made in a tenant's backoffice, what they took out of it as a file, or what they
 * were refused: who, from where, what
 * and with which outcome. Around every endpoint, so that a new one cannot be forgotten. Bodies are not kept:
 * they hold secrets.
 */
export function auditTrail(
  deps: Pick<HttpDeps, "store" | "now">,
  { path, changesNothing, audited }: Pick<Endpoint, "path" | "changesNothing" | "audited">,
) {
  return createMiddleware<AppEnv>(async (c, next) => {
    await next();
    const { actor } = c.var;
    // Whoever is not signed in could fill the log; failed sign-ins have their own entry.
    if ((isSafe(c.req.method) && !audited) || actor === undefined) return;
    if (changesNothing && c.res.ok) return;
    await deps.store.audit.append({
      at: deps.now(),
      tenantId: actor.tenantId,
      actor: actor.id,
      address: c.var.address,
      requestId: c.var.requestId,
      action: `${c.req.method} ${path}`,
      target: c.req.param("id") ?? c.req.param("name") ?? null,
      changes: { status: c.res.status },
    });
  });
}
