import type {
  CreateLlmProvider,
  LlmConfigView,
  LlmProviderConfigView,
  LlmProviderView,
  LlmTestEvent,
  LlmTrouble,
  UpdateLlmConfig,
  UpdateLlmProvider,
} from "../../src/protocol/admin-api/llm.ts";
import { getJson, sendJson, streamEvents } from "./client.ts";

const LLM = "/api/admin/llm";

export const getLlmCatalog = (signal?: AbortSignal) =>
  getJson<{ items: LlmProviderView[] }>(`${LLM}/catalog`, signal ? { signal } : {});
export const getLlmConfig = (signal?: AbortSignal) =>
  getJson<LlmConfigView>(`${LLM}/config`, signal ? { signal } : {});
export const getLlmTrouble = () => getJson<{ trouble: LlmTrouble }>(`${LLM}/trouble`);
export const saveLlmConfig = (change: UpdateLlmConfig) =>
  sendJson<LlmConfigView>("PUT", `${LLM}/config`, change);
export const listLlmModels = (signal: AbortSignal) =>
  getJson<{ items: { id: string; name: string }[] }>(`${LLM}/models`, { signal });
/** Tries settings before they are saved; what is left out of `change` comes from the saved ones. */
export const testLlm = (change: UpdateLlmConfig & { question?: string; id?: string }, signal: AbortSignal) =>
  streamEvents<LlmTestEvent>(`${LLM}/test`, change, signal);

/** The default first, then those that take over in their order, then the others. */
export const listLanguageModels = (signal?: AbortSignal) =>
  getJson<{ items: LlmProviderConfigView[] }>(`${LLM}/providers`, signal ? { signal } : {});
export const getLanguageModel = (id: string, signal: AbortSignal) =>
  getJson<LlmProviderConfigView>(`${LLM}/providers/${id}`, { signal });
export const addLanguageModel = (model: CreateLlmProvider) =>
  sendJson<LlmProviderConfigView>("POST", `${LLM}/providers`, model);
export const changeLanguageModel = (id: string, change: UpdateLlmProvider) =>
  sendJson<LlmProviderConfigView>("PATCH", `${LLM}/providers/${id}`, change);
export const removeLanguageModel = (id: string) => sendJson("DELETE", `${LLM}/providers/${id}`);
export const restoreLanguageModel = (id: string) =>
  sendJson<LlmProviderConfigView>("POST", `${LLM}/providers/${id}/restore`);
export const getLlmChain = (signal?: AbortSignal) =>
  getJson<{ providers: string[] }>(`${LLM}/chain`, signal ? { signal } : {});
export const saveLlmChain = (providers: readonly string[]) =>
  sendJson<{ providers: string[] }>("PUT", `${LLM}/chain`, { providers });
export const chooseLlmDefault = (provider: string) =>
  sendJson<LlmProviderConfigView>("PUT", `${LLM}/default`, { provider });
