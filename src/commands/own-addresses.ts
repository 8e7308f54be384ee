/** Under which names and addresses this machine is found. */
import { hostname, networkInterfaces } from "node:os";
import type { Config } from "../config.ts";
import { unmapped } from "../domain/network.ts";

type Listening = Pick<Config, "host" | "publicUrl" | "tlsCert">;

/** A network that comes up is known this much later; asking the system takes a millisecond, for every request. */
const KNOWN_MS = 5_000;

/** Names and addresses of this machine, as they stand in a `Host` header, as of a few seconds ago at most. */
export function createMachineHosts(
  monotonicNow: () => number,
  read: () => string[] = machineHosts,
): () => ReadonlySet<string> {
  let known: ReadonlySet<string> = new Set();
  let knownUntil = Number.NEGATIVE_INFINITY;
  return () => {
    const now = monotonicNow();
    if (now < knownUntil) return known;
    knownUntil = now + KNOWN_MS;
    known = new Set([...read(), "localhost"]);
    return known;
  };
}

function machineHosts(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const hosts = addresses.map(({ address, family }) =>
    family === "IPv6" ? `[${address}]` : unmapped(address),
  );
  return ["127.0.0.1", "[::1]", hostname().toLowerCase(), ...hosts];
}

/** Where another machine finds this one by number, the machine's own first: names may not resolve. */
export function networkOrigins(config: Listening, port: number): string[] {
  if (config.publicUrl || !listensEverywhere(config)) return [];
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => originOf(config, address, port));
}

/** Where visitors may find this machine: at the public URL, else by name and by number. */
export function visitorOrigins(config: Listening, port: number): string[] {
  if (config.publicUrl) return [config.publicUrl.origin];
  if (listensEverywhere(config))
    return [originOf(config, hostname().toLowerCase(), port), ...networkOrigins(config, port)];
  return /^(127\.|::1$|localhost$)/.test(config.host) ? [] : [originOf(config, config.host, port)];
}

export function listensEverywhere({ host }: Pick<Config, "host">): boolean {
  return host === "" || host === "0.0.0.0" || host === "::";
}

/** As a browser would say it: without the port that the scheme implies. */
export function originOf({ tlsCert }: Pick<Config, "tlsCert">, host: string, port: number): string {
  return new URL(`${tlsCert ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}`).origin;
}
