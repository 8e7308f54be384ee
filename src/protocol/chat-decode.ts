import { z } from "zod";
import { CLIENT_MESSAGE_ID, idPattern } from "../domain/ids.ts";

/** Longest message a visitor may send, in characters; past 8 kB of UTF-8 it is refused with 413. */
export const MAX_MESSAGE_CHARACTERS = 8000;

const pageContext = z.strictObject({
  url: z.string().max(2000).optional(),
  title: z.string().max(300).optional(),
});

const messageText = z.string().min(1).max(100_000);

/** Frames a client may send; unknown keys and unknown types are errors. */
export const clientFrameSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("hello"),
    token: z.string().min(20).max(200),
    after: z.number().int().min(0).optional(),
    locale: z.string().max(35).optional(),
    page: pageContext.optional(),
  }),
  z.strictObject({
    type: z.literal("message"),
    id: z.string().regex(CLIENT_MESSAGE_ID),
    text: messageText,
    context: pageContext.optional(),
  }),
  z.strictObject({ type: z.literal("stop") }),
  z.strictObject({
    type: z.literal("feedback"),
    message: z.string().regex(idPattern("message")),
    rating: z.enum(["helpful", "unhelpful"]),
    comment: z.string().max(2000).optional(),
  }),
  z.strictObject({ type: z.literal("ping") }),
]);

export const sessionRequestSchema = z.strictObject({
  key: z.string().regex(/^pk_[A-Za-z0-9_-]{16,64}$/),
  identity: z.string().max(8000).optional(),
  session: z.string().regex(idPattern("chat-session")).optional(),
});

export const messageRequestSchema = z.strictObject({
  session: z.string().regex(idPattern("chat-session")),
  id: z.string().regex(CLIENT_MESSAGE_ID),
  text: messageText,
  context: pageContext.optional(),
});

export const conversationRequestSchema = z.strictObject({
  session: z.string().regex(idPattern("chat-session")),
});

export const stopRequestSchema = z.strictObject({
  session: z.string().regex(idPattern("chat-session")),
});

export const feedbackRequestSchema = z.strictObject({
  session: z.string().regex(idPattern("chat-session")),
  message: z.string().regex(idPattern("message")),
  rating: z.enum(["helpful", "unhelpful"]),
  comment: z.string().max(2000).optional(),
});

/** `GET /api/chat/events/:session`: what came after the last `seq` that the client has seen. */
export const eventsQuery = z.strictObject({ after: z.coerce.number().int().min(0).optional() });
