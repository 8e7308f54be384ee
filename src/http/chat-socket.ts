import type { WSContext, WSEvents } from "hono/ws";
import type { ChatSession } from "../domain/conversation.ts";
import { type ChatSessionId, isId } from "../domain/ids.ts";
import type { StreamEvent } from "../domain/turn.ts";
import { AppError, toAppError } from "../errors.ts";
import { clientFrameSchema } from "../protocol/chat-decode.ts";
import {
  CLOSE_FLOOD,
  CLOSE_UNAUTHENTICATED,
  type ClientFrame,
  type ServerFrame,
} from "../protocol/chat-protocol.ts";
import { authenticateVisitor, type PageCall, requireAllowedPage } from "../services/access/visitors.ts";
import { ask, stopAnswers } from "../services/chat/ask.ts";
import { answerConfirmation } from "../services/chat/confirmations.ts";
import { rateAnswer } from "../services/inbox/conversations.ts";
import { BoundedSender } from "./bounded-sender.ts";
import { joinStream } from "./chat-session.ts";
import { endpoint } from "./endpoint.ts";
import type { AppContext, HttpDeps } from "./env.ts";
import { isForTheLog } from "./error-response.ts";
import { pageCall, someTenantAllows } from "./middleware/page-call.ts";
import { openChat, requireRoom } from "./open-chats.ts";
import { check } from "./validate.ts";
import { streamFrame } from "./views.ts";
import { openSocket } from "./web-socket.ts";

/** A socket that has not said who it is by then is closed. */
const HELLO_TIMEOUT_MS = 5_000;
/** Bun runs message handlers concurrently without backpressure, so a flood must be cut here. */
const MAX_PENDING_FRAMES = 8;
const MAX_PENDING_BYTES = 64 * 1024;
/** Most frames are answered before the next one is read, so a flood shows in its pace. A person sends one or two. */
const MAX_FRAMES_PER_SECOND = 50;

/** The conversation. Who it is stands in the first frame; before that, only the page it comes from is known. */
export const chatSocket = endpoint(
  {
    method: "GET",
    path: "/ws/chat/:session",
    need: "public",
    summary: "The conversation, as described below",
    params: { session: "text" },
    socket: true,
  },
  async (deps, { c, params: { session } }) => {
    if (!isId("chat-session", session)) throw new AppError("NOT_FOUND", "There is no such session.");
    await requireSomePage(deps, c);
    requireRoom(deps);
    return openSocket(c, chatEvents(deps, session, pageCall(deps, c), c.var.requestId));
  },
);

/** The tenant's own list decides once the session is known. @throws AppError ORIGIN_NOT_ALLOWED */
async function requireSomePage(deps: HttpDeps, c: AppContext): Promise<void> {
  const origin = c.req.header("origin");
  if (origin === undefined || !(await someTenantAllows(deps, c, origin)))
    throw new AppError("ORIGIN_NOT_ALLOWED", "Parley may not be embedded on this page.");
}

function chatEvents(deps: HttpDeps, sessionId: ChatSessionId, page: PageCall, requestId: string): WSEvents {
  let connection: ChatConnection | null = null;
  return {
    onOpen(_event, socket) {
      connection = new ChatConnection(deps, socket, sessionId, page, requestId);
    },
    onMessage(event) {
      connection?.receive(event.data);
    },
    onClose() {
      connection?.end();
    },
  };
}

/** One open socket: frames are handled one after the other, in the order they came. */
class ChatConnection {
  private session: ChatSession | null = null;
  private token = "";
  private locale: string | null = null;
  /** Client ids of questions that this socket sent and that are not accepted yet. */
  private readonly asked = new Set<string>();
  private leave: () => void = () => {};
  private unregister: () => void;
  private readonly helloTimer: ReturnType<typeof setTimeout>;
  private pending = 0;
  private pendingBytes = 0;
  private second = 0;
  private framesThisSecond = 0;
  private queue: Promise<void> = Promise.resolve();
  private readonly sender: BoundedSender;
  private ended = false;

  constructor(
    private readonly deps: HttpDeps,
    private readonly socket: WSContext,
    private readonly sessionId: ChatSessionId,
    private readonly page: PageCall,
    /** Of the request that became this socket. */
    private readonly requestId: string,
  ) {
    this.sender = new BoundedSender(socket, () => this.end());
    // Counts from the start, so that sockets which say nothing are within the limit, too.
    this.unregister = deps.sockets.add({ owner: "", close: (code, reason) => socket.close(code, reason) });
    this.helloTimer = setTimeout(
      () => this.socket.close(CLOSE_UNAUTHENTICATED, "No hello"),
      HELLO_TIMEOUT_MS,
    );
  }

  receive(raw: unknown): void {
    const text = typeof raw === "string" ? raw : null;
    this.pending += 1;
    this.pendingBytes += text?.length ?? 0;
    if (
      this.pending > MAX_PENDING_FRAMES ||
      this.pendingBytes > MAX_PENDING_BYTES ||
      this.countFrame() > MAX_FRAMES_PER_SECOND
    ) {
      this.socket.close(CLOSE_FLOOD, "Too many frames at once");
      this.end();
      return;
    }
    this.queue = this.queue
      .then(() => this.handle(text))
      .finally(() => {
        this.pending -= 1;
        this.pendingBytes -= text?.length ?? 0;
      });
  }

