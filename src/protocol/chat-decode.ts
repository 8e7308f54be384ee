import { z } from "zod";
import { CLIENT_MESSAGE_ID, idPattern } from "../domain/ids.ts";
import { exactText, looseText, spokenText } from "./text.ts";

/** Longest message a visitor may send, in characters; past 8 kB of UTF-8 it is refused with 413. */
export const MAX_MESSAGE_CHARACTERS = 8000;

const pageContext = z.strictObject({
  url: looseText(2000).optional(),
  title: looseText(300).optional(),
});

/** The language that the widget speaks, as browsers name it. */
const locale = looseText(35);
const messageText = spokenText(100_000).min(1);
const sessionId = z.string().regex(idPattern("chat-session"), "This is no id of a session.");
const messageId = z.string().regex(idPattern("message"), "This is no id of a message.");
const clientId = z.string().regex(CLIENT_MESSAGE_ID, "Use 8 to 64 letters, digits, _ or -.");
const comment = spokenText(2000);

/** What was filled in is judged by the tool's own parameters. */
const filledLookup = z.strictObject({
  tool: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, "This is no name of a tool."),
  values: z.record(exactText().max(63), z.json()),
});

/** `arguments` are those that the visitor saw, where a program says so: other ones are refused. */
const confirmation = z.strictObject({
  call: z.string().regex(idPattern("tool-call"), "This is no id of a call."),
  accept: z.boolean(),
  arguments: z.record(exactText().max(63), z.json()).optional(),
});

/** Frames a client may send; unknown keys and unknown types are errors. */
export const clientFrameSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("hello"),
    token: exactText().min(20).max(200),
    after: z.number().int().min(0).optional(),
    locale: locale.optional(),
    page: pageContext.optional(),
  }),
  z.strictObject({
    type: z.literal("message"),
    id: clientId,
    text: messageText,
    locale: locale.optional(),
    context: pageContext.optional(),
  }),
  z.strictObject({
    type: z.literal("lookup"),
    id: clientId,
    ...filledLookup.shape,
    locale: locale.optional(),
  }),
  z.strictObject({ type: z.literal("stop") }),
  z.strictObject({
    type: z.literal("feedback"),
    message: messageId,
    rating: z.enum(["helpful", "unhelpful"]),
    comment: comment.optional(),
  }),
  z.strictObject({ type: z.literal("confirm"), ...confirmation.shape }),
  z.strictObject({ type: z.literal("ping") }),
]);

/** Whatever stands there and is no text of a token is a wrong token, and told as one. */
const identityText = z.unknown().transform((given) => {
  const text = exactText().max(8000).safeParse(given);
  return text.success ? text.data : "";
});

export const sessionRequestSchema = z.strictObject({
  key: z.string().regex(/^pk_[A-Za-z0-9_-]{16,64}$/, "This is no embed key."),
  identity: identityText.optional(),
  session: sessionId.optional(),
});

export const messageRequestSchema = z
  .strictObject({
    session: sessionId,
    id: clientId,
    text: messageText.optional(),
    lookup: filledLookup.optional(),
    locale: locale.optional(),
    context: pageContext.optional(),
  })
  .refine(({ text, lookup }) => (text === undefined) !== (lookup === undefined), {
    message: "Send a text, or the values of a look-up.",
    path: ["text"],
  });

export const conversationRequestSchema = z.strictObject({
  session: sessionId,
});

export const confirmRequestSchema = z.strictObject({ session: sessionId, ...confirmation.shape });

export const stopRequestSchema = z.strictObject({
  session: sessionId,
});

export const feedbackRequestSchema = z.strictObject({
  session: sessionId,
  message: messageId,
  rating: z.enum(["helpful", "unhelpful"]),
  comment: comment.optional(),
});

/** `GET /api/chat/events/:session`: what came after the last `seq` that the client has seen. */
export const eventsQuery = z.strictObject({ after: z.coerce.number().int().min(0).optional() });
