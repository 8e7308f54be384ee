import { streamSSE } from "hono/streaming";
import type { LlmConfig } from "../../domain/llm.ts";
import {
  type LlmConfigView,
  llmCatalogSchema,
  llmConfigSchema,
  llmModelsSchema,
  llmTestAnswerSchema,
  llmTroubleSchema,
  testLlmSchema,
  updateLlmConfigSchema,
} from "../../protocol/admin-api/llm.ts";
import {
  addressProblem,
  defaultSystemPrompt,
  getLlmConfig,
  getLlmTrouble,
  listLlmModels,
  listLlmProviders,
  testLlm,
  updateLlmConfig,
} from "../../services/chat/llm.ts";
import { endpoint } from "../endpoint.ts";
import type { AppContext, HttpDeps } from "../env.ts";
import { wantsEventStream } from "../event-stream.ts";
import { llmChanges, llmConfigView } from "../llm-views.ts";
import { toIso } from "../views.ts";

export const llm = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/llm/catalog",
      need: { role: "viewer" },
      summary: "Providers to choose from, and what each needs",
      answer: llmCatalogSchema,
    },
    (deps) => ({ items: [...listLlmProviders(deps)] }),
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/llm/config",
      need: { role: "viewer" },
      summary: "Model settings; the key is never shown",
      answer: llmConfigSchema,
    },
    async (deps, { tenantId }) => shown(deps, await getLlmConfig(deps, tenantId)),
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/llm/trouble",
      need: { role: "viewer" },
      summary: "Why the model does not answer, if it does not",
      answer: llmTroubleSchema,
    },
    async (deps, { tenantId }) => {
      const trouble = await getLlmTrouble(deps, tenantId);
      return { trouble: trouble && { ...trouble, since: toIso(trouble.since) } };
    },
  ),

  endpoint(
    {
      method: "PUT",
      path: "/api/admin/llm/config",
      need: { role: "admin" },
      summary: "Change model settings",
      body: updateLlmConfigSchema,
      answer: llmConfigSchema,
    },
    async (deps, { tenantId, principal, body }) => {
      const changes = llmChanges(body, principal.user.operator);
      return shown(deps, await updateLlmConfig(deps, tenantId, changes));
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/llm/test",
      need: { role: "admin" },
      summary: "Try settings before saving; with Accept: text/event-stream it streams",
      body: testLlmSchema,
      answer: llmTestAnswerSchema,
    },
    async (deps, { c, tenantId, principal, body: { id, question, ...fields } }) => {
      const changes = llmChanges(fields, principal.user.operator);
      const events = testLlm(deps, tenantId, { id, question, changes }, c.req.raw.signal);
      const first = await events.next();
      return wantsEventStream(c) ? streamTest(c, first, events) : lastResult(c, first, events);
    },
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/llm/models",
      need: { role: "viewer" },
      summary: "Models the saved provider offers",
      answer: llmModelsSchema,
    },
    async (deps, { tenantId }) => ({ items: await listLlmModels(deps, tenantId) }),
  ),
];

function shown(deps: HttpDeps, config: LlmConfig): LlmConfigView {
  return llmConfigView(config, { defaultSystemPrompt, addressProblem: addressProblem(deps, config) });
}

type TestEvents = ReturnType<typeof testLlm>;
type TestEvent = Awaited<ReturnType<TestEvents["next"]>>;

function streamTest(c: AppContext, first: TestEvent, events: TestEvents): Response {
  return streamSSE(c, async (stream) => {
    for (let event = first; !event.done; event = await events.next()) {
      await stream.writeSSE({ event: event.value.type, data: JSON.stringify(event.value) });
    }
  });
}

async function lastResult(c: AppContext, first: TestEvent, events: TestEvents): Promise<Response> {
  for (let event = first; !event.done; event = await events.next()) {
    if (event.value.type === "done") return c.json(event.value.result);
  }
  return c.json(null);
}
