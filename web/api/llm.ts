import type {
  LlmConfigView,
  LlmProviderView,
  LlmTestEvent,
  LlmTrouble,
  UpdateLlmConfig,
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
export const testLlm = (change: UpdateLlmConfig & { question?: string }, signal: AbortSignal) =>
  streamEvents<LlmTestEvent>(`${LLM}/test`, change, signal);
