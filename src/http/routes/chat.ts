import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import type { ChatSession, Message } from "../../domain/conversation.ts";
import { isId } from "../../domain/ids.ts";
import type { UserMessage } from "../../domain/turn.ts";
import { AppError, type ErrorCode } from "../../errors.ts";
import {
  conversationAnswerSchema,
  historyAnswerSchema,
  messageAnswerSchema,
} from "../../protocol/chat-answers.ts";
import {
  confirmRequestSchema,
  conversationRequestSchema,
  eventsQuery,
  feedbackRequestSchema,
  messageRequestSchema,
  stopRequestSchema,
} from "../../protocol/chat-decode.ts";
import type { MessageAnswer, ServerFrame } from "../../protocol/chat-protocol.ts";
import { beginConversation } from "../../services/access/visitors.ts";
import { ask, runningQuestion, stopAnswers } from "../../services/chat/ask.ts";
import { answerConfirmation } from "../../services/chat/confirmations.ts";
import { rateAnswer, readSessionHistory } from "../../services/inbox/conversations.ts";
import { joinStream } from "../chat-session.ts";
import { endpoint } from "../endpoint.ts";
import type { AppContext, HttpDeps } from "../env.ts";
import { type FrameWriter, frameWriter, wantsEventStream } from "../event-stream.ts";
import { openChat, requireRoom } from "../open-chats.ts";
import { messageView, streamFrame } from "../views.ts";

const ANSWER_TIMEOUT_S = 150;

/** What the socket does, for pages where a proxy lets no socket through, and for scripts. */
export const chat = [
  endpoint(
    {
      method: "POST",
      path: "/api/chat/message",
      need: "visitor",
      summary: "Ask; with Accept: text/event-stream the frames of the socket",
      body: messageRequestSchema,
      answer: messageAnswerSchema,
    },
    (deps, { c, principal: { session }, body: { id, text = "", lookup = null, locale, context } }) => {
      const page = context ? { url: context.url ?? null, title: context.title ?? null } : null;
      const userMessage = { clientId: id, text, locale: locale ?? acceptedLanguage(c), page, lookup };
      return wantsEventStream(c)
        ? streamAnswer(deps, c, session, userMessage)
        : wholeAnswer(deps, c, session, userMessage);
    },
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/chat/history/:session",
      need: "visitor",
      summary: "The current conversation",
      params: { session: "chat-session" },
      answer: historyAnswerSchema,
    },
    async (deps, { principal: { session } }) => {
      const messages = (await readSessionHistory(deps, session)).map(messageView);
      const stream = await deps.streams.open(session.id);
      const written = messages.find(({ status }) => status === "streaming")?.id;
      const question = runningQuestion(deps, session);
      const running = written ?? (messages.at(-1)?.id === question ? question : null);
      const { id, conversationId: conversation } = session;
      return { session: id, conversation, seq: stream.lastSequence(), messages, running };
    },
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/chat/events/:session",
      need: "visitor",
      summary: "The frames of the socket as server-sent events",
      params: { session: "chat-session" },
      query: eventsQuery,
    },
    (deps, { c, principal: { session }, query: { after = null } }) => {
      requireRoom(deps);
      const frames = frameWriter();
      const unregister = openChat(deps, session, "events", frames.close);
      return streamSSE(c, async (sse) => {
        try {
          await streamSession(deps, session, after, frames, sse);
        } finally {
          unregister();
        }
      });
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/chat/conversation",
      need: "visitor",
      summary: "Begin another conversation",
      body: conversationRequestSchema,
      status: 201,
      answer: conversationAnswerSchema,
    },
    async (deps, { principal: { session } }) => {
      const conversation = await beginConversation(deps, session);
      return { session: session.id, conversation };
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/chat/confirm",
      need: "visitor",
      summary: "Confirm or decline a call that changes something; the message says what became of it",
      body: confirmRequestSchema,
      answer: messageAnswerSchema,
    },
    async (deps, { c, principal: { session }, body: { call, accept, arguments: seen } }) => {
      if (!isId("tool-call", call)) throw new AppError("NOT_FOUND", "There is no such call to confirm.");
      c.env.timeout(c.req.raw, ANSWER_TIMEOUT_S);
      const answered = { call, accept, ...(seen && { arguments: seen }) };
      const message = await answerConfirmation(deps, session, answered);
      return { session: session.id, message: messageView(message) };
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/chat/stop",
      need: "visitor",
      summary: "End the answers that are being written",
      body: stopRequestSchema,
      status: 204,
    },
    async (deps, { principal: { session } }) => stopAnswers(deps, session.id),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/chat/feedback",
      need: "visitor",
      summary: "Rate an answer",
      body: feedbackRequestSchema,
      status: 204,
    },
    async (deps, { principal: { session }, body: { message, rating, comment } }) => {
      if (!isId("message", message)) throw new AppError("NOT_FOUND", "There is no such message.");
      await rateAnswer(deps, session, message, rating, comment ?? null);
    },
  ),
];

