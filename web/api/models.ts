import type {
  BuildIndex,
  EmbeddingIndexView,
  LocalModelView,
  ModelsView,
} from "../../src/protocol/admin-api/models.ts";
import { getJson, sendJson, uploadFile } from "./client.ts";

const MODELS = "/api/admin/models";

export const getModels = (signal?: AbortSignal) => getJson<ModelsView>(MODELS, signal ? { signal } : {});
export const buildIndex = (model: BuildIndex) =>
  sendJson<EmbeddingIndexView>("POST", `${MODELS}/indexes`, model);
export const activateIndex = (id: string) =>
  sendJson<EmbeddingIndexView>("POST", `${MODELS}/indexes/${id}/activate`);
export const retireIndex = (id: string) =>
  sendJson<EmbeddingIndexView>("POST", `${MODELS}/indexes/${id}/retire`);
export const rollBack = () => sendJson<EmbeddingIndexView>("POST", `${MODELS}/roll-back`);
export const removeIndex = (id: string) => sendJson<void>("DELETE", `${MODELS}/indexes/${id}`);
export const importModel = (
  file: File,
  onSent: (sent: number) => void,
  options: { signal: AbortSignal; tenant: string },
) => uploadFile<LocalModelView>(`${MODELS}/import`, file, onSent, options);
export const removeModel = (name: string) =>
  sendJson<void>("DELETE", `${MODELS}/local/${encodeURIComponent(name)}`);
/** Null switches reranking off. */
export const chooseReranker = (model: string | null) =>
  sendJson<ModelsView>("PUT", `${MODELS}/reranker`, { model });
