/** The operator's list of what may be called: `host:port`, `*.host:port` or `host:port=CIDR`. */
import { AppError } from "../errors.ts";
import { isWithin, parseAddress } from "./address-classes.ts";
import { type OutboundHost, parseOutboundHost } from "./outbound-url.ts";

export type AllowEntry = {
  hostname: string;
  port: number;
  /** Every host below it, and not the host itself. */
  below: boolean;
  /** Where its addresses are to be, so that a name that was taken over leads nowhere else; null for anywhere. */
  network: { address: string; bits: number } | null;
};

/** @throws AppError CONFIG_INVALID */
export function parseAllowEntry(text: string): AllowEntry {
  const found = /^(\*\.)?(\[[^\]]+\]|[^:=*[\]]+):(\d{1,5})(?:=(.+))?$/.exec(text);
  if (!found) throw invalid(text);
  const [, star, host = "", port, network] = found;
  return {
    ...hostOf(text, host, Number(port)),
    below: star !== undefined,
    network: network === undefined ? null : parseNetwork(text, network),
  };
}

/** The entries that name this host and port. */
export function entriesFor(allow: readonly AllowEntry[], { hostname, port }: OutboundHost): AllowEntry[] {
  const name = hostname.toLowerCase();
  return allow.filter(
    (entry) =>
      entry.port === port && (entry.below ? name.endsWith(`.${entry.hostname}`) : name === entry.hostname),
  );
}

/** Whether an entry expects a host to be at this address. */
export function expects({ network }: AllowEntry, address: string): boolean {
  const bytes = parseAddress(address);
  return network === null || (bytes !== null && isWithin(bytes, network.address, network.bits));
}

function hostOf(text: string, host: string, port: number): { hostname: string; port: number } {
  try {
    const { hostname } = parseOutboundHost(host, port);
    return { hostname: hostname.toLowerCase(), port };
  } catch (cause) {
    throw invalid(text, cause);
  }
}

function parseNetwork(text: string, network: string): { address: string; bits: number } {
  const [address = "", bits = ""] = network.split("/");
  const bytes = parseAddress(address);
  const isMapped = bytes?.length === 4 && address.includes(":");
  const isRange = /^\d{1,3}$/.test(bits) && Number(bits) <= (bytes?.length ?? 0) * 8;
  if (!bytes || isMapped || !isRange || network.split("/").length !== 2) throw invalid(text);
  return { address, bits: Number(bits) };
}

function invalid(text: string, cause?: unknown): AppError {
  return new AppError(
    "CONFIG_INVALID",
    `egress-allow has “${text}”; an entry is host:port, *.host:port or host:port=NETWORK, such as models.corp:8000, *.corp:443 or db.corp:5432=10.1.0.0/16.`,
    { cause },
  );
}