  /** How many frames have come in this second. */
  private countFrame(): number {
    const second = Math.floor(this.deps.monotonicNow() / 1000);
    if (second !== this.second) this.framesThisSecond = 0;
    this.second = second;
    this.framesThisSecond += 1;
    return this.framesThisSecond;
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.helloTimer);
    this.leave();
    this.unregister();
  }

  private async handle(text: string | null): Promise<void> {
    if (this.ended) return;
    let frame: ClientFrame | null = null;
    try {
      frame = parseFrame(text);
      await this.dispatch(frame);
    } catch (thrown) {
      this.fail(toAppError(thrown), frame);
    }
  }

  private async dispatch(frame: ClientFrame): Promise<void> {
    if (frame.type === "hello") return this.hello(frame);
    if (frame.type === "ping") return this.send({ type: "pong" });
    const session = await this.currentSession();
    if (frame.type === "message" || frame.type === "lookup") return this.question(session, frame);
    if (frame.type === "confirm") return this.confirm(session, frame);
    if (frame.type === "stop") return stopAnswers(this.deps, session.id);
    const { message, rating, comment } = frame;
    if (!isId("message", message)) throw new AppError("VALIDATION", "There is no such message.");
    return rateAnswer(this.deps, session, message, rating, comment ?? null);
  }

  private async hello(frame: Extract<ClientFrame, { type: "hello" }>): Promise<void> {
    const session = await authenticateVisitor(this.deps, frame.token, this.sessionId);
    await requireAllowedPage(this.deps, session.tenantId, this.page);
    if (this.ended) return;
    clearTimeout(this.helloTimer);
    this.leave();
    this.unregister();
    this.register(session);
    this.token = frame.token;
    this.session = session;
    this.locale = frame.locale ?? null;
    const leave = await joinStream(
      this.deps,
      session,
      frame.after ?? null,
      (ready) => {
        this.sender.begin();
        this.send(ready);
      },
      (event) => this.send(this.toFrame(event)),
    );
    this.sender.begun();
    if (this.ended) leave();
    else this.leave = leave;
  }

  private register(session: ChatSession): void {
    this.unregister = openChat(this.deps, session, "socket", (code, reason) =>
      this.socket.close(code, reason),
    );
  }

  /** Looked up again for each frame: the session may be over, and another tab may have begun another conversation. */
  private async currentSession(): Promise<ChatSession> {
    if (!this.session) throw new AppError("UNAUTHENTICATED", "Say hello with the session's token first.");
    this.session = await authenticateVisitor(this.deps, this.token, this.sessionId);
    return this.session;
  }

  private async question(
    session: ChatSession,
    frame: Extract<ClientFrame, { type: "message" | "lookup" }>,
  ): Promise<void> {
    const context = frame.type === "message" ? frame.context : undefined;
    const page = context ? { url: context.url ?? null, title: context.title ?? null } : null;
    const lookup = frame.type === "lookup" ? { tool: frame.tool, values: frame.values } : null;
    this.asked.add(frame.id);
    const { question, duplicate } = await ask(this.deps, session, {
      clientId: frame.id,
      text: frame.type === "message" ? frame.text : "",
      locale: frame.locale ?? this.locale,
      ...{ page, lookup },
    });
    if (!duplicate) return;
    const stream = await this.deps.streams.open(session.id);
    this.send({ type: "accepted", id: frame.id, message: question.id, seq: stream.lastSequence() });
  }

  /** What is done may take a minute, in which the visitor may go on writing. */
  private confirm(session: ChatSession, frame: Extract<ClientFrame, { type: "confirm" }>): void {
    const { call, accept, arguments: seen } = frame;
    if (!isId("tool-call", call)) throw new AppError("NOT_FOUND", "There is no such call to confirm.");
    answerConfirmation(this.deps, session, { call, accept, ...(seen && { arguments: seen }) }).catch(
      (thrown) => this.fail(toAppError(thrown), frame),
    );
  }

  /** The tab that asked is told that its question is stored; the session's other tabs get the question itself. */
  private toFrame(event: StreamEvent): ServerFrame {
    const clientId = event.type === "question" ? event.message.clientId : null;
    if (event.type !== "question" || clientId === null || !this.asked.delete(clientId))
      return streamFrame(event);
    return { type: "accepted", id: clientId, message: event.message.id, seq: event.seq };
  }

  private fail(error: AppError, frame: ClientFrame | null): void {
    const { code, message, retryAfterMs } = error;
    const { requestId, sessionId } = this;
    if (isForTheLog(error))
      this.deps.log.error("socket-frame-failed", { requestId, sessionId, code, cause: error.cause });
    const retryable =
      code === "RATE_LIMITED" ||
      code === "TURN_RUNNING" ||
      code === "OVERLOADED" ||
      code === "STORAGE_FULL" ||
      code === "STORAGE_UNAVAILABLE" ||
      code === "INTERNAL";
    this.send({
      ...{ type: "error" as const, code, message, retryable },
      ...((frame?.type === "message" || frame?.type === "lookup") && { id: frame.id }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(code === "INTERNAL" && { requestId }),
    });
    if (code === "UNAUTHENTICATED") this.socket.close(CLOSE_UNAUTHENTICATED, "Not signed in");
    else if (frame?.type === "hello") this.socket.close(1008, code);
  }

  private send(frame: ServerFrame): void {
    if (!this.ended) this.sender.send(frame);
  }
}

/** @throws AppError VALIDATION */
function parseFrame(text: string | null): ClientFrame {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch (cause) {
    throw new AppError("VALIDATION", "A frame must be JSON text.", { cause });
  }
  return withoutUndefined(check(clientFrameSchema, value));
}

/** zod gives absent fields as `undefined`, which the protocol's types do not have. */
function withoutUndefined(frame: unknown): ClientFrame {
  return JSON.parse(JSON.stringify(frame)) as ClientFrame;
}
