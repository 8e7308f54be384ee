import type { LlmCapabilitiesView, LlmProviderConfigView } from "../../../src/protocol/admin-api/llm.ts";
import { number } from "../../format.ts";

const CAPABILITIES: Record<keyof LlmCapabilitiesView, string> = {
  tools: "tools",
  images: "pictures",
  reasoning: "shows its thoughts",
  systemRole: "heeds the system prompt",
  streamingUsage: "tells its usage",
};

/** What a test found, and what it did not; never a guess. */
export function foundWords({
  provider,
  capabilities,
}: Pick<LlmProviderConfigView, "provider" | "capabilities">): string {
  if (provider === "extractive") return "–";
  if (capabilities === null) return "Not tested";
  const named = (found: boolean) =>
    Object.entries(CAPABILITIES)
      .filter(([key]) => capabilities[key as keyof LlmCapabilitiesView] === found)
      .map(([, label]) => label);
  const [can, cannot] = [named(true), named(false)];
  const parts = [can.join(", "), cannot.length > 0 && `not: ${cannot.join(", ")}`].filter(Boolean);
  return parts.join(" · ") || "Nothing found";
}

export function priceWords({
  inputPrice,
  outputPrice,
  contextTokens,
}: Pick<LlmProviderConfigView, "inputPrice" | "outputPrice" | "contextTokens">): string {
  const price =
    inputPrice === null || outputPrice === null
      ? "No price"
      : `${inputPrice} in, ${outputPrice} out per million`;
  return contextTokens === null ? price : `${price} · ${number(contextTokens)} tokens of context`;
}
