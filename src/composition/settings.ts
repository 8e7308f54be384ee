import type { Config } from "../config.ts";
import type { Settings } from "../deps.ts";
import { VERSION } from "../version.ts";

/** What services need to know of the configuration. */
export function toSettings(config: Config): Settings {
  return {
    version: VERSION,
    publicUrl: config.publicUrl,
    offline: config.offline,
    restrictEgress: config.restrictEgress,
    egressProxy: config.egressProxy?.proxy.shown ?? null,
    // Behind a proxy that ends TLS, the browser's connection is encrypted all the same.
    tls: config.tlsCert !== null || config.publicUrl?.protocol === "https:",
    trustedProxies: config.trustedProxy,
    limits: config.limits,
  };
}
