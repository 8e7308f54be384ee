import { createMiddleware } from "hono/factory";
import { clientAddress, isLoopbackAddress, isLoopbackHost, unmapped } from "../../domain/network.ts";
import type { AppContext, AppEnv, HttpDeps } from "../env.ts";

const REQUEST_ID_BYTES = 9;
/** What a proxy adds that a browser cannot send, or never does. */
const FORWARDED_HEADERS = [
  "forwarded",
  "via",
  "cf-connecting-ip",
  "true-client-ip",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-forwarded-server",
  "x-real-ip",
];

/** Names the request, says who asks, and sets the headers that every answer carries. */
export function requestContext(deps: Pick<HttpDeps, "settings">) {
  return createMiddleware<AppEnv>(async (c, next) => {
    c.set(
      "requestId",
      Buffer.from(crypto.getRandomValues(new Uint8Array(REQUEST_ID_BYTES))).toString("base64url"),
    );
    const peer = c.env.requestIP(c.req.raw)?.address ?? "";
    c.set(
      "address",
      clientAddress(peer, c.req.header("x-forwarded-for") ?? null, deps.settings.trustedProxies),
    );
    c.set("loopback", isLoopback(c, peer, deps.settings.trustedProxies));
    await next();
    c.header("X-Request-Id", c.var.requestId);
    c.header("X-Content-Type-Options", "nosniff");
    c.header("Referrer-Policy", "no-referrer");
    // Browsers ignore it on plain HTTP off loopback, and say so as an error on every page's console.
    if (deps.settings.tls || c.var.loopback) c.header("Cross-Origin-Opener-Policy", "same-origin");
    if (!c.res.headers.has("Cross-Origin-Resource-Policy"))
      c.header("Cross-Origin-Resource-Policy", "same-origin");
    // A proxy that gathers what it passes on would hold an answer back until it is over.
    if (c.res.headers.get("content-type")?.startsWith("text/event-stream"))
      c.header("X-Accel-Buffering", "no");
    if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
    if (deps.settings.tls) c.header("Strict-Transport-Security", "max-age=31536000");
  });
}

/**
 * Peer and `Host` are this machine itself, and no proxy had its hands on the request. What comes from the
 * operator's own proxy never is, not even when that proxy says nothing of whom it forwards.
 */
function isLoopback(c: AppContext, peer: string, trustedProxies: readonly string[]): boolean {
  if (trustedProxies.includes(unmapped(peer))) return false;
  if (FORWARDED_HEADERS.some((name) => c.req.header(name) !== undefined)) return false;
  const host = URL.parse(`http://${c.req.header("host") ?? ""}`)?.hostname ?? "";
  return isLoopbackAddress(peer) && isLoopbackHost(host);
}
