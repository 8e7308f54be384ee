/** Whether the addresses behind a name may be called. */
import { networkInterfaces } from "node:os";
import { AppError } from "../errors.ts";
import { type AddressClass, classifyAddress, parseAddress } from "./address-classes.ts";
import { type AllowEntry, entriesFor, expects, meansThisMachine } from "./allow-list.ts";
import type { OutboundHost } from "./outbound-url.ts";
import type { EgressPolicy } from "./policy.ts";

/** All addresses of a host name. */
export type Resolve = (hostname: string) => Promise<string[]>;

export type VetOptions = {
  resolve: Resolve;
  /** Refuse everything that no operator wrote down. */
  offline: boolean;
  /** Refuse addresses that admins of tenants entered and no operator wrote down; so does `offline`. */
  restricted?: boolean;
  /** A proxy looks for the name, so that nobody here knows where it leads: as `restricted`. */
  isProxied?: boolean;
  /** What an operator wrote down; asked on each call, since it changes. */
  allow?: () => readonly AllowEntry[];
  /** Vendors' own servers: called because one was chosen, and not because an operator wrote it down. */
  vendorHosts: ReadonlySet<string>;
  /** Where Parley itself listens; asked on each call because the port is known late. */
  ownAddresses: () => { host: string; port: number }[];
};

/**
 * The addresses of `target`, each of them allowed, in the resolver's order. Whoever dials must take one of these and
 * not ask again: a second answer may name another machine.
 *
 * @throws AppError UNSAFE_URL · EGRESS_DENIED; ENOTFOUND where there is no address; the reason of `signal`
 */
export async function vet(
  options: VetOptions,
  policy: EgressPolicy,
  target: OutboundHost,
  savedByOperator: boolean,
  signal: AbortSignal | null | undefined,
): Promise<string[]> {
  // Before the resolver is asked: a question to it is a packet, too.
  const entries = vetUnasked(options, policy, target, savedByOperator);
  const addresses = await abortable(resolveAll(options.resolve, target.hostname), signal);
  // One forbidden address among several is enough to refuse: the next answer might name only that one.
  for (const address of addresses) requireCallable(options, policy, target, entries, address);
  requireOnePlace(policy, target, entries, addresses);
  return addresses;
}

/**
 * A public IPv4 address and one of the intranet are two machines, and whoever answers for the name chooses which is
 * called. An entry with its network says which is meant; an IPv6 address beside an intranet's IPv4 one is usual.
 *
 * @throws AppError UNSAFE_URL
 */
function requireOnePlace(
  { listedOnly }: EgressPolicy,
  target: OutboundHost,
  entries: readonly AllowEntry[],
  addresses: readonly string[],
): void {
  const places = new Set(addresses.filter((address) => !address.includes(":")).map(classifyAddress));
  const isMixed = places.has("public") && (places.has("private") || places.has("shared"));
  if (listedOnly === null || !isMixed || entries.every(({ network }) => network !== null)) return;
  throw new AppError(
    "UNSAFE_URL",
    `${target.shown} is at ${addresses.join(" and ")}, in this network and outside of it. An operator lists it with the network that it is to be in, such as ${entryFor(target)}=10.0.0.0/8.`,
  );
}

/**
 * What is known of `target` before anybody is asked where it is: whether it may be called by its name, and by its
 * address where the name is one. The entries of the operator's list that name it.
 *
 * @throws AppError UNSAFE_URL · EGRESS_DENIED
 */
export function vetUnasked(
  options: VetOptions,
  policy: EgressPolicy,
  target: OutboundHost,
  savedByOperator: boolean,
): AllowEntry[] {
  const address = parseAddress(target.hostname) ? target.hostname : null;
  // What is never called is told as that, and not as something that a list could allow.
  if (address !== null) requireAllowed(options, policy, target, address);
  const entries = entriesFor(options.allow?.() ?? [], target);
  if (entries.length === 0) requireUnlistedAllowed(options, policy, target, savedByOperator);
  if (address !== null) requireListedAt(policy, target, entries, address);
  return entries;
}

function requireCallable(
  options: VetOptions,
  policy: EgressPolicy,
  target: OutboundHost,
  entries: readonly AllowEntry[],
  address: string,
): void {
  requireAllowed(options, policy, target, address);
  requireListedAt(policy, target, entries, address);
}

