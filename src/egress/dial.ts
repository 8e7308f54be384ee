import { parseAddress } from "./address-classes.ts";
import { hostnameOf } from "./outbound-url.ts";

/** Sends one request for `url` to `address`, which was vetted, without asking the resolver again. */
export type Dial = (url: URL, address: string, request: RequestInit) => Promise<Response>;

/** Errors of an address at which nobody listens or that is out of reach: another one may answer. */
const NOT_CONNECTED: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
]);

type DialledRequest = { target: URL; request: BunFetchRequestInit };

/** `fetch` to the address itself; the name lives on in the Host header and in the check of the certificate. */
export const dialByFetch: Dial = (url, address, request) => {
  const dialled = toDialledRequest(url, address, request);
  return fetch(dialled.target, dialled.request);
};

/** Tries the vetted addresses in order: `localhost` is often two, and the server listens at one of them. */
export async function dialFirst(
  dial: Dial,
  url: URL,
  addresses: string[],
  request: RequestInit,
): Promise<Response> {
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

/**
 * The request that reaches `address` and still speaks to `url`'s host. Bun checks the certificate against
 * `serverName` and pools connections by it.
 */
export function toDialledRequest(url: URL, address: string, request: RequestInit): DialledRequest {
  const target = new URL(url);
  target.hostname = address.includes(":") ? `[${address}]` : address;
  const headers = new Headers(request.headers);
  headers.set("host", url.host);
  const hostname = hostnameOf(url);
  const needsName = url.protocol === "https:" && !parseAddress(hostname);
  return {
    target,
    request: {
      ...request,
      headers,
      redirect: "manual",
      // A proxy from the environment would resolve and reach what was never vetted.
      proxy: false,
      ...(needsName ? { tls: { serverName: hostname } } : {}),
    },
  };
}

/** Whether nobody listened there or it was out of reach. */
export function isNotConnected(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && NOT_CONNECTED.has(thrown.code);
}
