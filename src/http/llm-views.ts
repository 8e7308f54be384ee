/** Models on their way in and out: keys and the values of headers go in and never come out. */
import type { LlmConfig } from "../domain/llm.ts";
import { lostKeySentence } from "../domain/secret.ts";
import type {
  LlmConfigView,
  LlmProviderConfigView,
  UpdateLlmProviderBody,
} from "../protocol/admin-api/llm.ts";
import type { LlmConfigChanges } from "../services/chat/llm-changes.ts";
import { secretView, toIso } from "./views.ts";

type AboutProvider = Pick<LlmProviderConfigView, "isDefault" | "addressProblem">;

export function llmProviderView(config: LlmConfig, about: AboutProvider): LlmProviderConfigView {
  const { id, name, provider, baseUrl, model, temperature, maxTokens } = config;
  const { contextTokens, inputPrice, outputPrice, ca, proxy, capabilities, testedAt } = config;
  const headers = Object.entries(config.headers).map(([header, value]) => {
    return [header, secretView({ apiKey: value })];
  });
  return {
    ...{ id, name, ...about, provider, baseUrl, apiKey: secretView(config), model, temperature, maxTokens },
    keyProblem: config.keyLost ? lostKeySentence("language model") : null,
    ...{ contextTokens, inputPrice, outputPrice, tls: ca === null ? null : { ca }, proxy },
    headers: Object.fromEntries(headers),
    ...{ capabilities, testedAt: testedAt === null ? null : toIso(testedAt) },
    updatedAt: toIso(config.updatedAt),
  };
}

export function llmConfigView(
  config: LlmConfig,
  about: Pick<LlmConfigView, "addressProblem" | "defaultSystemPrompt">,
): LlmConfigView {
  const { addressProblem, defaultSystemPrompt } = about;
  const view = llmProviderView(config, { isDefault: true, addressProblem });
  return { ...view, systemPrompt: config.systemPrompt, defaultSystemPrompt };
}

/** What was sent, as the service takes it. */
export function llmChanges<Body extends UpdateLlmProviderBody>(
  { tls, ...fields }: Body,
  byOperator: boolean,
): Omit<Body, "tls"> & Pick<LlmConfigChanges, "ca" | "byOperator"> {
  return { ...fields, ca: tls === undefined ? undefined : (tls?.ca ?? null), byOperator };
}
