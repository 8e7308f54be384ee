/** What answers took of language models, in tokens and money. */
import type { Usage } from "./conversation.ts";
import type { LlmConfigId, UnixMs } from "./ids.ts";
import type { LlmConfig, ProviderName } from "./llm.ts";

/** What one answer took of one model. */
export type ModelUse = Usage & {
  /** Which of the tenant's; empty where an answer needed none. */
  llmConfigId: LlmConfigId | "";
  provider: ProviderName;
  model: string;
  /** At the prices of that moment; null where one was missing. */
  costMicros: number | null;
  /** Whether some of the tokens were counted here, because the provider did not say. */
  estimated: boolean;
};

/**
 * What tokens cost, in millionths of the tenant's currency: prices are for a million tokens, so the two millions cancel
 * out. Null without both prices.
 */
export function costMicros(
  { inputPrice, outputPrice }: Pick<LlmConfig, "inputPrice" | "outputPrice">,
  { inputTokens, outputTokens }: Usage,
): number | null {
  if (inputPrice === null || outputPrice === null) return null;
  return Math.round((inputTokens ?? 0) * inputPrice + (outputTokens ?? 0) * outputPrice);
}

export const USAGE_BY = ["day", "provider", "model"] as const;
export type UsageBy = (typeof USAGE_BY)[number];

/** From `from` up to, not including, `to`. */
export type Period = { from: UnixMs; to: UnixMs };

/** What all answers of a day, a provider or a model took together. */
export type UsageSum = {
  /** `2026-11-27`, in UTC; only by day. */
  day?: string;
  /** The vendor; by provider and by model. */
  provider?: ProviderName;
  /** Which of the tenant's models; only by provider, absent where an answer needed none or it is not known. */
  id?: LlmConfigId;
  name?: string;
  model?: string;
  messages: number;
  inputTokens: number;
  outputTokens: number;
  /** Null where nothing of it had a price. */
  costMicros: number | null;
  /** Messages that took tokens of a model without a price, which no cost is in the sum for. */
  unpriced: number;
  /** Whether some of the tokens were counted here. */
  estimated: boolean;
};
