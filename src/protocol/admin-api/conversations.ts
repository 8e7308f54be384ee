import { z } from "zod";
import { CONVERSATION_SOURCES } from "../../domain/conversation.ts";
import { idPattern } from "../../domain/ids.ts";
import { SMALL_TALK_KINDS } from "../../domain/small-talk.ts";
import {
  citationViewSchema,
  confirmationViewSchema,
  lookupViewSchema,
  passageCitationSchema,
} from "../chat-answers.ts";
import { linesText, looseText, spokenText } from "../text.ts";
import { isoTime, languageCode, moment, pageOf, pageQuery } from "./common.ts";
import { triedVisitorSchema } from "./tools.ts";

/** How the latest question ended; `small-talk` where nothing has been asked yet. */
const outcome = z.enum(["answered", "abstained", "failed", "interrupted", "small-talk"]);

export const conversationSchema = z.strictObject({
  id: z.string(),
  /** The first question, cut to a line. */
  title: z.string().nullable(),
  source: z.enum(CONVERSATION_SOURCES).describe("`api` for what a program asked"),
  visitor: z
    .strictObject({ id: z.string(), name: z.string().nullable(), email: z.string().nullable() })
    .nullable(),
  page: z.strictObject({ url: z.string().nullable(), title: z.string().nullable() }).nullable(),
  messageCount: z.number(),
  lastOutcome: outcome.nullable(),
  flagged: z.boolean(),
  flagReason: z.string().nullable(),
  note: z.string().nullable(),
  starred: z.boolean(),
  legalHold: z.boolean().describe("it cannot be deleted"),
  languages: z.array(z.string()).describe("ISO 639-3, of what its visitor wrote"),
  providers: z.array(z.string()).describe("of its answers"),
  createdAt: isoTime,
  updatedAt: isoTime,
});
export const conversationPageSchema = pageOf(conversationSchema);

const yesOrNo = z.enum(["true", "false"]).transform((value) => value === "true");
const rating = z.enum(["helpful", "unhelpful"]);
const filterOf = <Flag extends z.ZodType<boolean>>(flag: Flag) => ({
  q: looseText(200).optional(),
  outcome: outcome.optional(),
  from: moment
    .optional()
    .describe("latest activity, inclusive: a date, which begins at 00:00 UTC, or a date-time"),
  to: moment.optional().describe("latest activity, exclusive"),
  flagged: flag.optional(),
  starred: flag.optional(),
  legalHold: flag.optional(),
  rating: rating.optional().describe("of any of its answers"),
  language: languageCode.optional().describe("one that its visitor wrote in, as `deu` or `de`"),
  abstained: flag.optional().describe("whether any of its answers found nothing"),
  tools: flag.optional().describe("whether a tool was called for any of its answers"),
  provider: looseText(100).optional(),
});
/** All conditions hold of what is found. */
const inQuery = filterOf(yesOrNo);

export const listConversationsQuery = z.strictObject({ ...pageQuery, ...inQuery });

/** `GET /api/admin/conversations/export` */
export const exportConversationsQuery = z.strictObject({
  format: z.enum(["csv", "jsonl"]).default("csv"),
  ...inQuery,
});

/** What there is to choose from in the list's filters. */
export const conversationFiltersSchema = z.strictObject({
  languages: z.array(z.string()),
  providers: z.array(z.string()),
});

/** What is left out stays; null and empty texts take away. */
export const markConversationSchema = z.strictObject({
  flagged: z.boolean().optional(),
  flagReason: linesText(500).nullable().optional().describe("goes with the flag"),
  note: linesText(4_000).nullable().optional(),
  starred: z.boolean().optional(),
});

export const holdConversationSchema = z.strictObject({ legalHold: z.boolean() });

/** Either these, or what a filter finds; a filter without a condition is refused. */
export const deleteConversationsSchema = z.union([
  z.strictObject({
    ids: z
      .array(z.string().regex(idPattern("conversation")))
      .min(1)
      .max(1_000),
  }),
  z.strictObject({
    filter: z
      .strictObject(filterOf(z.boolean()))
      .refine((filter) => Object.values(filter).some((value) => value !== undefined && value !== ""), {
        message: "Give at least one condition, or all conversations would be deleted.",
      }),
  }),
]);
export const deletionSchema = z.strictObject({
  deleted: z.number(),
  held: z.number().describe("left alone because they are under legal hold; 1,000 at most"),
  deletion: z.string().nullable().describe("brings them back for 30 s; null when nothing was deleted"),
});

export const restoreDeletionSchema = z.strictObject({ deletion: z.string().regex(idPattern("deletion")) });
export const restoredDeletionSchema = z.strictObject({ restored: z.number() });

