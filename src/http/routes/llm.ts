import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { testLlmSchema, updateLlmConfigSchema } from "../../protocol/admin-api/llm.ts";
import {
  defaultSystemPrompt,
  getLlmConfig,
  type LlmTestResult,
  listModels,
  testLlm,
  updateLlmConfig,
} from "../../services/chat/model-settings.ts";
import type { AdminEnv, HttpDeps } from "../env.ts";
import { jsonBody } from "../validate.ts";
import { llmConfigView } from "../views.ts";

/** /api/admin/llm */
export function llmRoutes(deps: HttpDeps) {
  return new Hono<AdminEnv>()
    .get("/config", async (c) =>
      c.json(llmConfigView(await getLlmConfig(deps, c.var.tenantId), defaultSystemPrompt)),
    )

    .put("/config", async (c) => {
      const changes = await jsonBody(c, updateLlmConfigSchema);
      return c.json(llmConfigView(await updateLlmConfig(deps, c.var.tenantId, changes), defaultSystemPrompt));
    })

    .get("/models", async (c) => c.json({ items: await listModels(deps, c.var.tenantId) }))

    .post("/test", async (c) => {
      const { question, ...changes } = await jsonBody(c, testLlmSchema);
      const events = testLlm(deps, c.var.tenantId, changes, question, c.req.raw.signal);
      const first = await events.next();
      if (c.req.header("accept")?.includes("text/event-stream")) {
        return streamSSE(c, async (stream) => {
          for (let event = first; !event.done; event = await events.next()) {
            await stream.writeSSE({ event: event.value.type, data: JSON.stringify(event.value) });
          }
        });
      }
      let result: LlmTestResult | null = null;
      for (let event = first; !event.done; event = await events.next()) {
        if (event.value.type === "done") result = event.value.result;
      }
      return c.json(result);
    });
}
