import { z } from "zod";
import { addressText, keyText, linesText, lineText, looseText } from "../text.ts";
import { isoTime } from "./common.ts";

/** The name of one of `GET /api/admin/llm/catalog`. */
const providerName = lineText(40);

/** `GET /api/admin/llm/catalog`: the providers to choose from, and what each needs. */
export const llmCatalogSchema = z.strictObject({
  items: z.array(
    z.strictObject({
      name: providerName,
      label: z.string(),
      hint: z.string(),
      /** Whether a model is chosen and told what to do; the one that only quotes has none. */
      hasModel: z.boolean(),
      /** Null where there is no address to enter. */
      addressHelp: z.string().nullable(),
      /** `unless-own-server`: none is needed where a `baseUrl` is given. */
      key: z.enum(["never", "always", "unless-own-server"]),
    }),
  ),
});

/** How a stored secret is shown: whether it is set, and its last four characters. */
export const secretSchema = z.strictObject({ set: z.boolean(), last4: z.string().nullable() });

export const llmConfigSchema = z.strictObject({
  provider: providerName,
  baseUrl: z.string().nullable(),
  /** Why this address is not called, and what the operator can set; null when nothing is known to speak against it. */
  addressProblem: z.string().nullable(),
  apiKey: secretSchema,
  /** Why the key that is set cannot be used; null when there is nothing wrong with it. */
  keyProblem: z.string().nullable(),
  model: z.string(),
  temperature: z.number(),
  maxTokens: z.number(),
  systemPrompt: z.string(),
  /** What is used while `systemPrompt` is empty. */
  defaultSystemPrompt: z.string(),
  updatedAt: isoTime,
});

/** `GET /api/admin/llm/trouble`: why the tenant's model does not answer; null while it does, or was not asked. */
export const llmTroubleSchema = z.strictObject({
  trouble: z.strictObject({ code: z.string(), message: z.string(), since: isoTime }).nullable(),
});

/** `PUT` changes what is given; `apiKey: null` removes the key, `baseUrl: null` means the vendor's own. */
export const updateLlmConfigSchema = z
  .strictObject({
    provider: providerName,
    baseUrl: z.union([z.literal("").transform(() => null), addressText(2000)]).nullable(),
    apiKey: keyText(1000).nullable(),
    model: lineText(200, 0),
    temperature: z.number().min(0).max(2),
    maxTokens: z.number().int().min(16).max(32_000),
    systemPrompt: linesText(20_000),
  })
  .partial();

/**
 * `POST /api/admin/llm/test`: tries settings before they are saved; what is left out is taken from the
 * saved ones. Answers JSON, or with `Accept: text/event-stream` the events of `llmTestEventSchema`.
 */
export const testLlmSchema = updateLlmConfigSchema.extend({
  question: looseText(2000).min(1).optional(),
});

export const llmTestAnswerSchema = z.strictObject({
  ok: z.boolean(),
  text: z.string(),
  model: z.string(),
  firstTokenMs: z.number().nullable(),
  totalMs: z.number(),
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
});

/** Server-sent events of the test: `delta` as it streams, then one `done`. Each is the `data:` of an event of that name. */
export const llmTestEventSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("delta"), text: z.string() }),
  z.strictObject({ type: z.literal("done"), result: llmTestAnswerSchema }),
]);

/** `GET /api/admin/llm/models`: what the saved provider offers. */
export const llmModelsSchema = z.strictObject({
  items: z.array(z.strictObject({ id: z.string(), name: z.string() })),
});

export type LlmConfigView = z.infer<typeof llmConfigSchema>;
export type UpdateLlmConfig = z.input<typeof updateLlmConfigSchema>;
export type LlmTestAnswer = z.infer<typeof llmTestAnswerSchema>;
export type LlmTestEvent = z.infer<typeof llmTestEventSchema>;
export type LlmProviderView = z.infer<typeof llmCatalogSchema>["items"][number];
export type LlmTrouble = z.infer<typeof llmTroubleSchema>["trouble"];
