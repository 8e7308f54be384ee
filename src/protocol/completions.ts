/**
 * What OpenAI-compatible clients send and read, as far as Parley goes by it. Unlike elsewhere, fields that are not known
 * are let pass: clients send more with each release, and what Parley answers with is the tenant's to set.
 */
import { z } from "zod";
import { looseText, spokenText } from "./text.ts";

const LONGEST_MESSAGE = 500_000;
const MOST_MESSAGES = 500;
const MOST_TEXTS = 256;
const LONGEST_TEXT = 32_000;

const textPart = z.looseObject({ type: z.enum(["text", "input_text"]), text: spokenText(LONGEST_MESSAGE) });
const content = z.union([spokenText(LONGEST_MESSAGE), z.array(textPart)], {
  error: "Send text. Parley takes no pictures, sounds or files here.",
});
/** Only what people and the assistant said is gone by; instructions are the tenant's, and tools are used inside. */
const message = z.discriminatedUnion("role", [
  z.looseObject({ role: z.literal("user"), content }),
  z.looseObject({ role: z.literal("assistant"), content: content.nullish() }),
  z.looseObject({ role: z.enum(["system", "developer", "tool", "function"]) }),
]);

/** Whether something was asked for that would be given otherwise than it was meant. */
const absent = (what: string) =>
  z
    .unknown()
    .refine(
      (value) => value === undefined || value === null || (Array.isArray(value) && value.length === 0),
      what,
    );

export const chatCompletionSchema = z.looseObject({
  model: looseText(200),
  messages: z.array(message).min(1, "Send at least one message.").max(MOST_MESSAGES),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.literal(1, "Parley gives one answer.").nullish(),
  tools: absent("The assistant calls its own tools and none of the caller's.").optional(),
  functions: absent("The assistant calls its own tools and none of the caller's.").optional(),
  response_format: z
    .looseObject({ type: z.literal("text", "The assistant answers in text with sources, not in JSON.") })
    .nullish(),
});

export const embeddingsRequestSchema = z.looseObject({
  model: looseText(200),
  input: z.union([looseText(LONGEST_TEXT), z.array(looseText(LONGEST_TEXT)).min(1).max(MOST_TEXTS)], {
    error: `Send a text or up to ${MOST_TEXTS} texts, each of at most ${LONGEST_TEXT.toLocaleString("en")} characters; token numbers are not taken.`,
  }),
  encoding_format: z.enum(["float", "base64"]).nullish(),
  dimensions: absent("The model's vectors have one length.").optional(),
});

export type ChatCompletionRequest = z.output<typeof chatCompletionSchema>;
export type EmbeddingsRequest = z.output<typeof embeddingsRequestSchema>;

export type UrlCitation = {
  type: "url_citation";
  url_citation: { url: string; title: string; start_index: number; end_index: number };
};
export type CompletionUsage = { prompt_tokens: number; completion_tokens: number; total_tokens: number };

export type ChatCompletion = {
  id: string;
  object: "chat.completion";
  created: number;
  model: string;
  choices: {
    index: 0;
    message: { role: "assistant"; content: string; refusal: null; annotations: UrlCitation[] };
    logprobs: null;
    finish_reason: FinishReason;
  }[];
  usage: CompletionUsage;
};

export type ChatCompletionChunk = {
  id: string;
  object: "chat.completion.chunk";
  created: number;
  model: string;
  choices: {
    index: 0;
    delta: { role?: "assistant"; content?: string; annotations?: UrlCitation[] };
    logprobs: null;
    finish_reason: FinishReason | null;
  }[];
  usage?: CompletionUsage | null;
};
export type FinishReason = "stop" | "length" | "content_filter";

export type ModelView = { id: string; object: "model"; created: number; owned_by: "parley" };

export type EmbeddingsAnswer = {
  object: "list";
  model: string;
  data: { object: "embedding"; index: number; embedding: number[] | string }[];
  usage: { prompt_tokens: number; total_tokens: number };
};

/** By `type` and `code` clients choose their exceptions. */
export type CompletionsError = {
  error: { message: string; type: string; param: string | null; code: string | null };
};
