/**
 * The one module that dials out, or says where a driver may. Everything else asks it for a `fetch` that reaches one
 * granted address, or for the addresses of one granted host.
 */
import { lookup } from "node:dns/promises";
import type { Log } from "../deps.ts";
import type { TenantId } from "../domain/ids.ts";
import { AppError } from "../errors.ts";
import { parseAddress } from "./address-classes.ts";
import { entriesFor } from "./allow-list.ts";
import { fetchCapped } from "./caps.ts";
import { type Dial, dialByFetch } from "./dial.ts";
import { type Ledger, type Noted, watchBody } from "./ledger.ts";
import { type OutboundHost, outboundHostOf, parseOutboundHost, parseOutboundUrl } from "./outbound-url.ts";
import { DRIVER_POLICIES, type DriverPurpose, FETCH_POLICIES, type FetchPurpose } from "./policy.ts";
import type { HttpProxy } from "./proxy.ts";
import { createPatientDial } from "./reach.ts";
import { follow, type Leg } from "./redirects.ts";
import { planRoute, type RouteOptions, routeTo } from "./route.ts";
import { type Resolve, vet, vetUnasked } from "./vet.ts";

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** Leave to call one address over HTTP. The purpose decides what is refused all the same; see `policy.ts`. */
export type EgressGrant = {
  purpose: FetchPurpose;
  baseUrl: URL;
  /** For whom; null for the whole instance. */
  tenantId: TenantId | null;
  /** An address that an operator saved is its own entry of the list, for those purposes that need no entry. */
  savedByOperator?: boolean | undefined;
  /** Through this proxy, or null for straight; not given, as the operator has set it. */
  proxy?: HttpProxy | null | undefined;
  /** Authorities, as `certificatesIn` gives them, that count for it in place of all others. */
  ca?: readonly string[] | undefined;
};

/** Leave for a driver to open connections of its own to one host and port. */
export type DriverGrant = {
  purpose: DriverPurpose;
  host: string;
  port: number;
  /** For whom; null for the whole instance. */
  tenantId: TenantId | null;
};

/** Where a driver connects to. It is given an address, never the name, so that it asks no resolver again. */
export type VettedHost = {
  /** At least one, to be tried in this order. */
  addresses: readonly string[];
  port: number;
  /** The name that the server's certificate must have; null where the host is an address. */
  servername: string | null;
};

export interface Egress {
  /**
   * A `fetch` that reaches the host and port of the grant and nothing else, over an address that was
   * checked just before. Redirects are followed only where the purpose says so, and only to what is listed.
   *
   * @throws AppError (the returned fetch) UNSAFE_URL for an address that may never be called, EGRESS_DENIED
   *   for one that this grant, or the operator's list, does not cover, TOO_MANY_REDIRECTS. Errors of the network come as
   *   they are.
   */
  fetchFor(grant: EgressGrant): Fetch;
  /**
   * Why what is granted would be refused, as far as that is known without asking where a name leads; null when nothing
   * speaks against it. Nothing is sent and nothing logged. Asked before each use of a connection that is open already,
   * since the operator's list may have changed.
   */
  refusal(grant: EgressGrant | DriverGrant): AppError | null;
  /**
   * What a driver may connect to, checked now: asked anew for each connection, since names move.
   *
   * @throws AppError UNSAFE_URL, also for a host that is no host · EGRESS_DENIED. Errors of the resolver come as they
   *   are; aborting `signal` throws its reason
   */
  vettedHost(grant: DriverGrant, signal: AbortSignal): Promise<VettedHost>;
}

export type EgressOptions = Omit<RouteOptions, "resolve"> & {
  log: Pick<Log, "warn">;
  ledger?: Pick<Ledger, "note" | "meter">;
  resolve?: Resolve;
  dial?: Dial;
};

/** Where a call goes and on whose account. */
type Destination = { purpose: string; host: string; tenantId: TenantId | null };