/** @throws AppError EGRESS_DENIED · UNSAFE_URL for a listed name that leads where its entry does not */
function requireListedAt(
  { listedOnly }: EgressPolicy,
  target: OutboundHost,
  entries: readonly AllowEntry[],
  address: string,
): void {
  requireExpected(entries, target, address);
  if (listedOnly === null || classifyAddress(address) !== "loopback" || entries.some(meansThisMachine))
    return;
  throw new AppError(
    "UNSAFE_URL",
    `${target.shown} is at ${address}, which is this machine, and the operator's list does not say so. An operator lists ${entryFor(target)}=${address.includes(":") ? "::1/128" : "127.0.0.0/8"} if that is meant.`,
  );
}

/** @throws AppError EGRESS_DENIED for what only an entry of the operator's list would allow */
function requireUnlistedAllowed(
  { offline, restricted = false, isProxied = false, vendorHosts }: VetOptions,
  { advice, listedOnly }: EgressPolicy,
  target: OutboundHost,
  savedByOperator: boolean,
): void {
  const entry = entryFor(target);
  if (listedOnly !== null) {
    throw new AppError(
      "EGRESS_DENIED",
      `Parley calls ${listedOnly} only if its operator has listed it, and ${entry} is not listed. An operator adds ${entry} under Egress, or starts Parley with --egress-allow ${entry}.`,
    );
  }
  if (vendorHosts.has(target.hostname)) {
    if (!offline) return;
    throw new AppError(
      "EGRESS_DENIED",
      `Parley runs offline, so it does not call ${target.shown}. ${advice.offline}`,
    );
  }
  if (savedByOperator || !(offline || restricted || isProxied)) return;
  const how = offline ? "offline" : restricted ? "with --restrict-egress" : "behind a proxy";
  throw new AppError(
    "EGRESS_DENIED",
    `Parley runs ${how} and calls only what its operator has listed, and ${entry} is not. It is called once an operator adds it under Egress, or starts Parley with --egress-allow ${entry}${advice.unlisted}.`,
  );
}

/** What an operator would list for it. */
function entryFor({ shown, port }: OutboundHost): string {
  return `${shown.replace(/:\d+$/, "")}:${port}`;
}

/** @throws AppError EGRESS_DENIED for a listed host that is not where the list expects it */
function requireExpected(entries: readonly AllowEntry[], target: OutboundHost, address: string): void {
  if (entries.length === 0 || entries.some((entry) => expects(entry, address))) return;
  throw new AppError(
    "EGRESS_DENIED",
    `${target.shown} is at ${address}, which is not in the network that the operator's list (Egress, --egress-allow) expects it in. An operator can correct the list, or whoever runs the name server the address.`,
  );
}

async function resolveAll(resolve: Resolve, hostname: string): Promise<string[]> {
  if (parseAddress(hostname)) return [hostname];
  const addresses = await resolve(hostname);
  if (addresses.length > 0) return addresses;
  throw Object.assign(new Error(`${hostname} has no address`), { code: "ENOTFOUND" });
}

function requireAllowed(
  options: VetOptions,
  policy: EgressPolicy,
  target: OutboundHost,
  address: string,
): void {
  const addressClass = classifyAddress(address) ?? "reserved";
  if (policy.never.has(addressClass)) {
    throw new AppError(
      "UNSAFE_URL",
      `${target.shown} is at ${address}, a ${addressClass} address that Parley never calls. ${policy.advice.forbidden}`,
    );
  }
  const isOwn = options
    .ownAddresses()
    .some(({ host, port }) => port === target.port && isListeningAt(host, address, addressClass));
  if (isOwn)
    throw new AppError("UNSAFE_URL", `${target.shown} is Parley's own address. ${policy.advice.ownAddress}`);
}

/** Anything but a plain address (0.0.0.0, ::, a name) may mean every address of this machine. */
function isListeningAt(host: string, address: string, addressClass: AddressClass): boolean {
  const listening = parseAddress(host.replace(/^\[|\]$/g, ""));
  const target = parseAddress(address);
  const isEverywhere = !listening || listening.every((byte) => byte === 0);
  if (!isEverywhere) return isSameAddress(listening, target);
  const ownAddresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return (
    addressClass === "loopback" ||
    ownAddresses.some((own) => isSameAddress(parseAddress(own.address), target))
  );
}

function isSameAddress(left: Uint8Array | null, right: Uint8Array | null): boolean {
  return left !== null && right !== null && Buffer.compare(left, right) === 0;
}

/** The resolver cannot be stopped, but nobody has to wait for it. */
function abortable<Value>(work: Promise<Value>, signal: AbortSignal | null | undefined): Promise<Value> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
