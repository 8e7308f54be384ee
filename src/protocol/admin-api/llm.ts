import { z } from "zod";
import { isHeaderValue } from "../../domain/credential.ts";
import { isId, type LlmConfigId } from "../../domain/ids.ts";
import { llmHeaderProblem } from "../../domain/llm.ts";
import { addressText, exactText, keyText, linesText, lineText, looseText } from "../text.ts";
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

/** What a test found a model to do; null where it did not come to it. */
export const capabilitiesSchema = z.strictObject({
  tools: z.boolean().nullable(),
  images: z.boolean().nullable(),
  reasoning: z.boolean().nullable(),
  systemRole: z.boolean().nullable(),
  streamingUsage: z.boolean().nullable(),
});

/** One of a tenant's models: where it is asked, how, and what it costs. */
export const llmProviderSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** Whether it is the one that is asked first. */
  isDefault: z.boolean(),
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
  contextTokens: z.number().nullable(),
  /** For a million tokens, in the tenant's currency. */
  inputPrice: z.number().nullable(),
  outputPrice: z.number().nullable(),
  /** `ca`: certificates in PEM that are trusted in place of the system's. */
  tls: z.strictObject({ ca: z.string() }).nullable(),
  proxy: z.string().nullable(),
  /** By name; the values are shown like keys. */
  headers: z.record(z.string(), secretSchema),
  /** What the last test found out; null when these settings were not tested. */
  capabilities: capabilitiesSchema.nullable(),
  testedAt: isoTime.nullable(),
  updatedAt: isoTime,
});

/** `GET /api/admin/llm/providers`: the default, then those that take over in their order, then the others. */
export const llmProvidersSchema = z.strictObject({
  items: z.array(llmProviderSchema),
  nextCursor: z.null(),
});

/** The model that is asked first, and what every model of the tenant is told. */
export const llmConfigSchema = llmProviderSchema.extend({
  systemPrompt: z.string(),
  /** What is used while `systemPrompt` is empty. */
  defaultSystemPrompt: z.string(),
});

/** `GET /api/admin/llm/trouble`: why one of the tenant's models does not answer; null while all do, or were not asked. */
export const llmTroubleSchema = z.strictObject({
  trouble: z
    .strictObject({
      code: z.string(),
      message: z.string(),
      since: isoTime,
      /** Which model it is. */
      name: z.string(),
      /** Which one answers meanwhile; null where answers are quoted. */
      meanwhile: z.string().nullable(),
    })
    .nullable(),
});

const price = z.number().min(0).max(1_000_000).nullable();
const headerName = lineText(100).superRefine((name, context) => {
  const problem = llmHeaderProblem(name);
  if (problem) context.addIssue({ code: "custom", message: problem });
});
const headerValue = exactText()
  .min(1, "Enter the value.")
  .max(4_000)
  .refine(isHeaderValue, "A value has no line breaks and no signs beyond Latin letters.");

/** What of a model can be entered; `null` takes a value away. */
const settings = {
  name: lineText(100),
  provider: providerName,
  /** Null means the vendor's own. */
  baseUrl: z.union([z.literal("").transform(() => null), addressText(2000)]).nullable(),
  apiKey: keyText(1000).nullable(),
  model: lineText(200, 0),
  temperature: z.number().min(0).max(2),
  maxTokens: z.number().int().min(16).max(32_000),
  contextTokens: z.number().int().min(512).max(100_000_000).nullable(),
  inputPrice: price,
  outputPrice: price,
  /** Null means that the system's certificates are trusted and no others. */
  tls: z
    .strictObject({
      ca: linesText(200_000).refine(
        isPem,
        "Paste certificates in PEM: -----BEGIN CERTIFICATE----- and so on.",
      ),
    })
    .nullable(),
  proxy: z
    .union([
      z.literal("").transform(() => null),
      addressText(2000).refine(
        isProxy,
        "A proxy looks like http://proxy.example.org:3128, with nothing behind the port.",
      ),
    ])
    .nullable(),
  /** All that there shall be, by name; a value of null is the stored one. */
  headers: z
    .record(headerName, headerValue.nullable())
    .refine((headers) => Object.keys(headers).length <= 20, "There may be 20 headers."),
};

/** `PATCH` changes what is given; `apiKey: null` removes the key, `baseUrl: null` means the vendor's own. */
export const updateLlmProviderSchema = z.strictObject(settings).partial();
export const createLlmProviderSchema = updateLlmProviderSchema.required({ name: true, provider: true });

/** `PUT` changes what is given, as for every provider; the system prompt is what all of them are told. */
export const updateLlmConfigSchema = updateLlmProviderSchema.extend({
  systemPrompt: linesText(20_000).optional(),
});

const configId = z
  .string()
  .refine((text): text is LlmConfigId => isId("llm-config", text), "This is no id of a model.");

/** `GET` and `PUT /api/admin/llm/chain`: those that take over when the default fails, in this order. */
export const llmChainSchema = z.strictObject({ providers: z.array(configId).max(50) });

/** `PUT /api/admin/llm/default`: which is asked first. The one before it is not asked until it is put into the chain. */
export const chooseLlmDefaultSchema = z.strictObject({ provider: configId });

/**
 * `POST /api/admin/llm/test`: tries settings before they are saved; what is left out is taken from the
 * saved ones. Answers JSON, or with `Accept: text/event-stream` the events of `llmTestEventSchema`.
 */
export const testLlmSchema = updateLlmConfigSchema.extend({
  /** Which of the saved ones is tried; the default one unless given. */
  id: configId.optional(),
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
  /** What it was found to do; null where a question was given, or it did not answer. */
  capabilities: capabilitiesSchema.nullable(),
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

export type LlmChain = z.output<typeof llmChainSchema>;
export type LlmCapabilitiesView = z.infer<typeof capabilitiesSchema>;
export type LlmProviderConfigView = z.infer<typeof llmProviderSchema>;
export type UpdateLlmProvider = z.input<typeof updateLlmProviderSchema>;
export type CreateLlmProvider = z.input<typeof createLlmProviderSchema>;
export type UpdateLlmProviderBody = z.output<typeof updateLlmProviderSchema>;
export type LlmConfigView = z.infer<typeof llmConfigSchema>;
export type UpdateLlmConfig = z.input<typeof updateLlmConfigSchema>;
export type LlmTestAnswer = z.infer<typeof llmTestAnswerSchema>;
export type LlmTestEvent = z.infer<typeof llmTestEventSchema>;
export type LlmProviderView = z.infer<typeof llmCatalogSchema>["items"][number];
export type LlmTrouble = z.infer<typeof llmTroubleSchema>["trouble"];

function isPem(text: string): boolean {
  return /^\s*(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/.test(text);
}

function isProxy(text: string): boolean {
  return /^http:\/\/[^/?#@]+\/?$/i.test(text);
}
