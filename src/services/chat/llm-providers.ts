/** A tenant's language models: which there are, which is asked first, and which take over. No provider is called here. */
import type { Deps } from "../../deps.ts";
import { type LlmConfigId, newId, type TenantId } from "../../domain/ids.ts";
import { type JobHandler, newJob, retryForEver, UNDO_MS } from "../../domain/job.ts";
import { type LlmConfig, PURGE_LLM_CONFIG, QUOTING, UNSAID } from "../../domain/llm.ts";
import { AppError } from "../../errors.ts";
import { applyChanges, type LlmConfigChanges, requireComplete } from "./llm-changes.ts";

export type LlmProvidersDeps = Pick<Deps, "store" | "providerCatalog" | "now">;

/** Nobody tends more. */
export const MAX_LLM_CONFIGS = 50;

/** Close to the passages, and as long as an answer in a chat should be. */
const USUAL = { temperature: 0.2, maxTokens: 1024 };

export type NewLlmConfig = LlmConfigChanges & { name: string; provider: string };

/** The default, then those that take over in their order, then the others. */
export async function listLlmConfigs(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
): Promise<LlmConfig[]> {
  return store.llmConfigs.all(tenantId);
}

export async function getLlmConfigById(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
  configId: LlmConfigId,
): Promise<LlmConfig> {
  return store.llmConfigs.get(tenantId, configId);
}

/** Adds one that is not asked until it is put into the order. @throws AppError VALIDATION · CONFLICT · RESOURCE_LIMIT */
export async function addLlmConfig(
  deps: LlmProvidersDeps,
  tenantId: TenantId,
  { provider, ...given }: NewLlmConfig,
): Promise<LlmConfig> {
  const id = newId("llm-config");
  const empty: LlmConfig = {
    ...{ id, tenantId, name: given.name, provider, baseUrl: null, apiKey: null, savedByOperator: false },
    ...{ model: "", ...USUAL, systemPrompt: "", ...UNSAID, updatedAt: deps.now() },
  };
  const config = applyChanges(empty, given);
  requireComplete(deps, config);
  await deps.store.llmConfigs.create(config, MAX_LLM_CONFIGS);
  return deps.store.llmConfigs.get(tenantId, id);
}

/** @throws AppError as `applyChanges` · VALIDATION when the provider needs what is missing · CONFLICT · NOT_FOUND */
export async function updateLlmConfigById(
  deps: LlmProvidersDeps,
  tenantId: TenantId,
  configId: LlmConfigId,
  changes: LlmConfigChanges,
): Promise<LlmConfig> {
  const current = await deps.store.llmConfigs.get(tenantId, configId);
  const updatedAt = Math.max(deps.now(), current.updatedAt + 1);
  const updated = { ...applyChanges(current, changes), updatedAt };
  requireComplete(deps, updated);
  await deps.store.llmConfigs.update(updated);
  return updated;
}

/** Hides it at once, so that it is not asked any more; `restoreLlmConfig` brings it back for 30 s. */
export async function removeLlmConfig(
  deps: LlmProvidersDeps & { wakeQueue: () => void },
  tenantId: TenantId,
  configId: LlmConfigId,
): Promise<void> {
  const now = deps.now();
  const purge = { ...newJob(now, tenantId, PURGE_LLM_CONFIG, configId), runAt: now + UNDO_MS };
  await deps.store.llmConfigs.remove(tenantId, configId, now, purge);
  deps.wakeQueue();
}

export async function restoreLlmConfig(
  deps: LlmProvidersDeps,
  tenantId: TenantId,
  configId: LlmConfigId,
): Promise<LlmConfig> {
  return deps.store.llmConfigs.restore(tenantId, configId, deps.now());
}

/** The job: deletes a removed model for good. */
export const llmConfigPurge: JobHandler<Pick<Deps, "store">> = {
  priority: 0,
  shown: false,
  lane: "background",
  retryAt: retryForEver,
  async run({ store }, { tenantId, subject }) {
    await store.llmConfigs.purge(tenantId, subject as LlmConfigId);
    return "done";
  },
};

/** Those that take over when the default fails, in their order. */
export async function getLlmChain(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
): Promise<LlmConfigId[]> {
  const [, ...others] = await store.llmConfigs.chain(tenantId);
  return others.map(({ id }) => id);
}

/** @throws AppError VALIDATION for one named twice, or one that only quotes · NOT_FOUND · CONFLICT for the default */
export async function replaceLlmChain(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
  configIds: readonly LlmConfigId[],
): Promise<LlmConfigId[]> {
  if (new Set(configIds).size < configIds.length)
    throw invalidChain("A model stands in the order only once.");
  const configs = await Promise.all(configIds.map((id) => store.llmConfigs.get(tenantId, id)));
  if (configs.some(({ provider }) => provider === QUOTING))
    throw invalidChain("The built-in answers take over by themselves when all models fail. Leave them out.");
  await store.llmConfigs.replaceChain(tenantId, configIds);
  return getLlmChain({ store }, tenantId);
}

/** The tenant's system prompt goes with it; the former default is not asked until it is put into the order. */
export async function makeLlmDefault(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
  configId: LlmConfigId,
): Promise<LlmConfig> {
  await store.llmConfigs.makeDefault(tenantId, configId);
  return store.llmConfigs.getDefault(tenantId);
}

function invalidChain(sentence: string): AppError {
  return new AppError("VALIDATION", sentence, { details: { fields: { providers: sentence } } });
}