export const messageSchema = z.strictObject({
  id: z.string(),
  role: z.enum(["user", "assistant", "agent", "system", "tool"]),
  content: z.string(),
  citations: z.array(citationViewSchema),
  status: z.enum(["streaming", "complete", "interrupted", "failed"]),
  abstained: z.boolean(),
  nearest: z.array(passageCitationSchema),
  smallTalk: z
    .enum(SMALL_TALK_KINDS)
    .nullable()
    .describe("what kind it is, or answers; neither answered nor abstained"),
  followUps: z.array(z.string()).describe("questions that the answer offers to go on with"),
  lookup: lookupViewSchema
    .nullable()
    .describe("the look-up that an answer offers; on a visitor's message, the one that was filled in"),
  confirmations: z.array(confirmationViewSchema),
  language: z.string().nullable().describe("ISO 639-3"),
  rating: rating.nullable(),
  errorCode: z.string().nullable(),
  createdAt: isoTime,
});

/** `GET /api/admin/conversations/:id` */
export const conversationDetailSchema = z.strictObject({
  conversation: conversationSchema,
  messages: z.array(messageSchema),
});

/** `GET /api/admin/conversations/:id/messages/:message/trace`: how an answer came about. */
export const traceSchema = z.strictObject({
  question: z.string(),
  smallTalk: z.enum(SMALL_TALK_KINDS).describe("nothing was searched then").optional(),
  rewrittenQuery: z.string(),
  wordings: z.array(z.string()).describe("what was searched for besides, as a model worded it").optional(),
  synonyms: z.array(z.string()).describe("of the tenant, that the question met, as lines").optional(),
  candidates: z.array(
    z.strictObject({
      chunk: z.string(),
      source: z.string(),
      title: z.string(),
      headingPath: z.array(z.string()),
      page: z.number().nullable(),
      excerpt: z.string(),
      lexical: z.number().nullable(),
      dense: z.number().nullable(),
      fused: z.number(),
      rerank: z.number().nullable(),
      relevance: z.number(),
      kept: z.boolean(),
      reason: z.string(),
    }),
  ),
  provider: z.string(),
  model: z.string(),
  /** Where the model was asked; absent where none was, and in older answers. */
  host: z.string().optional(),
  /** Empty where no model was asked. */
  passedOver: z
    .array(
      z.strictObject({
        ...{ id: z.string(), name: z.string(), model: z.string() },
        ...{ code: z.string(), message: z.string(), ms: z.number() },
      }),
    )
    .describe("models that were asked before and failed")
    .optional(),
  reasoning: z
    .strictObject({ text: z.string(), tokens: z.number().describe("about; among those of the usage") })
    .describe("what the model thought before it wrote")
    .optional(),
  prompt: z.array(z.strictObject({ role: z.string(), content: z.string() })),
  tools: z.array(z.string()).describe("that the model could call").optional(),
  toolCalls: z.array(
    z.strictObject({
      name: z.string(),
      label: z.string().optional(),
      tool: z.string().describe("its id, where it ran").optional(),
      n: z.number().describe("by which the answer cites what it gave").optional(),
      state: z.literal("pending_confirmation").describe("it was put before the visitor").optional(),
      arguments: z.string(),
      result: z.string(),
      ms: z.number(),
      /** Why it failed. */
      error: z.string().optional(),
    }),
  ),
  support: z
    .array(
      z.strictObject({
        text: z.string(),
        n: z.number().nullable().describe("the passage that supports it best"),
        words: z.number(),
        meaning: z.number().nullable(),
        verdict: z.enum(["supported", "unsupported", "uncited", "unclear"]),
      }),
    )
    .describe("what stands behind each sentence that a model wrote")
    .optional(),
  usage: z.strictObject({ inputTokens: z.number().nullable(), outputTokens: z.number().nullable() }),
  timings: z.strictObject({
    /** Until there was a place for another answer; absent where there was one at once. */
    waitMs: z.number().optional(),
    rewriteMs: z.number(),
    retrieveMs: z.number(),
    firstTokenMs: z.number().nullable(),
    generateMs: z.number(),
    totalMs: z.number(),
  }),
  outcome: z.strictObject({ status: z.string(), code: z.string().nullable(), reason: z.string().nullable() }),
});

/** A question as a visitor would ask it, and the language of the page they would be on. */
export const tryQuestionSchema = z.strictObject({
  question: spokenText(8_000),
  locale: looseText(35).optional(),
  /** The only tool to try, switched on or not. One that changes something is asked to be confirmed, and never runs. */
  tool: z.string().regex(idPattern("tool"), "This is no id of a tool.").optional(),
  /** As whom it is asked. */
  visitor: triedVisitorSchema.nullish(),
});
/** The answer as it would be stored, and how it came about. Neither is. */
export const triedAnswerSchema = z.strictObject({ answer: messageSchema, trace: traceSchema });

export type ConversationFilters = z.infer<typeof conversationFiltersSchema>;
export type MarkConversation = z.infer<typeof markConversationSchema>;
export type DeleteConversations = z.input<typeof deleteConversationsSchema>;
export type DeletionView = z.infer<typeof deletionSchema>;
export type ConversationView = z.infer<typeof conversationSchema>;
export type ConversationDetail = z.infer<typeof conversationDetailSchema>;
export type AdminMessageView = z.infer<typeof messageSchema>;
export type TraceView = z.infer<typeof traceSchema>;
export type TriedAnswer = z.infer<typeof triedAnswerSchema>;
