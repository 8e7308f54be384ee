/**
 * The one place that decides who may make a call. An endpoint says what it needs; what it then gets is a
 * principal, never a cookie or a token.
 *
 * There are two moments. By the headers: before the body is read, so that another site's page learns nothing
 * from what is wrong with it. By what was sent: a visitor's session and a page's embed key stand in path or body.
 */

import type { ApiScope } from "../domain/api-key.ts";
import type { TenantId } from "../domain/ids.ts";
import { isId } from "../domain/ids.ts";
import type { Person, Principal, Program, SessionHolder, WidgetPage } from "../domain/principal.ts";
import type { Role } from "../domain/user.ts";
import { AppError } from "../errors.ts";
import { authenticateApiKey } from "../services/access/api-keys.ts";
import { authenticateAdmin, requireRole, resolveTenant } from "../services/access/sign-in.ts";
import { admitPage, authenticateVisitor, requireAllowedPage } from "../services/access/visitors.ts";
import { adminCookie, setAdminCookie } from "./admin-cookie.ts";
import type { AppContext, HttpDeps } from "./env.ts";
import { pageCall } from "./middleware/page-call.ts";
import { requireSameOrigin } from "./same-origin.ts";

export type Need =
  /** Anybody; what changes something only from Parley's own pages. */
  | "public"
  /** A page that the tenant of the embed key `key` allows. */
  | "page"
  /** The token of the chat session `session`, which path or body names. */
  | "visitor"
  /** A person, whatever tenants they belong to. */
  | "signed-in"
  /** An operator of this Parley, who acts in a tenant like everybody else. */
  | "operator"
  /** An API key that opens this. */
  | { readonly scope: ApiScope }
  /** At least this role in the tenant of the call. */
  | { readonly role: Role };

/** Who a call of an endpoint with this need comes from. */
export type PrincipalOf<N extends Need> = N extends "public"
  ? null
  : N extends "page"
    ? WidgetPage
    : N extends "visitor"
      ? SessionHolder
      : N extends { readonly scope: ApiScope }
        ? Program
        : Person;

/** The tenant that the call is about; null where it is about none. */
export type TenantOf<N extends Need> = N extends "public" | "signed-in" ? null : TenantId;

export type Admitted = { principal: Principal | null; tenantId: TenantId | null };

const NOBODY: Admitted = { principal: null, tenantId: null };
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whether a call of this method changes nothing. */
export function isSafe(method: string): boolean {
  return SAFE_METHODS.has(method);
}

/**
 * Lets through whom the headers let through: deny by default.
 * @throws AppError UNAUTHENTICATED · CSRF · VALIDATION · NOT_FOUND · FORBIDDEN
 */
export async function admitByHeaders(
  deps: HttpDeps,
  c: AppContext,
  { need, socket }: { need: Need; socket?: boolean | undefined },
): Promise<Admitted> {
  if (need === "public" && !isSafe(c.req.method)) requireSameOrigin(deps, c);
  if (need === "visitor") requireBearer(c);
  if (need === "public" || need === "page" || need === "visitor") return NOBODY;

  if (typeof need === "object" && "scope" in need) return admitProgram(deps, c, need.scope);

  // Browsers send the cookie with any page's socket, and a socket is a GET.
  if (socket) requireSameOrigin(deps, c);
  const person = await identify(deps, c);
  if (need === "signed-in") return { principal: person, tenantId: null };
  // A browser's socket sends no headers of ours.
  const wanted = socket ? c.req.query("tenant") : c.req.header("x-parley-tenant");
  const { tenantId, role } = await resolveTenant(deps, person, wantedTenant(wanted));
  c.set("actor", { id: person.id, tenantId });
  requireRole(role, neededRole(need, c.req.method));
  if (need === "operator" && !person.user.operator)
    throw new AppError("FORBIDDEN", "Only an operator of this Parley may do that.");
  return { principal: person, tenantId };
}

/**
 * Lets through whom the call itself names, and leaves the others as the headers had them.
 * @param sent what stands in path and body
 * @throws AppError UNAUTHENTICATED · NOT_FOUND · ORIGIN_NOT_ALLOWED
 */
export async function admitBySent(
  deps: HttpDeps,
  c: AppContext,
  need: Need,
  sent: ReadonlyMap<string, unknown>,
  admitted: Admitted,
): Promise<Admitted> {
  if (need === "visitor") {
    const session = await authenticateVisitor(deps, requireBearer(c), textOf(sent.get("session")));
    // A page whose origin is not allowed any more is refused; a script without one is not.
    if (c.req.header("origin") !== undefined)
      await requireAllowedPage(deps, session.tenantId, pageCall(deps, c));
    return { principal: { kind: "visitor", id: session.id, session }, tenantId: session.tenantId };
  }
  if (need === "page") {
    const page = await admitPage(deps, textOf(sent.get("key")) ?? "", pageCall(deps, c));
    return { principal: { kind: "page", id: page.tenant.id, ...page }, tenantId: page.tenant.id };
  }
  return admitted;
}

/** Nothing but the header carries a key: no cookie, no query, no other header. */
async function admitProgram(deps: HttpDeps, c: AppContext, scope: ApiScope): Promise<Admitted> {
  const key = /^Bearer ([A-Za-z0-9_-]{20,200})$/.exec(c.req.header("authorization") ?? "")?.[1] ?? null;
  const apiKey = await authenticateApiKey(deps, key, scope);
  return { principal: { kind: "program", id: apiKey.id, apiKey }, tenantId: apiKey.tenantId };
}

/** Who the cookie belongs to; renews it when its short life is over. @throws AppError CSRF · UNAUTHENTICATED */
async function identify(deps: HttpDeps, c: AppContext): Promise<Person> {
  const token = adminCookie(deps, c);
  if (token === undefined) throw new AppError("UNAUTHENTICATED", "Sign in to go on.");
  if (!isSafe(c.req.method)) requireSameOrigin(deps, c);
  const { person, renewedToken } = await authenticateAdmin(deps, token);
  if (renewedToken) setAdminCookie(deps, c, renewedToken);
  return person;
}

/** An operator changes nothing from a tenant in which others may only read. */
function neededRole(need: "operator" | { readonly role: Role }, method: string): Role {
  if (need !== "operator") return need.role;
  return isSafe(method) ? "viewer" : "admin";
}

/** The tenant that a header or query names, null when it names none. @throws AppError VALIDATION */
function wantedTenant(text: string | undefined): TenantId | null {
  if (text === undefined) return null;
  if (!isId("tenant", text)) throw new AppError("VALIDATION", "x-parley-tenant holds no valid tenant id.");
  return text;
}

function requireBearer(c: AppContext): string {
  const token = /^Bearer ([A-Za-z0-9_-]{20,200})$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (token === undefined)
    throw new AppError("UNAUTHENTICATED", "Send the session's token as Authorization: Bearer.");
  return token;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
