/** HTTP proxies, and who is called without one. */
import { AppError } from "../errors.ts";
import { isWithin, parseAddress } from "./address-classes.ts";
import { findNetwork, hostnameIn, type Network } from "./allow-list.ts";
import { type OutboundHost, outboundHostOf, parseOutboundUrl } from "./outbound-url.ts";

export type HttpProxy = OutboundHost & {
  /** What it is shown in `Proxy-Authorization`; null for nothing. */
  authorization: string | null;
};

/** Hosts that are called straight: a name with every name below it, or a network of addresses. */
export type StraightEntry = { name: string } | { network: Network };

/** What an operator has set for all calls over HTTP. */
export type OperatorProxy = { proxy: HttpProxy; straight: readonly StraightEntry[] };

/** A proxy that is not there, or lets nobody through. Its message is for people, and has nothing of the proxy's own words. */
export class ProxyFailure extends Error {
  readonly code = "ERR_PROXY_TUNNEL";
}

/** @param status what the proxy answered; null where it said nothing */
export function refusedBy(
  { shown }: HttpProxy,
  target: string,
  status: string | null,
  cause?: unknown,
): ProxyFailure {
  const advice = status === "407" ? "It wants a name and a password." : "Ask whoever runs it.";
  const said = status === null ? "" : ` (${status})`;
  return new ProxyFailure(`The proxy ${shown} does not let Parley through to ${target}${said}. ${advice}`, {
    cause,
  });
}

export function notReached({ shown }: HttpProxy, cause: unknown): ProxyFailure {
  return new ProxyFailure(`The proxy ${shown} cannot be reached. Check its address, and that it runs.`, {
    cause,
  });
}

/**
 * @param credentials `name:password`; they stand in no address, since addresses are shown
 * @throws AppError UNSAFE_URL, without what was given: a password may stand in it
 */
export function parseProxy(address: string, credentials: string | null): HttpProxy {
  const url = parseOutboundUrl(address);
  if (url.protocol !== "http:" || `${url.pathname}${url.search}${url.hash}` !== "/")
    throw new AppError(
      "UNSAFE_URL",
      "The address of a proxy looks like http://proxy.example.org:3128, with nothing behind the port.",
    );
  const authorization = credentials && `Basic ${Buffer.from(credentials).toString("base64")}`;
  return { ...outboundHostOf(url), authorization };
}

/** `corp`, `.corp`, `*.corp`, `10.0.0.5` or `10.0.0.0/8`, as in NO_PROXY. Null for a text that is none of these. */
export function findStraightEntry(text: string): StraightEntry | null {
  const network = findNetwork(text.includes("/") ? text : wholeAddress(text));
  if (network) return { network };
  const name = hostnameIn(text.replace(/^\*?\./, ""), 80);
  return name === null || parseAddress(name) ? null : { name };
}

export function isStraight(straight: readonly StraightEntry[], { hostname }: OutboundHost): boolean {
  const name = hostname.toLowerCase();
  const bytes = parseAddress(name);
  return straight.some((entry) =>
    "name" in entry
      ? name === entry.name || name.endsWith(`.${entry.name}`)
      : bytes !== null && isWithin(bytes, entry.network.address, entry.network.bits),
  );
}

/**
 * Takes away what the runtime's `fetch` would read of proxies: with NO_PROXY it leaves out the proxy that it was given,
 * asks for the name by itself and calls what nobody has vetted.
 */
export function forgetProxyVariables(environment: Record<string, string | undefined>): void {
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"]) {
    delete environment[name];
    delete environment[name.toLowerCase()];
  }
}

function wholeAddress(text: string): string {
  return `${text}/${(parseAddress(text)?.length ?? 0) * 8}`;
}
