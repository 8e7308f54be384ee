import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { AppContext, HttpDeps } from "./env.ts";

type CookieDeps = Pick<HttpDeps, "settings">;

/** The longest that browsers keep a cookie; each sign-in begins it anew. */
const DEVICE_LIFETIME_S = 400 * 24 * 3600;

export function adminCookie(deps: CookieDeps, c: AppContext): string | undefined {
  return getCookie(c, cookieName(deps, "session"));
}

export function setAdminCookie(deps: CookieDeps, c: AppContext, token: string): void {
  setCookie(c, cookieName(deps, "session"), token, attributes(deps));
}

export function clearAdminCookie(deps: CookieDeps, c: AppContext): void {
  deleteCookie(c, cookieName(deps, "session"), { path: "/", secure: deps.settings.tls });
}

/** What makes a browser known to the accounts that were signed in to there. It outlives the session. */
export function deviceCookie(deps: CookieDeps, c: AppContext): string | null {
  return getCookie(c, cookieName(deps, "device")) ?? null;
}

export function setDeviceCookie(deps: CookieDeps, c: AppContext, kept: string): void {
  setCookie(c, cookieName(deps, "device"), kept, { ...attributes(deps), maxAge: DEVICE_LIFETIME_S });
}

/** No script reads it, and no other site makes a browser send it. */
function attributes({ settings }: CookieDeps) {
  return { httpOnly: true, sameSite: "Strict", path: "/", secure: settings.tls } as const;
}

/** The prefix makes the browser refuse the cookie from anything but this very host over TLS. */
function cookieName({ settings }: CookieDeps, kind: "session" | "device"): string {
  return `${settings.tls ? "__Host-" : ""}parley_${kind}`;
}
