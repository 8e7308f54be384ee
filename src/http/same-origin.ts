import type { Settings } from "../deps.ts";
import { AppError } from "../errors.ts";
import type { AppContext, HttpDeps } from "./env.ts";

type OriginDeps = Pick<HttpDeps, "settings" | "ownHosts">;

/**
 * Whether the browser sent this request from one of Parley's own pages: it says so itself, or, where it
 * sends no Fetch Metadata (plain HTTP off loopback), its `Origin` is Parley's own.
 */
export function isSameOrigin(deps: OriginDeps, c: AppContext): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined) return site === "same-origin";
  const origin = c.req.header("origin");
  return origin !== undefined && origin === ownOrigin(deps, c);
}

/** Whether what this page sends will be taken for Parley's own: a `GET` says less of where it comes from. */
export function knowsAddress(deps: OriginDeps, c: AppContext): boolean {
  if (c.req.header("sec-fetch-site") !== undefined) return true;
  const own = ownOrigin(deps, c);
  return own !== null && new URL(own).host === askedFor(deps.settings, c)?.host;
}

/** @throws AppError CSRF for an unsafe request that does not come from Parley's own pages */
export function requireSameOrigin(deps: OriginDeps, c: AppContext): void {
  if (isSameOrigin(deps, c)) return;
  const { publicUrl } = deps.settings;
  const remedy = publicUrl
    ? `Open Parley at ${publicUrl.href}, the address that --public-url names.`
    : "Open Parley by this machine's name or address, or start it with --public-url set to the address you use.";
  throw new AppError("CSRF", `This request does not come from Parley's own page. ${remedy}`);
}

/**
 * The origin under which people open Parley: the public URL, else the request's own scheme and `Host`,
 * as long as that is loopback, this machine's name or one of its addresses. Null for any other host.
 */
export function ownOrigin({ settings, ownHosts }: OriginDeps, c: AppContext): string | null {
  if (settings.publicUrl) return settings.publicUrl.origin;
  const own = askedFor(settings, c);
  if (!own) return null;
  return ownHosts().has(own.hostname.toLowerCase()) ? own.origin : null;
}

function askedFor(settings: Settings, c: AppContext): URL | null {
  return URL.parse(`${scheme(settings)}://${c.req.header("host") ?? ""}`);
}

function scheme(settings: Settings): string {
  return settings.tls ? "https" : "http";
}
