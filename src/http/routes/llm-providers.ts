import type { LlmConfig } from "../../domain/llm.ts";
import {
  chooseLlmDefaultSchema,
  createLlmProviderSchema,
  type LlmProviderConfigView,
  llmChainSchema,
  llmProviderSchema,
  llmProvidersSchema,
  updateLlmProviderSchema,
} from "../../protocol/admin-api/llm.ts";
import { addressProblem, getLlmConfig } from "../../services/chat/llm.ts";
import {
  addLlmConfig,
  getLlmChain,
  getLlmConfigById,
  listLlmConfigs,
  makeLlmDefault,
  removeLlmConfig,
  replaceLlmChain,
  restoreLlmConfig,
  updateLlmConfigById,
} from "../../services/chat/llm-providers.ts";
import { endpoint } from "../endpoint.ts";
import type { HttpDeps } from "../env.ts";
import { llmChanges, llmProviderView } from "../llm-views.ts";

export const llmProviders = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/llm/providers",
      need: { role: "viewer" },
      summary: "All models: the default, those that take over in their order, and the others; never the keys",
      answer: llmProvidersSchema,
    },
    async (deps, { tenantId }) => {
      const [first, ...others] = await listLlmConfigs(deps, tenantId);
      const items = first === undefined ? [] : [first, ...others];
      return { items: items.map((config) => shown(deps, config, config === first)), nextCursor: null };
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/llm/providers",
      need: { role: "admin" },
      summary: "Add a model; nothing is called, and it is not asked before it is in the chain",
      body: createLlmProviderSchema,
      status: 201,
      answer: llmProviderSchema,
    },
    async (deps, { tenantId, principal, body }) => {
      const changes = llmChanges(body, principal.user.operator);
      return shown(deps, await addLlmConfig(deps, tenantId, changes), false);
    },
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/llm/providers/:id",
      need: { role: "viewer" },
      summary: "One model, without its key",
      params: { id: "llm-config" },
      answer: llmProviderSchema,
    },
    async (deps, { tenantId, params }) => found(deps, await getLlmConfigById(deps, tenantId, params.id)),
  ),

  endpoint(
    {
      method: "PATCH",
      path: "/api/admin/llm/providers/:id",
      need: { role: "admin" },
      summary:
        "Change a model; nothing is called, and where it would be sent elsewhere, the key is entered again",
      params: { id: "llm-config" },
      body: updateLlmProviderSchema,
      answer: llmProviderSchema,
    },
    async (deps, { tenantId, principal, params, body }) => {
      const changes = llmChanges(body, principal.user.operator);
      return found(deps, await updateLlmConfigById(deps, tenantId, params.id, changes));
    },
  ),

  endpoint(
    {
      method: "DELETE",
      path: "/api/admin/llm/providers/:id",
      need: { role: "admin" },
      summary: "Delete a model that is not the default; final after 30 s",
      params: { id: "llm-config" },
      status: 204,
    },
    (deps, { tenantId, params }) => removeLlmConfig(deps, tenantId, params.id),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/llm/providers/:id/restore",
      need: { role: "admin" },
      summary: "Undo the deletion; it stands in the chain where it stood",
      params: { id: "llm-config" },
      answer: llmProviderSchema,
    },
    async (deps, { tenantId, params }) =>
      shown(deps, await restoreLlmConfig(deps, tenantId, params.id), false),
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/llm/chain",
      need: { role: "viewer" },
      summary: "Models that take over when the default fails, in their order",
      answer: llmChainSchema,
    },
    async (deps, { tenantId }) => ({ providers: await getLlmChain(deps, tenantId) }),
  ),

  endpoint(
    {
      method: "PUT",
      path: "/api/admin/llm/chain",
      need: { role: "admin" },
      summary: "Which models take over when the default fails, all of them and in this order",
      body: llmChainSchema,
      answer: llmChainSchema,
    },
    async (deps, { tenantId, body }) => ({
      providers: await replaceLlmChain(deps, tenantId, body.providers),
    }),
  ),

  endpoint(
    {
      method: "PUT",
      path: "/api/admin/llm/default",
      need: { role: "admin" },
      summary: "Which model is asked first; the one before it leaves the order",
      body: chooseLlmDefaultSchema,
      answer: llmProviderSchema,
    },
    async (deps, { tenantId, body }) =>
      shown(deps, await makeLlmDefault(deps, tenantId, body.provider), true),
  ),
];

async function found(deps: HttpDeps, config: LlmConfig): Promise<LlmProviderConfigView> {
  const { id } = await getLlmConfig(deps, config.tenantId);
  return shown(deps, config, id === config.id);
}

function shown(deps: HttpDeps, config: LlmConfig, isDefault: boolean): LlmProviderConfigView {
  return llmProviderView(config, { isDefault, addressProblem: addressProblem(deps, config) });
}
