/** What answers took of language models, in tokens and money. */
import type { Usage } from "./conversation.ts";
import type { LlmConfigId } from "./ids.ts";
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