export function createEgress(options: EgressOptions): Egress {
  const vetOptions = { ...options, resolve: options.resolve ?? resolveBySystem };
  const patientDial = createPatientDial();

  /** Every refusal is logged and noted, for operators to see what was tried. */
  async function vetted<Value>(what: Destination, work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (thrown) {
      if (thrown instanceof AppError) refused(what, thrown);
      throw thrown;
    }
  }

  function refused(what: Destination, { code }: AppError): void {
    const { purpose, host } = what;
    options.log.warn("egress-denied", { purpose, host, code });
    note(what, { outcome: "refused", calls: 1 });
  }

  const isListed = (target: OutboundHost) => entriesFor(options.allow?.() ?? [], target).length > 0;

  function note(
    { purpose, host, tenantId }: Destination,
    noted: Pick<Noted, "outcome"> & Partial<Noted>,
  ): void {
    options.ledger?.note({ ...noted, destination: host, purpose, tenantId });
  }

  function meter({ purpose, host, tenantId }: Destination): (bytes: number) => void {
    return (
      options.ledger?.meter({ destination: host, purpose, tenantId, outcome: "allowed" }) ?? (() => undefined)
    );
  }

  return {
    fetchFor({ purpose, baseUrl, tenantId, savedByOperator = false, proxy, ca }) {
      const policy = FETCH_POLICIES[purpose];
      const granted = outboundHostOf(baseUrl);
      const what = { purpose, host: withPort(granted), tenantId };
      const dial = options.dial ?? (policy.caps ? patientDial : dialByFetch);
      const choice = { savedByOperator, proxy, ca };

      async function enter(url: URL, request: RequestInit): Promise<Leg> {
        const target = outboundHostOf(url);
        const here = { purpose, host: withPort(target), tenantId };
        const route = await vetted(here, () => routeTo(vetOptions, policy, target, choice, request.signal));
        note(here, { outcome: "allowed", calls: 1, sentBytes: sizeOf(request.body) });
        const through = route.way.proxy;
        if (through)
          note({ purpose: "proxy", host: withPort(through), tenantId }, { outcome: "allowed", calls: 1 });
        return { url, route };
      }

      const following = {
        ...{ policy, dial, enter, isListed },
        onRefused: (refusal: AppError) => refused(what, refusal),
      };
      return async (input, init) => {
        const { url, request } = await vetted(what, async () => {
          const asked = outbound(input, init);
          requireGranted(asked.url.protocol === baseUrl.protocol, outboundHostOf(asked.url), granted);
          return asked;
        });
        const first = await enter(url, request);
        const send = (each: RequestInit) => follow(first, each, following);
        const onBytes = meter(what);
        if (policy.caps) return fetchCapped(policy.caps, granted.shown, request, send, onBytes);
        return watchBody(await send(request), onBytes);
      };
    },

    refusal(grant) {
      try {
        if (isForDriver(grant))
          vetUnasked(
            vetOptions,
            DRIVER_POLICIES[grant.purpose],
            parseOutboundHost(grant.host, grant.port),
            false,
          );
        else {
          const { purpose, baseUrl, savedByOperator = false, proxy } = grant;
          const choice = { savedByOperator, proxy };
          planRoute(vetOptions, FETCH_POLICIES[purpose], outboundHostOf(baseUrl), choice);
        }
        return null;
      } catch (thrown) {
        if (thrown instanceof AppError) return thrown;
        throw thrown;
      }
    },

    async vettedHost({ purpose, host, port, tenantId }, signal) {
      const what = { purpose, host: shownHost(host, port), tenantId };
      const { hostname, addresses } = await vetted(what, async () => {
        const target = parseOutboundHost(host, port);
        const addresses = await vet(vetOptions, DRIVER_POLICIES[purpose], target, false, signal);
        return { hostname: target.hostname, addresses };
      });
      note(what, { outcome: "allowed", calls: 1 });
      return { addresses, port, servername: parseAddress(hostname) ? null : hostname };
    },
  };
}

function withPort({ shown, port }: OutboundHost): string {
  return `${shown.replace(/:\d+$/, "")}:${port}`;
}

/** As it is called where it can be read, else as it was entered. */
function shownHost(host: string, port: number): string {
  try {
    return withPort(parseOutboundHost(host, port));
  } catch {
    return `${host.slice(0, 300)}:${port}`;
  }
}

/** Of a body whose size is known; what is sent as a stream is not counted. */
function sizeOf(body: RequestInit["body"]): number {
  if (typeof body === "string") return Buffer.byteLength(body);
  if (body instanceof Uint8Array || body instanceof ArrayBuffer) return body.byteLength;
  return body instanceof Blob ? body.size : 0;
}

function isForDriver(grant: EgressGrant | DriverGrant): grant is DriverGrant {
  return "host" in grant;
}

function outbound(input: string | URL | Request, init: RequestInit = {}): { url: URL; request: RequestInit } {
  if (input instanceof Request)
    throw new TypeError("Egress takes an address and its settings, not a Request.");
  return { url: parseOutboundUrl(String(input)), request: init };
}

function requireGranted(isSameScheme: boolean, target: OutboundHost, granted: OutboundHost): void {
  if (isSameScheme && target.hostname === granted.hostname && target.port === granted.port) return;
  throw new AppError("EGRESS_DENIED", `Parley may only call ${granted.shown} here, not ${target.shown}.`);
}

async function resolveBySystem(hostname: string): Promise<string[]> {
  const answers = await lookup(hostname, { all: true, verbatim: true });
  return answers.map(({ address }) => address);
}
