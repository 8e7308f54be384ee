import type { Egress } from "../egress/egress.ts";
import { parseOutboundUrl } from "../egress/outbound-url.ts";
import type { ChatAdapter } from "./adapter.ts";
import { ANTHROPIC_URL, anthropicProvider } from "./anthropic.ts";
import { type Breaker, createBreaker, withBreaker } from "./breaker.ts";
import { type Clock, systemClock } from "./clock.ts";
import { DEADLINES, type Deadlines, withDeadlines } from "./deadlines.ts";
import { type Extract, extractiveProvider } from "./extractive.ts";
import { OLLAMA_URL, ollamaProvider } from "./ollama.ts";
import { OPENAI_URL, openaiProvider, type VendorSettings } from "./openai.ts";
import type { ProviderFactory } from "./provider.ts";
import { withRetries } from "./retry.ts";
import type { Refusals } from "./tolerance.ts";
import { withWholeCharacters } from "./whole-characters.ts";

export type ProviderDeps = {
  egress: Egress;
  extract: Extract;
  /** Wall clock in milliseconds, for dates that vendors send. */
  now: () => number;
  log: { warn(event: string, fields?: Record<string, unknown>): void };
  clock?: Clock;
  deadlines?: Deadlines;
};

type ModelSettings = Parameters<ProviderFactory>[0];

/**
 * Settings to a provider; the only place that knows which vendors there are. One circuit breaker serves all
 * providers of an address.
 *
 * @throws AppError (the factory) UNSAFE_URL for a base URL that Parley would never call
 */
export function createProviderFactory(deps: ProviderDeps): ProviderFactory {
  const clock = deps.clock ?? systemClock;
  const breakers = new Map<string, Breaker>();
  const refusals: Refusals = new Map();

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
    if (settings.provider === "extractive") return extractiveProvider(deps.extract);
    const vendorSettings = { ...toVendorSettings(deps, settings, settings.provider), refusals };
    const adapter = toAdapter(settings, settings.provider, vendorSettings);
    const patient = withDeadlines(withWholeCharacters(adapter), clock, deps.deadlines ?? DEADLINES);
    return withBreaker(withRetries(patient, clock), breakerFor(adapter, vendorSettings.baseUrl));
  };
}

type Vendor = Exclude<ModelSettings["provider"], "extractive">;

const VENDOR_URLS: Record<Vendor, string> = {
  openai: OPENAI_URL,
  anthropic: ANTHROPIC_URL,
  ollama: OLLAMA_URL,
};

function toVendorSettings(
  { egress, now }: ProviderDeps,
  settings: ModelSettings,
  vendor: Vendor,
): Omit<VendorSettings, "refusals"> {
  const baseUrl = parseOutboundUrl(settings.baseUrl ?? VENDOR_URLS[vendor]);
  return { baseUrl, apiKey: settings.apiKey, now, fetch: egress.fetchFor({ purpose: "llm", baseUrl }) };
}

function toAdapter(settings: ModelSettings, vendor: Vendor, vendorSettings: VendorSettings): ChatAdapter {
  switch (vendor) {
    case "openai":
      return openaiProvider({ ...vendorSettings, api: settings.baseUrl === null ? "responses" : "chat" });
    case "anthropic":
      return anthropicProvider(vendorSettings);
    case "ollama":
      return ollamaProvider(vendorSettings);
  }
}
