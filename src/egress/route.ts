/** Which way a call takes: straight to a vetted address of its host, or through a proxy that looks for the host itself. */
import { AppError } from "../errors.ts";
import { type AllowEntry, meansThisMachine } from "./allow-list.ts";
import type { Way } from "./dial.ts";
import type { OutboundHost } from "./outbound-url.ts";
import { type EgressPolicy, PROXY_POLICY } from "./policy.ts";
import { type HttpProxy, isStraight, notReached, type OperatorProxy } from "./proxy.ts";
import { type VetOptions, vet, vetUnasked } from "./vet.ts";

export type RouteOptions = VetOptions & {
  /** For all calls over HTTP that say nothing else. */
  proxy?: OperatorProxy | null;
  /** Authorities (PEM) for calls that name none. */
  ca?: readonly string[] | null;
};

/** What a single call, or all of one grant, may say. */
export type RouteChoice = {
  /** Through this one; null for straight. Not given, the operator's proxy counts. */
  proxy?: HttpProxy | null | undefined;
  /** Authorities (PEM, as `certificatesIn` gives them) that count in place of all others. */
  ca?: readonly string[] | undefined;
  savedByOperator: boolean;
};

/** Addresses to try in this order, each of them vetted: the host's own, or its proxy's. */
export type Route = { addresses: string[]; way: Way };

/** @throws AppError UNSAFE_URL · EGRESS_DENIED; ProxyFailure; the resolver's errors; the reason of `signal` */
export async function routeTo(
  options: RouteOptions,
  policy: EgressPolicy,
  target: OutboundHost,
  choice: RouteChoice,
  signal: AbortSignal | null | undefined,
): Promise<Route> {
  const proxy = planRoute(options, policy, target, choice);
  const way: Way = { proxy, ca: choice.ca ?? options.ca ?? null };
  if (proxy === null)
    return { addresses: await vet(options, policy, target, choice.savedByOperator, signal), way };
  const isOperators = isVouchedFor(options, proxy, choice);
  const addresses = await vet(options, PROXY_POLICY, proxy, isOperators, signal).catch((thrown: unknown) => {
    throw thrown instanceof AppError || signal?.aborted ? thrown : notReached(proxy, thrown);
  });
  return { addresses, way };
}

/**
 * The proxy to go through, or null, as far as that may be done and is known without asking where a name leads.
 *
 * @throws AppError UNSAFE_URL · EGRESS_DENIED
 */
export function planRoute(
  options: RouteOptions,
  policy: EgressPolicy,
  target: OutboundHost,
  choice: RouteChoice,
): HttpProxy | null {
  const entries = vetUnasked(options, policy, target, choice.savedByOperator);
  const proxy = proxyFor(options, target, entries, choice);
  if (proxy === null) return null;
  // It looks for the name by itself: what nobody vouches for could lead anywhere.
  vetUnasked({ ...options, isProxied: true }, policy, target, choice.savedByOperator);
  vetUnasked(options, PROXY_POLICY, proxy, isVouchedFor(options, proxy, choice));
  return proxy;
}

function isVouchedFor({ proxy }: RouteOptions, chosen: HttpProxy, choice: RouteChoice): boolean {
  return chosen === proxy?.proxy || choice.savedByOperator;
}

/**
 * Straight goes what is here, what the operator has excepted, and what is listed with the network that it is in: a proxy
 * would look for the name by itself, and nobody could tell where it went.
 */
function proxyFor(
  { proxy: operators = null }: RouteOptions,
  target: OutboundHost,
  entries: readonly AllowEntry[],
  { proxy: chosen }: RouteChoice,
): HttpProxy | null {
  const isHere = meansThisMachine({ hostname: target.hostname.toLowerCase(), network: null });
  const isHeldToNetwork = entries.length > 0 && entries.every(({ network }) => network !== null);
  if (isHere || isHeldToNetwork) return null;
  if (chosen !== undefined) return chosen;
  return operators === null || isStraight(operators.straight, target) ? null : operators.proxy;
}
