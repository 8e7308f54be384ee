/** Answers that send Parley on: where to, whether it goes there, and what it takes along. */
import { AppError } from "../errors.ts";
import { meansThisMachine } from "./allow-list.ts";
import { type Dial, dialFirst } from "./dial.ts";
import { type OutboundHost, outboundHostOf, parseOutboundUrl } from "./outbound-url.ts";
import type { FetchPolicy } from "./policy.ts";
import type { Route } from "./route.ts";

/** One step of a call. */
export type Leg = { url: URL; route: Route };

export type Following = {
  policy: FetchPolicy;
  dial: Dial;
  /** Checks where it leads as if it had been asked for. @throws AppError UNSAFE_URL · EGRESS_DENIED */
  enter(url: URL, request: RequestInit): Promise<Leg>;
  isListed(target: OutboundHost): boolean;
  /** Told of each refusal here; those of `enter` are told already. */
  onRefused(refusal: AppError): void;
};

/** Only what a server may be told about any caller. */
const HEADERS_FOR_OTHERS = ["accept", "accept-encoding"];

/** The first answer that sends nobody on. @throws AppError UNSAFE_URL · EGRESS_DENIED · TOO_MANY_REDIRECTS */
export async function follow(first: Leg, given: RequestInit, following: Following): Promise<Response> {
  let [leg, request] = [first, given];
  for (let hops = 0; ; hops++) {
    const response = await dialFirst(following.dial, leg.url, leg.route, request);
    if (!isRedirect(response)) return response;
    await response.body?.cancel();
    const next = nextUrl(leg.url, response, request, hops, following);
    request = next.origin === leg.url.origin ? request : { ...request, headers: forOthers(request) };
    leg = await following.enter(next, request);
  }
}

function isRedirect({ status }: Response): boolean {
  return status >= 300 && status <= 399 && status !== 304;
}

function nextUrl(
  from: URL,
  response: Response,
  { method = "GET" }: RequestInit,
  hops: number,
  { policy, isListed, onRefused }: Following,
): URL {
  try {
    const { redirects, advice } = policy;
    if (redirects === 0 || !/^(GET|HEAD)$/i.test(method)) throw notFollowed(from, advice.redirected);
    const url = locationOf(from, response, advice.redirected);
    if (from.protocol === "https:" && url.protocol === "http:")
      throw unsafe(from, "out of HTTPS, where everybody on the way could read along");
    const target = outboundHostOf(url);
    if (meansThisMachine({ hostname: target.hostname, network: null }) && !isListed(target))
      throw unsafe(from, `to ${target.shown}, which is this machine`);
    if (hops >= redirects)
      throw new AppError(
        "TOO_MANY_REDIRECTS",
        `${from.host} and those before it send Parley on more than ${redirects} times. ${advice.redirected}`,
      );
    return url;
  } catch (thrown) {
    if (thrown instanceof AppError) onRefused(thrown);
    throw thrown;
  }
}

function locationOf(from: URL, response: Response, advice: string): URL {
  const location = response.headers.get("location");
  const url = location === null ? null : URL.parse(location, from);
  if (location === null || url === null) throw notFollowed(from, advice);
  // What is relative takes its host from where it stands; all else is read as if somebody had entered it.
  return parseOutboundUrl(/^[a-z][a-z0-9+.-]*:/i.test(location.trim()) ? location : url.href);
}

function forOthers({ headers }: RequestInit): Headers {
  const all = new Headers(headers);
  const kept = HEADERS_FOR_OTHERS.flatMap((name): [string, string][] => {
    const value = all.get(name);
    return value === null ? [] : [[name, value]];
  });
  return new Headers(kept);
}

function notFollowed({ host }: URL, advice: string): AppError {
  const sentence = `${host} sends Parley on to another address, which it does not follow. ${advice}`;
  return new AppError("EGRESS_DENIED", sentence);
}

function unsafe({ host }: URL, where: string): AppError {
  return new AppError("UNSAFE_URL", `${host} sends Parley on ${where}. It does not follow.`);
}
