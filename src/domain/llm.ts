import { headerProblem } from "./credential.ts";
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

/** The job that deletes a removed model for good. */
export const PURGE_LLM_CONFIG = "purge-llm-config";

/** What a test found a model to do; null where it did not come to it. */
export type LlmCapabilities = {
  /** It calls tools that it is offered. */
  tools: boolean | null;
  /** It sees pictures. */
  images: boolean | null;
  /** It thinks before it answers, and shows it. */
  reasoning: boolean | null;
  /** It takes a system message. */
  systemRole: boolean | null;
  /** It says how many tokens an answer took. */
  streamingUsage: boolean | null;
};

/** A tenant's configured model. `apiKey` is sealed at rest and never leaves the server. */
export type LlmConfig = StoredKey & {
  id: LlmConfigId;
  tenantId: TenantId;
  /** For people; each of a tenant's has another. */
  name: string;
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
  /** The tenant's, whichever of its models is asked. Template; see rag/prompt. Empty means the built-in one. */
  systemPrompt: string;
  /** How much the model reads and writes at once; null when nobody said. */
  contextTokens: number | null;
  /** For a million tokens, in the tenant's currency; null when nobody said. */
  inputPrice: number | null;
  outputPrice: number | null;
  /** Certificates in PEM that its server is trusted by, in place of the system's; null for those. */
  ca: string | null;
  /** Which proxy it is called through; null for none. */
  proxy: string | null;
  /** Sent with each call, by name. Values are sealed at rest and never leave the server. */
  headers: Record<string, string>;
  /** Of the last test, as long as it says something of these settings. */
  capabilities: LlmCapabilities | null;
  testedAt: UnixMs | null;
  updatedAt: UnixMs;
};

/** What is not entered yet of a model's settings. */
export const UNSAID = {
  ...{ contextTokens: null, inputPrice: null, outputPrice: null },
  ...{ ca: null, proxy: null, headers: {}, capabilities: null, testedAt: null },
} satisfies Partial<LlmConfig>;

/** Headers that carry the key or choose the server: the key and the address have fields of their own. */
const OWN_FIELD: ReadonlySet<string> = new Set([
  "authorization",
  "x-api-key",
  "api-key",
  "accept",
  "user-agent",
]);

/** Why a header is not an admin's to add to a model's calls, in a sentence; null when it is. */
export function llmHeaderProblem(name: string): string | null {
  if (!OWN_FIELD.has(name.toLowerCase())) return headerProblem(name);
  return `The header ${name} is set by Parley alone. The key has a field of its own.`;
}
