/**
 * What the page calls answer, as schemas. The widget imports the types of chat-protocol.ts for nothing; these say
 * the same to the OpenAPI document, and the type checker that it is the same.
 */
import { z } from "zod";
import { CONFIRMATION_STATES } from "../domain/confirmation.ts";
import { COLUMN_TYPES } from "../domain/tool.ts";
import type {
  ConfirmationView,
  ConversationAnswer,
  HistoryAnswer,
  LookupView,
  MessageAnswer,
  MessageView,
  PublicWidgetConfig,
  SessionAnswer,
} from "./chat-protocol.ts";

export const passageCitationSchema = z.strictObject({
  kind: z.literal("passage"),
  n: z.number(),
  chunk: z.string(),
  source: z.string(),
  title: z.string(),
  page: z.number().exactOptional(),
  headingPath: z.array(z.string()).exactOptional(),
  text: z.string(),
  url: z.string().exactOptional(),
});

const argumentSchema = z.union([z.string(), z.number(), z.boolean()]);

export const lookupViewSchema = z.strictObject({
  tool: z.string().describe("name of the tool"),
  label: z.string(),
  parameters: z.array(
    z.strictObject({
      name: z.string(),
      type: z.enum(["text", "integer", "decimal", "date", "datetime", "boolean", "enum"]),
      description: z.string(),
      required: z.boolean(),
      values: z.array(z.string()).describe("of an enum"),
      labels: z
        .record(z.string(), z.string())
        .optional()
        .describe("how people say one of these, by value, where that is something else"),
      min: z.number().nullable(),
      max: z.number().nullable(),
      pattern: z.string().nullable(),
      example: z.string().nullable(),
    }),
  ),
  values: z.record(z.string(), argumentSchema).describe("what is known already, or was filled in"),
}) satisfies z.ZodType<LookupView>;

export const confirmationViewSchema = z.strictObject({
  call: z.string(),
  tool: z.string().describe("name of the tool"),
  label: z.string(),
  arguments: z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]),
  ),
  words: z
    .array(z.strictObject({ label: z.string(), value: z.string() }))
    .describe("the arguments as people read them"),
  expiresAt: z.string().describe("ISO 8601, UTC"),
  state: z.enum([...CONFIRMATION_STATES, "expired"]),
}) satisfies z.ZodType<ConfirmationView>;

const columnSchema = z.strictObject({
  name: z.string(),
  label: z.string(),
  type: z.enum(COLUMN_TYPES),
  unit: z.string().exactOptional(),
});

/** What a look-up gave. */
export const toolCitationSchema = z.strictObject({
  kind: z.literal("tool"),
  n: z.number(),
  tool: z.string(),
  label: z.string(),
  statement: z
    .string()
    .describe("the SELECT that a model wrote; absent where an admin wrote the query")
    .exactOptional(),
  columns: z.array(columnSchema),
  rows: z
    .array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])))
    .describe("the first 20 at most; numbers that JSON would round are text, times ISO 8601"),
  truncated: z.literal(true).describe("there were more rows").exactOptional(),
  at: z.string().describe("when they were looked up: ISO 8601, UTC"),
});

export const citationViewSchema = z.discriminatedUnion("kind", [passageCitationSchema, toolCitationSchema]);

export const messageViewSchema = z.strictObject({
  id: z.string(),
  role: z.enum(["user", "assistant", "agent", "system", "tool"]),
  content: z.string(),
  citations: z.array(citationViewSchema),
  status: z
    .enum(["streaming", "complete", "interrupted", "failed"])
    .describe("`streaming` only for an answer that is being written right now"),
  createdAt: z.string().describe("ISO 8601, UTC"),
  clientId: z.string().describe("the visitor's own id of a user message").exactOptional(),
  nearest: z
    .array(passageCitationSchema)
    .describe("nearest sources of an answer that found nothing")
    .exactOptional(),
  rating: z.enum(["helpful", "unhelpful"]).exactOptional(),
  smallTalk: z.literal(true).describe("a greeting, thanks and the like, or the reply to it").exactOptional(),
  followUps: z.array(z.string()).describe("questions that the answer offers to go on with").exactOptional(),
  lookup: lookupViewSchema
    .describe("the look-up that an answer offers; on a visitor's message, the one that was filled in")
    .exactOptional(),
  confirmations: z
    .array(confirmationViewSchema)
    .describe("what the answer asks its visitor to confirm, and what became of that")
    .exactOptional(),
  error: z.strictObject({ code: z.string(), message: z.string() }).describe("why it failed").exactOptional(),
}) satisfies z.ZodType<MessageView>;

export const sessionAnswerSchema = z.strictObject({
  session: z.string(),
  token: z.string(),
  expiresAt: z.string().describe("ISO 8601, UTC"),
}) satisfies z.ZodType<SessionAnswer>;

export const historyAnswerSchema = z.strictObject({
  session: z.string(),
  conversation: z.string(),
  seq: z.number(),
  messages: z.array(messageViewSchema),
  running: z
    .string()
    .nullable()
    .describe("the answer that is being written, or the question that waits for one"),
}) satisfies z.ZodType<HistoryAnswer>;

export const messageAnswerSchema = z.strictObject({
  session: z.string(),
  message: messageViewSchema,
}) satisfies z.ZodType<MessageAnswer>;

export const conversationAnswerSchema = z.strictObject({
  session: z.string(),
  conversation: z.string(),
}) satisfies z.ZodType<ConversationAnswer>;

export const publicWidgetConfigSchema = z.strictObject({
  displayName: z.string(),
  subtitle: z.string(),
  greeting: z.string(),
  primaryColor: z.string(),
  theme: z.enum(["light", "dark", "auto"]),
  position: z.enum(["bottom-right", "bottom-left"]),
  logoUrl: z.string().nullable().describe("path on Parley's origin"),
  suggestedQuestions: z.array(z.string()),
  organisation: z.string().describe("for “who sees this conversation”"),
}) satisfies z.ZodType<PublicWidgetConfig>;
