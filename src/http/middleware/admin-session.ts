import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { isId, type TenantId } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";
import {
  type AdminIdentity,
  authenticateAdmin,
  requireRole,
  resolveTenant,
} from "../../services/access/sign-in.ts";
import type { AdminEnv, AppContext, HttpDeps } from "../env.ts";
import { requireSameOrigin } from "../same-origin.ts";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Lets only signed-in people through, deny by default. For an unsafe call that a cookie authenticates the
 * page it comes from is checked before anything else, the body included.
 */
export function requireAdmin(deps: HttpDeps) {
  return createMiddleware<AdminEnv>(async (c, next) => {
    const { user, jti } = await identify(deps, c);
    const { tenantId, role } = await resolveTenant(deps, user, wantedTenant(c.req.header("x-parley-tenant")));
    c.set("user", user);
    c.set("jti", jti);
    c.set("tenantId", tenantId);
    c.set("role", role);
    if (!SAFE_METHODS.has(c.req.method)) requireRole(role, "admin");
    await next();
  });
}

/** Needs the operator of this Parley, whatever the tenant. */
export const requireOperator = createMiddleware<AdminEnv>(async (c, next) => {
  if (!c.var.user.operator) throw new AppError("FORBIDDEN", "Only an operator of this Parley may do that.");
  await next();
});

/** Who the cookie belongs to; renews it when its short life is over. @throws AppError CSRF · UNAUTHENTICATED */
export async function identify(deps: HttpDeps, c: AppContext): Promise<AdminIdentity> {
  const token = getCookie(c, cookieName(deps));
  if (token === undefined) throw new AppError("UNAUTHENTICATED", "Sign in to go on.");
  if (!SAFE_METHODS.has(c.req.method)) requireSameOrigin(deps, c);
  const identity = await authenticateAdmin(deps, token);
  if (identity.renewedToken) setAdminCookie(deps, c, identity.renewedToken);
  return identity;
}

/** The tenant that a header or query names, null when it names none. @throws AppError VALIDATION */
export function wantedTenant(text: string | undefined): TenantId | null {
  if (text === undefined) return null;
  if (!isId("tenant", text)) throw new AppError("VALIDATION", "x-parley-tenant holds no valid tenant id.");
  return text;
}

export function setAdminCookie(deps: Pick<HttpDeps, "settings">, c: AppContext, token: string): void {
  setCookie(c, cookieName(deps), token, {
    httpOnly: true,
    sameSite: "Strict",
    path: "/",
    secure: deps.settings.tls,
  });
}

export function clearAdminCookie(deps: Pick<HttpDeps, "settings">, c: AppContext): void {
  deleteCookie(c, cookieName(deps), { path: "/", secure: deps.settings.tls });
}

/** The prefix makes the browser refuse the cookie from anything but this very host over TLS. */
function cookieName(deps: Pick<HttpDeps, "settings">): string {
  return deps.settings.tls ? "__Host-parley_session" : "parley_session";
}
