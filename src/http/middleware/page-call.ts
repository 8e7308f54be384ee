import { createMiddleware } from "hono/factory";
import { originAllowed } from "../../domain/origin.ts";
import { AppError } from "../../errors.ts";
import type { PageCall } from "../../services/access/visitors.ts";
import type { AppContext, AppEnv, HttpDeps } from "../env.ts";
import { isSameOrigin } from "../same-origin.ts";

/** How long a browser may remember a preflight's answer. */
const PREFLIGHT_SECONDS = 600;

/**
 * CORS for pages that embed the widget. A preflight names no tenant, so it is answered for any origin
 * that some tenant allows; the tenant's own list decides the call itself. Credentials are never allowed.
 */
export function pageCors(deps: HttpDeps) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (c.req.method === "OPTIONS") return preflight(deps, c);
    await next();
    const origin = c.req.header("origin");
    c.header("Vary", "Origin", { append: true });
    c.header("Cross-Origin-Resource-Policy", "cross-origin");
    c.header("Access-Control-Expose-Headers", "retry-after, x-request-id");
    // Refusals stay unreadable for pages that may not embed.
    if (origin && c.res.status !== 403 && (await someTenantAllows(deps, c, origin)))
      c.header("Access-Control-Allow-Origin", origin);
  });
}

/** Scripts and pictures of the widget are public, so that any page may load them; what they may do is decided later. */
export function publicFiles(deps: HttpDeps) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (c.req.method === "OPTIONS") return preflight(deps, c);
    await next();
    if (c.res.status >= 400) return;
    c.header("Access-Control-Allow-Origin", "*");
    c.header("Cross-Origin-Resource-Policy", "cross-origin");
  });
}

/** Where a call comes from, for services to judge. */
export function pageCall(deps: HttpDeps, c: AppContext): PageCall {
  return { origin: c.req.header("origin") ?? null, sameOrigin: isOwnPage(deps, c), address: c.var.address };
}

/** Whether any tenant's pages, or Parley's own, have this origin. */
export async function someTenantAllows(deps: HttpDeps, c: AppContext, origin: string): Promise<boolean> {
  return isSameOrigin(deps, c) || originAllowed(origin, await deps.store.widgets.allAllowedDomains());
}

/**
 * Over plain HTTP off loopback a same-origin GET carries neither `Origin` nor Fetch Metadata. The widget
 * then marks it with a header that no other origin can send, since preflights do not allow it.
 */
function isOwnPage(deps: HttpDeps, c: AppContext): boolean {
  if (isSameOrigin(deps, c)) return true;
  const unmarked = c.req.header("origin") === undefined && c.req.header("sec-fetch-site") === undefined;
  return unmarked && c.req.method === "GET" && c.req.header("x-parley-page") !== undefined;
}

/** @throws AppError ORIGIN_NOT_ALLOWED for a page that no tenant allows */
async function preflight(deps: HttpDeps, c: AppContext): Promise<Response> {
  const origin = c.req.header("origin");
  if (!origin || !(await someTenantAllows(deps, c, origin))) {
    throw new AppError("ORIGIN_NOT_ALLOWED", "No tenant of this Parley may be embedded on this page.");
  }
  c.header("Access-Control-Allow-Origin", origin);
  c.header("Access-Control-Allow-Methods", "GET, POST");
  c.header("Access-Control-Allow-Headers", "authorization, content-type");
  c.header("Access-Control-Allow-Private-Network", "true");
  c.header("Access-Control-Max-Age", String(PREFLIGHT_SECONDS));
  c.header("Vary", "Origin");
  return c.body(null, 204);
}
