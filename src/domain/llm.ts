import type { LlmConfigId, TenantId, UnixMs } from "./ids.ts";
import type { StoredKey } from "./secret.ts";

/** The name of an entry in the catalogue of providers, which is asked wherever one is used. */
export type ProviderName = string;

/** Quotes instead of writing. It needs nothing, so it is what every tenant begins with. */
export const QUOTING: ProviderName = "extractive";

/** What people are told of a provider, and what it needs of them. */
export type LlmProvider = {
  name: ProviderName;
  label: string;
  hint: string;
  /** Whether a model is chosen and told what to do; the one that only quotes has none. */
  hasModel: boolean;
  /** What the address is and what none means; null where there is no address. */
  addressHelp: string | null;
  /** When a key is needed: `unless-own-server` asks for none where an address was entered. */
  key: "never" | "always" | "unless-own-server";
};

/** A tenant's configured model. `apiKey` is sealed at rest and never leaves the server. */
export type LlmConfig = StoredKey & {
  id: LlmConfigId;
  tenantId: TenantId;
  provider: ProviderName;
  /** Null means the vendor's own address. */
  baseUrl: string | null;
  /** Whether it was an operator who saved `baseUrl`, so that it may be called where only what is listed may. */
  savedByOperator: boolean;
  model: string;
  /** 0 to 2. */
  temperature: number;
  /** Most tokens of one answer. */
  maxTokens: number;
  /** Template; see rag/prompt for its variables. Empty means the built-in one. */
  systemPrompt: string;
  updatedAt: UnixMs;
};
