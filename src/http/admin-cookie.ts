import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { AppContext, HttpDeps } from "./env.ts";

type CookieDeps = Pick<HttpDeps, "settings">;

export function adminCookie(deps: CookieDeps, c: AppContext): string | undefined {
  return getCookie(c, cookieName(deps));
}

export function setAdminCookie(deps: CookieDeps, c: AppContext, token: string): void {
  setCookie(c, cookieName(deps), token, {
    httpOnly: true,
    sameSite: "Strict",
    path: "/",
    secure: deps.settings.tls,
  });
}

export function clearAdminCookie(deps: CookieDeps, c: AppContext): void {
  deleteCookie(c, cookieName(deps), { path: "/", secure: deps.settings.tls });
}

/** The prefix makes the browser refuse the cookie from anything but this very host over TLS. */
function cookieName(deps: CookieDeps): string {
  return deps.settings.tls ? "__Host-parley_session" : "parley_session";
}
