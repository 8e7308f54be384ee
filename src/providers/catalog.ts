import type { LlmProvider } from "../domain/llm.ts";
import { requireKeyNotLost } from "../domain/secret.ts";
import type { Egress, EgressGrant } from "../egress/egress.ts";
import { parseOutboundUrl } from "../egress/outbound-url.ts";
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
import type { Vendor, VendorSettings } from "./vendor.ts";

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
 * providers of an address.
 *
 * @throws AppError (the factory) UNSAFE_URL for a base URL that Parley would never call · MODEL_NOT_AVAILABLE for a
 *   vendor that this version does not know · CREDENTIAL_UNDECRYPTABLE
 */
export function createProviderFactory(deps: ProviderDeps): ProviderFactory {
  const clock = deps.clock ?? systemClock;
  const breakers = new Map<string, Breaker>();
  const refusals: Refusals = new Map();
  const troubles: Troubles = new Map();

  const breakerFor = (adapter: ChatAdapter, baseUrl: URL): Breaker => {
    const key = baseUrl.href;
    const known = breakers.get(key);
    if (known) return known;
    const breaker = createBreaker(adapter.host, clock, () =>
      deps.log.warn("provider-left-alone", { host: adapter.host }),
    );
    breakers.set(key, breaker);
    return breaker;
  };

  return (settings) => {
    if (settings.provider === EXTRACTIVE.name) return extractiveProvider(deps.extract);
    requireKeyNotLost(settings, "language model");
    const vendor = vendorOf(settings.provider);
    const vendorSettings = { ...toVendorSettings(deps, settings, vendor), refusals };
    const adapter = vendor.adapter(vendorSettings, settings.baseUrl !== null);
    const patient = withDeadlines(withPlainReply(adapter), clock, deps.deadlines ?? DEADLINES);
    const spared = withBreaker(withRetries(patient, clock), breakerFor(adapter, vendorSettings.baseUrl));
    const { host } = adapter;
    const heard = withTrouble(spared, { troubles, key: vendorSettings.baseUrl.href, host, now: deps.now });
    return { ...heard, refusal: () => deps.egress.refusal(grantOf(settings, vendorSettings.baseUrl)) };
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

function toVendorSettings(
  { egress, now }: ProviderDeps,
  settings: LlmSettings,
  vendor: Vendor,
): Omit<VendorSettings, "refusals"> {
  const baseUrl = parseOutboundUrl(settings.baseUrl ?? vendor.url);
  return { baseUrl, apiKey: settings.apiKey, now, fetch: egress.fetchFor(grantOf(settings, baseUrl)) };
}

function grantOf({ savedByOperator, tenantId }: LlmSettings, baseUrl: URL): EgressGrant {
  return { purpose: "llm", baseUrl, savedByOperator, tenantId: tenantId ?? null };
}
