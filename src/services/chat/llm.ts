import type { Deps } from "../../deps.ts";
import { type LlmConfigId, newId, type TenantId } from "../../domain/ids.ts";
import { type LlmCapabilities, type LlmConfig, type LlmProvider, QUOTING } from "../../domain/llm.ts";
import { toAppError } from "../../errors.ts";
import type { ChatRequest, ProviderModel, ProviderTrouble } from "../../providers/provider.ts";
import { DEFAULT_SYSTEM_PROMPT } from "../../rag/prompt.ts";
import { findCapabilities } from "./llm-capabilities.ts";
import { applyChanges, type LlmConfigChanges, requireComplete } from "./llm-changes.ts";
import { noAnswer } from "./no-answer.ts";

export type LlmDeps = Pick<Deps, "store" | "chatProvider" | "providerCatalog" | "now"> & {
  monotonicNow: () => number;
};

/** What the model is told while a tenant has no system prompt of its own. */
export const defaultSystemPrompt = DEFAULT_SYSTEM_PROMPT;

/** What is tried: one of the saved models, the default unless `id` says which, as it would be after `changes`. */
export type LlmTrial = {
  id?: LlmConfigId | undefined;
  changes: LlmConfigChanges;
  question?: string | undefined;
};

export type LlmTestResult = {
  ok: boolean;
  text: string;
  model: string;
  firstTokenMs: number | null;
  totalMs: number;
  inputTokens: number | null;
  outputTokens: number | null;
  /** What it was found to do; null where a question was given, or it did not answer. */
  capabilities: LlmCapabilities | null;
  error: { code: string; message: string } | null;
};

export type LlmTestEvent = { type: "delta"; text: string } | { type: "done"; result: LlmTestResult };

const TEST_QUESTION = "Say hello in one short sentence.";
/** Of one test, however it goes. */
const MOST_REQUESTS = 3;
const TEST_TIMEOUT_MS = 60_000;
const LIST_TIMEOUT_MS = 10_000;

export async function getLlmConfig(deps: Pick<Deps, "store">, tenantId: TenantId): Promise<LlmConfig> {
  return deps.store.llmConfigs.getDefault(tenantId);
}

/**
 * Why the model's address is not called, in a sentence that says what the operator would have to set; null when nothing
 * that is known without calling it speaks against it.
 */
export function addressProblem(
  { chatProvider }: Pick<Deps, "chatProvider">,
  config: LlmConfig,
): string | null {
  try {
    // Whether the key can be opened is another matter.
    return chatProvider({ ...config, apiKey: null, keyLost: undefined }).refusal?.()?.message ?? null;
  } catch (thrown) {
    const { code, message } = toAppError(thrown);
    return code === "UNSAFE_URL" ? message : null;
  }
}

/** What is wrong with one of the tenant's models, and who answers meanwhile; null while there is nothing to say. */
export type LlmTrouble = ProviderTrouble & {
  /** What the model is called. */
  name: string;
  /** Who answers in its place, by name; null where answers are quoted. */
  meanwhile: string | null;
};

/** Of the first that does not answer, by the last that was heard of it; null while all of them do. */
export async function getLlmTrouble(
  deps: Pick<Deps, "store" | "chatProvider">,
  tenantId: TenantId,
): Promise<LlmTrouble | null> {
  const configs = await deps.store.llmConfigs.chain(tenantId);
  const known = configs.map((config) => ({ config, trouble: troubleOf(deps, config) }));
  const first = known.find(({ trouble }) => trouble !== null);
  if (!first?.trouble) return null;
  const standIn = known.find(({ config, trouble }) => trouble === null && config.provider !== QUOTING);
  return { ...first.trouble, name: first.config.name, meanwhile: standIn?.config.name ?? null };
}

function troubleOf({ chatProvider }: Pick<Deps, "chatProvider">, config: LlmConfig): ProviderTrouble | null {
  try {
    const provider = chatProvider(config);
    const refusal = provider.refusal?.();
    if (refusal) return { code: refusal.code, message: refusal.message, since: config.updatedAt };
    return provider.trouble?.() ?? null;
  } catch (thrown) {
    // Settings that no provider can be made of.
    const { code, message } = toAppError(thrown);
    return { code, message, since: config.updatedAt };
  }
}

