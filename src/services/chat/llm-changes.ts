/** What a model's settings become when an admin changes some of them, and what they must have. */
import type { Deps } from "../../deps.ts";
import type { LlmConfig } from "../../domain/llm.ts";
import { lostKeySentence, requireKeyNotLost } from "../../domain/secret.ts";
import { AppError } from "../../errors.ts";

type Changeable = Pick<
  LlmConfig,
  | ("name" | "provider" | "baseUrl" | "apiKey" | "model" | "temperature" | "maxTokens" | "systemPrompt")
  | ("contextTokens" | "inputPrice" | "outputPrice" | "ca" | "proxy")
>;

/**
 * `byOperator`: who makes them is an operator, so that an address they enter is one that may be called. `headers` are
 * all that there shall be; a value of null is the stored one.
 */
export type LlmConfigChanges = { byOperator: boolean } & {
  [Key in keyof Changeable]?: Changeable[Key] | undefined;
} & { headers?: Record<string, string | null> | undefined };

/**
 * Changes what is given.
 *
 * @throws AppError CREDENTIAL_REENTRY_REQUIRED when a stored secret would be sent elsewhere · CREDENTIAL_UNDECRYPTABLE ·
 *   VALIDATION for a header without a value
 */
export function applyChanges(current: LlmConfig, changes: LlmConfigChanges): LlmConfig {
  const { byOperator, headers, ...fields } = changes;
  const given = Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<LlmConfig>;
  const updated: LlmConfig = { ...current, ...given, keyLost: undefined };
  if (headers !== undefined) updated.headers = withStoredValues(current, headers);
  // An operator's address stays one while it stays the same; what an operator changes besides makes none of another's.
  if (fields.baseUrl !== undefined || fields.proxy !== undefined)
    updated.savedByOperator = byOperator || (current.savedByOperator && !goesElsewhere(current, updated));
  if (isAnotherModel(current, updated)) Object.assign(updated, { capabilities: null, testedAt: null });
  return withOwnSecrets(current, changes, updated);
}

/** @throws AppError VALIDATION when the provider needs what is missing */
export function requireComplete({ providerCatalog }: Pick<Deps, "providerCatalog">, config: LlmConfig): void {
  const provider = providerCatalog.llm.find(({ name }) => name === config.provider);
  if (!provider)
    throw invalid("provider", `There is no provider “${config.provider}”. Choose one of the list.`);
  if (!provider.hasModel) return;
  if (config.model === "") throw invalid("model", "Name the model to use.");
  const mayDoWithoutKey =
    provider.key === "never" || (provider.key === "unless-own-server" && config.baseUrl !== null);
  if (config.apiKey !== null || mayDoWithoutKey) return;
  const orServer = provider.key === "always" ? "" : " For a server of your own, give its base URL.";
  throw invalid("apiKey", `${provider.label} needs an API key.${orServer}`);
}

/** Stored secrets go where they were entered for and nowhere else. */
function withOwnSecrets(current: LlmConfig, changes: LlmConfigChanges, updated: LlmConfig): LlmConfig {
  const keepsHeaders = Object.keys(updated.headers).some((name) => !changes.headers?.[name]);
  const hasKey = current.apiKey !== null || current.keyLost === true;
  const keepsKey = hasKey && changes.apiKey === undefined;
  // Another vendor has another key: what is stored is forgotten, and `requireComplete` asks for it where it is needed.
  if (updated.provider !== current.provider) {
    const headers = keepsHeaders && changes.headers === undefined ? {} : updated.headers;
    return { ...updated, headers, apiKey: keepsKey ? null : updated.apiKey };
  }
  if (!keepsKey && !keepsHeaders) return updated;
  if (keepsKey) requireKeyNotLost(current, "language model");
  if (Object.values(updated.headers).includes(""))
    throw new AppError("CREDENTIAL_UNDECRYPTABLE", lostKeySentence("language model's headers"));
  if (!goesElsewhere(current, updated)) return updated;
  throw new AppError(
    "CREDENTIAL_REENTRY_REQUIRED",
    keepsKey
      ? "The address changed, so the stored key will not be sent there. Enter the key for the new address."
      : "The address changed, so the stored headers will not be sent there. Enter them for the new address.",
  );
}

/** Through another proxy, whoever runs that one would read it; without one it goes to the server alone. */
function goesElsewhere(current: LlmConfig, updated: LlmConfig): boolean {
  return updated.baseUrl !== current.baseUrl || (updated.proxy !== null && updated.proxy !== current.proxy);
}

function isAnotherModel(current: LlmConfig, updated: LlmConfig): boolean {
  const { provider, baseUrl, model } = updated;
  return provider !== current.provider || baseUrl !== current.baseUrl || model !== current.model;
}

function withStoredValues(
  { headers: stored }: LlmConfig,
  headers: Record<string, string | null>,
): Record<string, string> {
  const values = Object.entries(headers).map(([name, value]) => {
    const kept = value ?? stored[name];
    if (kept === undefined) throw invalid("headers", `Enter the value of the header ${name}.`);
    return [name, kept];
  });
  return Object.fromEntries(values);
}

function invalid(field: string, sentence: string): AppError {
  return new AppError("VALIDATION", sentence, { details: { fields: { [field]: sentence } } });
}
