/**
 * The one module that dials out. Everything else asks it for a `fetch` that reaches one granted address.
 */
import { lookup } from "node:dns/promises";
import { networkInterfaces } from "node:os";
import type { Log } from "../deps.ts";
import { AppError } from "../errors.ts";
import { type AddressClass, classifyAddress, parseAddress } from "./address-classes.ts";
import { type Dial, dialByFetch } from "./dial.ts";
import { hostnameOf, parseOutboundUrl, portOf } from "./outbound-url.ts";

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A language model's address. One that an operator saved is its own entry of the allow-list. */
export type EgressGrant = { purpose: "llm"; baseUrl: URL };

export interface Egress {
  /**
   * A `fetch` that reaches the host and port of the grant and nothing else, over an address that was
   * checked just before. Redirects are refused.
   *
   * @throws AppError (the returned fetch) UNSAFE_URL for an address that may never be called, EGRESS_DENIED
   *   for one that this grant, or `--offline`, does not cover. Errors of the network come as they are.
   */
  fetchFor(grant: EgressGrant): Fetch;
}

export type EgressOptions = {
  log: Pick<Log, "warn">;
  /** Refuse every address that no operator wrote down. */
  offline: boolean;
  /** Where Parley itself listens; asked on each call because the port is known late. */
  ownAddresses: () => { host: string; port: number }[];
  /** All addresses of a host name. */
  resolve?: (hostname: string) => Promise<string[]>;
  dial?: Dial;
};

/** Hosts that are called because a vendor was chosen and not because someone wrote them down. */
const VENDOR_HOSTS: ReadonlySet<string> = new Set(["api.openai.com", "api.anthropic.com"]);

/** A model server runs on this machine, in the intranet or at a vendor; it never lives at these. */
const NEVER_A_MODEL: ReadonlySet<AddressClass> = new Set<AddressClass>([
  "link-local",
  "metadata",
  "unspecified",
  "multicast",
  "broadcast",
  "reserved",
]);

const NOT_CONNECTED: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
]);

export function createEgress(options: EgressOptions): Egress {
  const resolve = options.resolve ?? resolveBySystem;
  const dial = options.dial ?? dialByFetch;

  return {
    fetchFor: (grant) => async (input, init) => {
      try {
        const { url, request } = outbound(input, init);
        requireGranted(url, grant, options.offline);
        const addresses = await abortable(resolveAll(url, resolve), request.signal);
        for (const address of addresses) requireAllowed(url, address, options.ownAddresses());
        return refuseRedirect(url, await dialFirst(dial, url, addresses, request));
      } catch (thrown) {
        if (thrown instanceof AppError) {
          options.log.warn("egress-denied", {
            purpose: grant.purpose,
            host: grant.baseUrl.host,
            code: thrown.code,
          });
        }
        throw thrown;
      }
    },
  };
}

function outbound(input: string | URL | Request, init: RequestInit = {}): { url: URL; request: RequestInit } {
  if (input instanceof Request)
    throw new TypeError("Egress takes an address and its settings, not a Request.");
  return { url: parseOutboundUrl(String(input)), request: init };
}

function requireGranted(url: URL, { baseUrl }: EgressGrant, offline: boolean): void {
  const isSame =
    url.protocol === baseUrl.protocol &&
    hostnameOf(url) === hostnameOf(baseUrl) &&
    portOf(url) === portOf(baseUrl);
  if (!isSame)
    throw new AppError("EGRESS_DENIED", `Parley may only call ${baseUrl.host} here, not ${url.host}.`);
  if (offline && VENDOR_HOSTS.has(hostnameOf(url))) {
    throw new AppError(
      "EGRESS_DENIED",
      `Parley runs offline, so it does not call ${url.host}. Enter the address of a model server of your own under Model, or start Parley without --offline.`,
    );
  }
}

async function resolveAll(url: URL, resolve: (hostname: string) => Promise<string[]>): Promise<string[]> {
  const hostname = hostnameOf(url);
  if (parseAddress(hostname)) return [hostname];
  const addresses = await resolve(hostname);
  if (addresses.length > 0) return addresses;
  throw Object.assign(new Error(`${hostname} has no address`), { code: "ENOTFOUND" });
}

/** One forbidden address among several is enough to refuse: the next answer might name only that one. */
function requireAllowed(url: URL, address: string, own: { host: string; port: number }[]): void {
  const addressClass = classifyAddress(address) ?? "reserved";
  if (NEVER_A_MODEL.has(addressClass)) {
    throw new AppError(
      "UNSAFE_URL",
      `${url.host} is at ${address}, a ${addressClass} address that Parley never calls. Enter the address of the model server itself.`,
    );
  }
  if (own.some(({ host, port }) => port === portOf(url) && isListeningAt(host, address, addressClass))) {
    throw new AppError(
      "UNSAFE_URL",
      `${url.host} is Parley's own address. Enter the address of the model server instead.`,
    );
  }
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

/** Tries the vetted addresses in order: `localhost` is often two, and the server listens at one of them. */
async function dialFirst(dial: Dial, url: URL, addresses: string[], request: RequestInit): Promise<Response> {
  let refused: unknown;
  for (const address of addresses) {
    try {
      return await dial(url, address, request);
    } catch (thrown) {
      if (!isNotConnected(thrown)) throw thrown;
      refused = thrown;
    }
  }
  throw refused;
}

function isNotConnected(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && NOT_CONNECTED.has(thrown.code);
}

async function refuseRedirect(url: URL, response: Response): Promise<Response> {
  if (response.status < 300 || response.status > 399 || response.status === 304) return response;
  await response.body?.cancel();
  throw new AppError(
    "EGRESS_DENIED",
    `${url.host} sends Parley on to another address, which it does not follow. Enter the final address under Model.`,
  );
}

async function resolveBySystem(hostname: string): Promise<string[]> {
  const answers = await lookup(hostname, { all: true, verbatim: true });
  return answers.map(({ address }) => address);
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