/**
 * Changes what is given. A stored key goes only to the address it was entered for.
 * @throws AppError CREDENTIAL_REENTRY_REQUIRED · CREDENTIAL_UNDECRYPTABLE · VALIDATION when the provider needs what is missing
 */
export async function updateLlmConfig(
  deps: LlmDeps,
  tenantId: TenantId,
  changes: LlmConfigChanges,
): Promise<LlmConfig> {
  const current = await deps.store.llmConfigs.getDefault(tenantId);
  const updated = { ...applyChanges(current, changes), updatedAt: deps.now() };
  requireComplete(deps, updated);
  await deps.store.llmConfigs.replaceDefault(tenantId, updated);
  return updated;
}

/** Asks the model one question with settings as they would be after `changes`; nothing is stored but what is found out of saved ones. */
export async function* testLlm(
  deps: LlmDeps,
  tenantId: TenantId,
  { id, changes, question }: LlmTrial,
  signal: AbortSignal,
): AsyncGenerator<LlmTestEvent> {
  const { llmConfigs } = deps.store;
  const saved = await (id === undefined ? llmConfigs.getDefault(tenantId) : llmConfigs.get(tenantId, id));
  const changed = applyChanges(saved, changes);
  // What is heard of settings that are not saved is no trouble of those that are.
  const { byOperator: _, ...fields } = changes;
  const isSaved = Object.values(fields).every((value) => value === undefined);
  const config = isSaved ? changed : { ...changed, updatedAt: deps.now() };
  requireComplete(deps, config);
  const startedAt = deps.monotonicNow();
  const elapsed = () => Math.round(deps.monotonicNow() - startedAt);
  const result: LlmTestResult = {
    ok: false,
    text: "",
    model: config.model,
    firstTokenMs: null,
    totalMs: 0,
    inputTokens: null,
    outputTokens: null,
    capabilities: null,
    error: null,
  };
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(TEST_TIMEOUT_MS)]);
    const provider = deps.chatProvider(config, { requests: MOST_REQUESTS });
    const request = testRequest(config, question ?? TEST_QUESTION);
    let reasoning = false;
    for await (const part of provider.streamChat(request, limited)) {
      if (part.type === "reasoning") reasoning = true;
      if (part.type === "text") {
        result.firstTokenMs ??= elapsed();
        result.text += part.text;
        yield { type: "delta", text: part.text };
      } else if (part.type === "finish") {
        Object.assign(result, part.usage);
        if (result.text === "") throw noAnswer(provider, part.reason);
      }
    }
    if (question === undefined && config.provider !== QUOTING) {
      const streamingUsage = result.outputTokens !== null;
      const found = await findCapabilities(provider, request, limited);
      result.capabilities = { ...found, reasoning: reasoning || found.reasoning, streamingUsage };
      if (isSaved) {
        const { id: tried, updatedAt } = config;
        await llmConfigs.recordTest(tenantId, tried, updatedAt, result.capabilities, deps.now());
      }
    }
    result.ok = true;
  } catch (thrown) {
    const { code, message } = toAppError(thrown);
    result.error = { code, message };
  }
  result.totalMs = elapsed();
  yield { type: "done", result };
}

export async function listLlmModels(deps: LlmDeps, tenantId: TenantId): Promise<ProviderModel[]> {
  const config = await deps.store.llmConfigs.getDefault(tenantId);
  return deps.chatProvider(config).listModels(AbortSignal.timeout(LIST_TIMEOUT_MS));
}

/** What a tenant can choose from. */
export function listLlmProviders({ providerCatalog }: Pick<Deps, "providerCatalog">): readonly LlmProvider[] {
  return providerCatalog.llm;
}

function testRequest(config: LlmConfig, question: string): ChatRequest {
  const { model, temperature, maxTokens } = config;
  // Quoting needs a passage to quote; a model ignores it.
  const passage = {
    n: 1,
    chunk: newId("chunk"),
    source: newId("source"),
    title: "Test",
    headingPath: [],
    page: null,
    text: "Hello from Parley.",
    relevance: 1,
  };
  return {
    model,
    temperature,
    maxTokens,
    messages: [{ role: "user", content: question }],
    tools: [],
    grounding: { question, passages: [passage] },
  };
}
