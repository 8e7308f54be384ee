import type { LlmConfigId, TenantId, UnixMs } from "./ids.ts";

export type ProviderName = "extractive" | "openai" | "anthropic" | "ollama";

/** A tenant's configured model. `apiKey` is sealed at rest and never leaves the server. */
export type LlmConfig = {
  id: LlmConfigId;
  tenantId: TenantId;
  provider: ProviderName;
  /** Null means the vendor's own address. */
  baseUrl: string | null;
  apiKey: string | null;
  model: string;
  /** 0 to 2. */
  temperature: number;
  /** Most tokens of one answer. */
  maxTokens: number;
  /** Template; see rag/prompt for its variables. Empty means the built-in one. */
  systemPrompt: string;
  updatedAt: UnixMs;
};
