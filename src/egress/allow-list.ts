/** The operator's list of what may be called: `host:port`, `*.host:port` or `host:port=CIDR`. */
import { AppError } from "../errors.ts";
import { classifyAddress, isWithin, parseAddress } from "./address-classes.ts";
import { type OutboundHost, parseOutboundHost } from "./outbound-url.ts";

export type Network = { address: string; bits: number };

export type AllowEntry = {
  hostname: string;
  port: number;
  /** Every host below it, and not the host itself. */
  below: boolean;
  /** Where its addresses are to be, so that a name that was taken over leads nowhere else; null for anywhere. */
  network: Network | null;
};

/** @throws AppError CONFIG_INVALID */
export function parseAllowEntry(text: string): AllowEntry {
  const entry = findAllowEntry(text);
  if (entry) return entry;
  throw new AppError("CONFIG_INVALID", `egress-allow has “${text}”; ${ALLOW_ENTRY_HELP}`);
}

export const ALLOW_ENTRY_HELP =
  "an entry is host:port, *.host:port or host:port=NETWORK, such as models.corp:8000, *.corp:443 or db.corp:5432=10.1.0.0/16.";

/** Null for a text that is no entry. */
export function findAllowEntry(text: string): AllowEntry | null {
  const found = /^(\*\.)?(\[[^\]]+\]|[^:=*[\]]+):(\d{1,5})(?:=(.+))?$/.exec(text);
  if (!found) return null;
  const [, star, host = "", port, givenNetwork] = found;
  const hostname = hostnameIn(host, Number(port));
  const network = givenNetwork === undefined ? null : findNetwork(givenNetwork);
  if (hostname === null || (givenNetwork !== undefined && network === null)) return null;
  return { hostname, port: Number(port), below: star !== undefined, network };
}

/** The entries that name this host and port. */
export function entriesFor(allow: readonly AllowEntry[], { hostname, port }: OutboundHost): AllowEntry[] {
  const name = hostname.toLowerCase();
  return allow.filter(
    (entry) =>
      entry.port === port && (entry.below ? name.endsWith(`.${entry.hostname}`) : name === entry.hostname),
  );
}

/** The entry as people write it: lower case, and nothing that does not count. */
export function formatAllowEntry({ hostname, port, below, network }: AllowEntry): string {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  const expected = network === null ? "" : `=${network.address}/${network.bits}`;
  return `${below ? "*." : ""}${host}:${port}${expected}`;
}

/**
 * Whether an entry means this machine, and not just a name that leads here: it has an address of this machine, the name
 * that everybody knows for it, or its network.
 */
export function meansThisMachine({ hostname, network }: Pick<AllowEntry, "hostname" | "network">): boolean {
  const isLoopback = (address: string) => classifyAddress(address) === "loopback";
  if (network !== null) return isLoopback(network.address) && network.bits > 0;
  return isLoopback(hostname) || /^(.+\.)?localhost$/.test(hostname);
}

/** Whether an entry expects a host to be at this address. */
export function expects({ network }: AllowEntry, address: string): boolean {
  const bytes = parseAddress(address);
  return network === null || (bytes !== null && isWithin(bytes, network.address, network.bits));
}

/** As names are compared; null for what is no host. */
export function hostnameIn(host: string, port: number): string | null {
  try {
    return parseOutboundHost(host, port).hostname.toLowerCase();
  } catch (thrown) {
    if (thrown instanceof AppError) return null;
    throw thrown;
  }
}

/** `10.0.0.0/8`; null for a text that is no network. */
export function findNetwork(network: string): Network | null {
  const [address = "", bits = ""] = network.split("/");
  const bytes = parseAddress(address);
  const isMapped = bytes?.length === 4 && address.includes(":");
  const isRange = /^\d{1,3}$/.test(bits) && Number(bits) <= (bytes?.length ?? 0) * 8;
  if (!bytes || isMapped || !isRange || network.split("/").length !== 2) return null;
  return { address, bits: Number(bits) };
}
