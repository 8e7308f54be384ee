import { parseAddress } from "./address-classes.ts";
import { hostnameOf } from "./outbound-url.ts";
import { type HttpProxy, notReached, refusedBy } from "./proxy.ts";

/** What a call goes through, and whom it believes. */
export type Way = {
  /** Null for straight to the host. */
  proxy: HttpProxy | null;
  /** Authorities (PEM) that count, and no others; null for those that the runtime trusts. */
  ca: readonly string[] | null;
};

/**
 * Sends one request for `url` to `address`, which was vetted, without asking the resolver again. It is the host's own
 * address, or that of the way's proxy.
 */
export type Dial = (url: URL, address: string, request: RequestInit, way: Way) => Promise<Response>;

/** Errors of an address at which nobody listens or that is out of reach: another one may answer. */
const NOT_CONNECTED: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
]);

type DialledRequest = { target: URL; request: BunFetchRequestInit };

/** `fetch` to the address itself; the name lives on in the Host header and in the check of the certificate. */
export const dialByFetch: Dial = (url, address, request, way) => {
  const { proxy } = way;
  if (proxy !== null) return dialThrough(proxy, url, address, request, way);
  const dialled = toDialledRequest(url, address, request, way);
  return fetch(dialled.target, dialled.request);
};

/** @throws ProxyFailure where the proxy does not let it through */
async function dialThrough(
  proxy: HttpProxy,
  url: URL,
  address: string,
  request: RequestInit,
  way: Way,
): Promise<Response> {
  const dialled = toProxiedRequest(proxy, url, address, request, way);
  const response = await fetch(dialled.target, dialled.request).catch((thrown: unknown) => {
    if (!(thrown instanceof Error) || !("code" in thrown) || thrown.code !== "ERR_PROXY_TUNNEL") throw thrown;
    throw refusedBy(proxy, url.host, /\b\d{3}\b/.exec(thrown.message)?.[0] ?? null, thrown);
  });
  if (response.status !== 407) return response;
  await response.body?.cancel();
  throw refusedBy(proxy, url.host, "407");
}

/**
 * Tries the vetted addresses in order: `localhost` is often two, and the server listens at one of them.
 *
 * @throws ProxyFailure; errors of the network as they come
 */
export async function dialFirst(
  dial: Dial,
  url: URL,
  { addresses, way }: { addresses: readonly string[]; way: Way },
  request: RequestInit,
): Promise<Response> {
  let refused: unknown;
  for (const address of addresses) {
    try {
      return await dial(url, address, request, way);
    } catch (thrown) {
      if (!isNotConnected(thrown)) throw thrown;
      refused = thrown;
    }
  }
  throw way.proxy === null ? refused : notReached(way.proxy, refused);
}

/**
 * The request that reaches `address` and still speaks to `url`'s host. Bun checks the certificate against
 * `serverName` and pools connections by it.
 */
export function toDialledRequest(
  url: URL,
  address: string,
  request: RequestInit,
  { ca }: Pick<Way, "ca">,
): DialledRequest {
  const target = new URL(url);
  target.hostname = inUrl(address);
  const headers = new Headers(request.headers);
  headers.set("host", url.host);
  return {
    target,
    request: {
      ...request,
      headers,
      redirect: "manual",
      // A proxy from the environment would resolve and reach what was never vetted.
      proxy: false,
      ...checked(url, ca, { byAddress: true }),
    },
  };
}

/** The request that a proxy at `address` takes on to `url`'s host, whose name it looks up by itself. */
function toProxiedRequest(
  { port, authorization }: HttpProxy,
  url: URL,
  address: string,
  request: RequestInit,
  { ca }: Pick<Way, "ca">,
): DialledRequest {
  const target = new URL(url);
  target.hostname = inUrl(hostnameOf(url));
  const headers = authorization === null ? {} : { "proxy-authorization": authorization };
  return {
    target,
    request: {
      ...request,
      redirect: "manual",
      proxy: { url: `http://${inUrl(address)}:${port}`, headers },
      ...checked(url, ca, { byAddress: false }),
    },
  };
}

/** What the certificate is held to; of a call to an address, the name that it has to have. */
function checked(
  url: URL,
  ca: Way["ca"],
  { byAddress }: { byAddress: boolean },
): Pick<BunFetchRequestInit, "tls"> {
  const hostname = hostnameOf(url);
  const needsName = byAddress && !parseAddress(hostname);
  if (url.protocol !== "https:" || !(needsName || ca)) return {};
  return { tls: { ...(needsName ? { serverName: hostname } : {}), ...(ca ? { ca: [...ca] } : {}) } };
}

function inUrl(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}

/** Whether nobody listened there or it was out of reach. */
export function isNotConnected(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && NOT_CONNECTED.has(thrown.code);
}