/** The first language that the browser would have. */
function acceptedLanguage(c: AppContext): string | null {
  return /^[a-z]{2,3}\b/i.exec(c.req.header("accept-language") ?? "")?.[0] ?? null;
}

/** All frames of the session until its visitor leaves. */
async function streamSession(
  deps: HttpDeps,
  session: ChatSession,
  after: number | null,
  frames: FrameWriter,
  sse: SSEStreamingApi,
): Promise<void> {
  frames.attach(sse);
  try {
    const leave = await joinStream(deps, session, after, frames.write, (event) =>
      frames.write(streamFrame(event)),
    );
    frames.begun();
    await frames.closed;
    leave();
  } finally {
    await frames.finish();
  }
}

/** Asks, and answers when the answer is stored. */
async function wholeAnswer(
  deps: HttpDeps,
  c: AppContext,
  session: ChatSession,
  userMessage: UserMessage,
): Promise<MessageAnswer> {
  // Nothing is sent before the answer is whole, and a turn may take two minutes.
  c.env.timeout(c.req.raw, ANSWER_TIMEOUT_S);
  const stream = await deps.streams.open(session.id);
  // Whoever waits for the answer is listening, as far as stopping abandoned answers goes.
  const leave = stream.subscribe(() => {});
  c.req.raw.signal.addEventListener("abort", leave);
  try {
    const answer = await (await ask(deps, session, userMessage)).answer;
    if (!answer)
      throw new AppError(
        "STORAGE_FULL",
        "The answer could not be stored. Tell your administrator that Parley's disk may be full.",
      );
    if (answer.status === "failed") throw failedAnswer(answer.errorCode);
    return { session: session.id, message: messageView(answer) };
  } finally {
    leave();
  }
}

/** Asks, and streams the frames of the session until this answer is done. What is wrong with the question is plain JSON. */
async function streamAnswer(
  deps: HttpDeps,
  c: AppContext,
  session: ChatSession,
  userMessage: UserMessage,
): Promise<Response> {
  const stream = await deps.streams.open(session.id);
  const frames = frameWriter();
  const written = stream.runningEvents().map(streamFrame);
  const leave = stream.subscribe((event) => {
    if (event.type !== "question") frames.write(streamFrame(event));
  });
  const { question, answer, duplicate } = await ask(deps, session, userMessage).catch((thrown) => {
    leave();
    throw thrown;
  });
  const seq = stream.lastSequence();
  const accepted: ServerFrame = { type: "accepted", id: userMessage.clientId, message: question.id, seq };
  if (duplicate === "stored") leave();
  // Asked again in the middle of its answer: what is written comes first, so that the deltas are the whole of it.
  frames.writeFirst(accepted, ...(duplicate === "running" ? written : []));
  return streamSSE(c, async (sse) => {
    frames.attach(sse);
    if (duplicate !== "stored") frames.begun();
    const finished = await Promise.race([answer, frames.closed]);
    if (finished && duplicate === "stored")
      for (const frame of storedAnswerFrames(finished, seq)) frames.write(frame);
    leave();
    await frames.finish();
  });
}

/** An answer that was stored before, as the frames that would have brought it. */
function storedAnswerFrames(answer: Message, seq: number): ServerFrame[] {
  return [
    { type: "delta", message: answer.id, seq, text: answer.content },
    ...(answer.lookup === null
      ? []
      : [streamFrame({ type: "lookup", messageId: answer.id, lookup: answer.lookup, seq })]),
    streamFrame({ type: "citations", messageId: answer.id, citations: answer.citations, seq }),
    streamFrame({ type: "done", message: answer, seq }),
  ];
}

function failedAnswer(code: ErrorCode | null): AppError {
  return new AppError(
    code ?? "PROVIDER_UNAVAILABLE",
    "The assistant cannot answer right now. Your question is kept; try again in a little while.",
  );
}
