import type { LlmProvider } from "../domain/llm.ts";
import { requireKeyNotLost } from "../domain/secret.ts";
import { certificatesIn } from "../egress/certificates.ts";
import type { Egress, EgressGrant, Fetch } from "../egress/egress.ts";
import { parseOutboundUrl } from "../egress/outbound-url.ts";
import { parseProxy } from "../egress/proxy.ts";
import { AppError } from "../errors.ts";
import type { ChatAdapter } from "./adapter.ts";
import { anthropic } from "./anthropic.ts";
import { type Breaker, createBreaker, withBreaker } from "./breaker.ts";
import { type Clock, systemClock } from "./clock.ts";
import { DEADLINES, type Deadlines, withDeadlines } from "./deadlines.ts";
import { EXTRACTIVE, type Extract, extractiveProvider } from "./extractive.ts";
import { ollama } from "./ollama.ts";
import { openai } from "./openai.ts";
import { withPlainReply } from "./plain-reply.ts";
import type { ProviderFactory } from "./provider.ts";
import { withRetries } from "./retry.ts";
import type { Refusals } from "./tolerance.ts";
import { type Troubles, withTrouble } from "./trouble.ts";
import type { Vendor } from "./vendor.ts";

/** In the order in which they are offered. */
const VENDORS: readonly Vendor[] = [ollama, openai, anthropic];

/** All that a tenant can choose from. */
export const LLM_PROVIDERS: readonly LlmProvider[] = [EXTRACTIVE, ...VENDORS.map(({ about }) => about)];

/** Called because a vendor was chosen, and not because someone wrote them down. */
export const VENDOR_HOSTS: ReadonlySet<string> = new Set(
  VENDORS.filter(({ isHosted }) => isHosted).map(({ url }) => new URL(url).hostname),
);

export type ProviderDeps = {
  egress: Egress;
  extract: Extract;
  /** Wall clock in milliseconds, for dates that vendors send. */
  now: () => number;
  log: { warn(event: string, fields?: Record<string, unknown>): void };
  clock?: Clock;
  deadlines?: Deadlines;
};

type LlmSettings = Parameters<ProviderFactory>[0];

/**
 * Settings to a provider; the only place that knows which vendors there are. One circuit breaker serves all
 * providers of an address and the way to it.
 *
 * @throws AppError (the factory) UNSAFE_URL for a base URL that Parley would never call · MODEL_NOT_AVAILABLE for a
 *   vendor that this version does not know · CREDENTIAL_UNDECRYPTABLE
 */
export function createProviderFactory(deps: ProviderDeps): ProviderFactory {
  const clock = deps.clock ?? systemClock;
  const breakers = new Map<string, Breaker>();
  const refusals: Refusals = new Map();
  const troubles: Troubles = new Map();

  const breakerFor = ({ host }: ChatAdapter, key: string): Breaker => {
    const known = breakers.get(key);
    if (known) return known;
    const breaker = createBreaker(host, clock, () => deps.log.warn("provider-left-alone", { host }));
    breakers.set(key, breaker);
    return breaker;
  };

  return (settings, trial) => {
    if (settings.provider === EXTRACTIVE.name) return extractiveProvider(deps.extract);
    requireKeyNotLost(settings, "language model");
    const vendor = vendorOf(settings.provider);
    const grant = grantOf(settings, vendor);
    const fetch = withHeaders(deps.egress.fetchFor(grant), settings.headers ?? {});
    const { baseUrl } = grant;
    const { apiKey, tenantId, id, updatedAt } = settings;
    const adapter = vendor.adapter(
      { baseUrl, apiKey, refusals, now: deps.now, fetch: trial ? atMost(trial.requests, fetch) : fetch },
      settings.baseUrl !== null,
    );
    const patient = withDeadlines(withPlainReply(adapter), clock, deps.deadlines ?? DEADLINES);
    // The same server through another proxy may be up while this way to it is down.
    const way = `${baseUrl.href} ${settings.proxy ?? ""}`;
    const retried = trial ? patient : withRetries(patient, clock);
    const spared = withBreaker(retried, breakerFor(adapter, way));
    // What was heard of settings says nothing of changed ones.
    const key = `${tenantId ?? ""} ${id ?? ""} ${updatedAt ?? ""} ${way}`;
    const heard = withTrouble(spared, { troubles, key, host: adapter.host, now: deps.now });
    return { ...heard, refusal: () => deps.egress.refusal(grant) };
  };
}

/** The database takes any name: a newer Parley on the same data may know vendors that this one does not. */
function vendorOf(provider: string): Vendor {
  const vendor = VENDORS.find(({ about }) => about.name === provider);
  if (vendor) return vendor;
  throw new AppError(
    "MODEL_NOT_AVAILABLE",
    `The language model is set to “${provider}”, which this version of Parley does not know. Choose another under Model, or start the newer version that it was chosen with.`,
  );
}

/** @throws AppError UNSAFE_URL · PROVIDER_REJECTED for certificates that cannot be read */
function grantOf(settings: LlmSettings, vendor: Vendor): EgressGrant {
  const { savedByOperator, tenantId = null, proxy, ca } = settings;
  const baseUrl = parseOutboundUrl(settings.baseUrl ?? vendor.url);
  return {
    ...{ purpose: "llm", baseUrl, savedByOperator, tenantId },
    ...(proxy ? { proxy: parseProxy(proxy, null) } : {}),
    ...(ca ? { ca: authoritiesIn(ca) } : {}),
  };
}

/** What was saved looked like certificates; whether they are some is found out where they are used. */
function authoritiesIn(pem: string): string[] {
  try {
    return certificatesIn(pem);
  } catch (cause) {
    const sentence = "The certificates of this model cannot be read. Paste them again under Language models.";
    throw new AppError("PROVIDER_REJECTED", sentence, { cause });
  }
}

/** Sends these besides; what Parley sends by itself counts more. */
function withHeaders(fetch: Fetch, extra: Record<string, string>): Fetch {
  if (Object.keys(extra).length === 0) return fetch;
  return (input, init = {}) => {
    const headers = new Headers(extra);
    for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
    return fetch(input, { ...init, headers });
  };
}

function atMost(requests: number, fetch: Fetch): Fetch {
  let left = requests;
  return async (input, init) => {
    if (left-- > 0) return await fetch(input, init);
    throw new AppError(
      "PROVIDER_REJECTED",
      "The test ends here: it sends only a few requests. Run it again.",
    );
  };
}
