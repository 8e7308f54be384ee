/**
 * A server that speaks the chat protocol and says only what a test tells it to, when the test tells it to.
 * It keeps sessions, messages and frames over `stop` and `start`, as the real one does.
 */
import { join } from "node:path";
import type { ServerWebSocket } from "bun";
import { bundleWidget } from "../../../scripts/build/widget-bundles.ts";
import type {
  CitationView,
  ClientFrame,
  ConfirmationView,
  HistoryAnswer,
  LookupView,
  MessageView,
  PageContextView,
  PublicWidgetConfig,
  ServerFrame,
  StreamFrame,
} from "../../../src/protocol/chat-protocol.ts";
import { CLOSE_UNAUTHENTICATED } from "../../../src/protocol/chat-protocol.ts";

export const EMBED_KEY = "pk_test_widget_0123456789";

const REPOSITORY = join(import.meta.dir, "../../..");

const CONFIG: PublicWidgetConfig = {
  displayName: "Ask Acme",
  subtitle: "Answers from Acme's handbook",
  greeting: "Hello. What would you like to know?",
  primaryColor: "#00655b",
  theme: "light",
  position: "bottom-right",
  logoUrl: null,
  suggestedQuestions: [
    "What may I spend on a hotel in Zurich?",
    "How many days of leave do I have?",
    "Who approves a laptop?",
  ],
  organisation: "Acme Logistics",
};

type Session = {
  id: string;
  token: string;
  conversation: string;
  messages: MessageView[];
  frames: StreamFrame[];
  seq: number;
  running: string | null;
};

/** A question that the visitor asked, and how a test answers it. */
export type Question = {
  id: string;
  text: string;
  page: { url?: string; title?: string } | undefined;
  say: (text: string) => void;
  cite: (items: CitationView[]) => void;
  /** Offers a look-up, whose form the visitor may send. */
  offer: (lookup: LookupView) => void;
  /** Puts a call before the visitor; again with the same id changes its card. */
  propose: (confirmation: ConfirmationView) => void;
  /** What a form brought; null for what was typed. */
  filledIn: { tool: string; values: Record<string, unknown> } | null;
  finish: (end?: Partial<Extract<ServerFrame, { type: "done" }>>) => void;
  /** The answer, once it is finished. */
  finished: Promise<MessageView>;
};

/** `silent`: the stream begins and nothing of it comes, as behind a proxy that collects it. */
type Refusals = {
  sockets: boolean;
  events: boolean | "silent";
  panel: boolean;
  config: boolean;
  sessions: number;
  confirm?: { code: string; status: number };
};
type PostBody = {
  session: string;
  id: string;
  text?: string;
  lookup?: { tool: string; values: Record<string, unknown> };
  context?: PageContextView;
};
type Asked = Pick<PostBody, "id" | "text" | "lookup" | "context">;
type Listener = {
  session: Session;
  write: (frame: ServerFrame) => void;
  close: () => void;
  /** Of a socket: ends it as the server does, with its code. */
  closeWith?: (code: number) => void;
};

export type FakeParley = Awaited<ReturnType<typeof startFakeParley>>;

/** `bundles` once per test run: they do not change while tests run. */
let bundles: Promise<Map<string, Uint8Array>> | undefined;

export async function startFakeParley(changes: Partial<PublicWidgetConfig> = {}) {
  bundles ??= bundleWidget(REPOSITORY).then(({ files }) => files);
  const files = await bundles;
  const config = { ...CONFIG, ...changes };
  const sessions = new Map<string, Session>();
  const listeners = new Set<Listener>();
  const questions: Question[] = [];
  const requests: { method: string; path: string; cookie: string | null }[] = [];
  const feedback: unknown[] = [];
  const confirmed: unknown[] = [];
  const waitingForQuestion: (() => void)[] = [];
  const refuse: Refusals = { sockets: false, events: false, panel: false, config: false, sessions: 0 };
  let limitedForMs = 0;
  let helloRefusal: string | null = null;
  let hellosHeld: (() => void)[] | null = null;
  let hellos = 0;
  const waitingForHello: (() => void)[] = [];
  let count = 0;

  const newId = (prefix: string) => `${prefix}_${String(++count).padStart(26, "0")}`;

  function emit(
    session: Session,
    frame: StreamFrame,
    asker?: { listener: Listener; frame: StreamFrame },
  ): void {
    session.frames.push(frame);
    for (const listener of listeners)
      if (listener.session === session)
        listener.write(asker && listener === asker.listener ? asker.frame : frame);
  }

  function joinStream(
    session: Session,
    after: number | undefined,
    write: (frame: ServerFrame) => void,
  ): void {
    const { id, conversation, seq, messages, frames, running } = session;
    const isResumed = after !== undefined;
    const history = isResumed ? null : messages.filter(({ status }) => status !== "streaming");
    write({ type: "ready", session: id, conversation, seq, state: "assistant", history, running });
    const turnStart = frames.findLastIndex(({ type }) => type === "message");
    const missed = isResumed
      ? frames.filter((frame) => frame.seq > after)
      : running
        ? frames.slice(turnStart + 1)
        : [];
    for (const frame of missed) write(frame);
  }

  /** Stores a question; the same id again is the same question. The socket that asked hears that it is accepted, all others the question. */
  function ask(
    session: Session,
    {
      id,
      lookup,
      // With the labels of the form that the tests offer.
      text = `Stock in a city: ${Object.values(lookup?.values ?? {})
        .join(", ")
        .replace("Berlin", "Berlin Mitte")}`,
      context,
    }: Asked,
    asker: Listener | null,
  ): ServerFrame | null {
    if (limitedForMs) {
      const retryAfterMs = limitedForMs;
      limitedForMs = 0;
      return {
        type: "error",
        code: "RATE_LIMITED",
        message: "Too many questions.",
        retryable: true,
        id,
        retryAfterMs,
      };
    }
    const known = session.messages.find(({ clientId }) => clientId === id);
    if (known) {
      asker?.write({ type: "accepted", id, message: known.id, seq: session.seq });
      return null;
    }
    if (session.running) {
      return { type: "error", code: "TURN_RUNNING", message: "Still answering.", retryable: true, id };
    }
    const message = newId("msg");
    const asked = messageView(message, "user", text, { clientId: id });
    session.messages.push(asked);
    const answerId = newId("msg");
    session.running = answerId;
    const seq = ++session.seq;
    const accepted: StreamFrame = { type: "accepted", id, message, seq };
    emit(
      session,
      { type: "message", message: asked, seq },
      asker ? { listener: asker, frame: accepted } : undefined,
    );
    questions.push(questionOf(session, answerId, { id, text, page: context, filledIn: lookup ?? null }));
    for (const wake of waitingForQuestion.splice(0)) wake();
    return null;
  }

  function questionOf(
    session: Session,
    answerId: string,
    asked: Pick<Question, "id" | "text" | "page" | "filledIn">,
  ): Question {
    const answer = () => {
      const known = session.messages.find(({ id }) => id === answerId);
      if (known) return known;
      const created = messageView(answerId, "assistant", "", { status: "streaming" });
      session.messages.push(created);
      return created;
    };
    const finished = Promise.withResolvers<MessageView>();
    return {
      ...asked,
      finished: finished.promise,
      say: (text) => {
        answer().content += text;
        emit(session, { type: "delta", message: answerId, seq: ++session.seq, text });
      },
      cite: (items) => {
        answer().citations = items;
        emit(session, { type: "citations", message: answerId, seq: ++session.seq, items });
      },
      offer: (lookup) => {
        answer().lookup = lookup;
        emit(session, { type: "lookup", message: answerId, seq: ++session.seq, ...lookup });
      },
      propose: (confirmation) => {
        const others = (answer().confirmations ?? []).filter(({ call }) => call !== confirmation.call);
        answer().confirmations = [...others, confirmation];
        emit(session, { type: "confirm", message: answerId, seq: ++session.seq, ...confirmation });
      },
      finish: (end = {}) => {
        const { status = "complete", nearest, error } = end;
        Object.assign(answer(), { status, ...(nearest && { nearest }), ...(error && { error }) });
        session.running = null;
        emit(session, {
          type: "done",
          message: answerId,
          seq: ++session.seq,
          status,
          followUps: [],
          ...end,
        });
        finished.resolve(answer());
      },
    };
  }

  const sessionOf = (request: Request, id: string) => {
    const session = sessions.get(id);
    return session && request.headers.get("authorization") === `Bearer ${session.token}` ? session : null;
  };

  async function answerHttp(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    requests.push({ method: request.method, path: pathname, cookie: request.headers.get("cookie") });
    if (request.method === "OPTIONS") return new Response(null, { status: 204 });
    const file = files.get(pathname.slice(1));
    if (file) {
      if (refuse.panel && pathname !== "/widget.js") return new Response("no", { status: 503 });
      return new Response(new Blob([new Uint8Array(file)]), {
        headers: { "content-type": "text/javascript" },
      });
    }
    if (pathname.startsWith("/api/widget/config/")) {
      return refuse.config ? error(403, "ORIGIN_NOT_ALLOWED") : Response.json(config);
    }
    if (pathname === "/api/widget/session") {
      if (refuse.sessions) return error(refuse.sessions, "OVERLOADED");
      return Response.json(newSession());
    }
    const [, , , action = "", id = ""] = pathname.split("/");
    const body = request.method === "POST" ? ((await request.json()) as PostBody) : null;
    const session = sessionOf(request, id || (body?.session ?? ""));
    if (!session) return error(401, "UNAUTHENTICATED");
    if (action === "history") return Response.json(historyOf(session));
    if (action === "events") {
      if (refuse.events === true) return error(503, "PROXY");
      if (refuse.events) return new Response(new ReadableStream());
      const after = searchParams.get("after");
      return eventStream(session, after === null ? undefined : Number(after));
    }
    if (action === "conversation") {
      Object.assign(session, { conversation: newId("cnv"), messages: [], running: null });
      return Response.json({ session: session.id, conversation: session.conversation });
    }
    if (action === "feedback") {
      feedback.push(body);
      return new Response(null, { status: 204 });
    }
    if (action === "message" && body) return postMessage(session, body);
    if (action === "confirm") {
      confirmed.push(body);
      const { code, status } = refuse.confirm ?? {};
      return code ? error(status ?? 409, code) : Response.json({ session: session.id, message: null });
    }
    if (action === "stop") {
      stopLatest();
      return new Response(null, { status: 204 });
    }
    return error(404, "NOT_FOUND");
  }

  /** As the real one, answers when the answer is there. */
  async function postMessage(session: Session, body: PostBody): Promise<Response> {
    const { id } = body;
    const refused = ask(session, body, null);
    if (refused?.type === "error") return error(429, refused.code, refused.retryAfterMs);
    const message = await questions.find((question) => question.id === id)?.finished;
    return Response.json({ session: session.id, message });
  }

  function stopLatest(): void {
    questions.at(-1)?.finish({ status: "interrupted" });
  }

  function eventStream(session: Session, after: number | undefined): Response {
    const encoder = new TextEncoder();
    let listener: Listener | undefined;
    const leave = () => {
      if (listener) listeners.delete(listener);
    };
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        const write = (frame: ServerFrame) => {
          controller.enqueue(encoder.encode(`event: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`));
        };
        const close = () => {
          leave();
          controller.close();
        };
        listener = { session, write, close };
        listeners.add(listener);
        joinStream(session, after, write);
      },
      cancel: leave,
    });
    return new Response(stream, {
      headers: { "content-type": "text/event-stream" },
    });
  }

  function newSession() {
    const session: Session = {
      id: newId("ses"),
      token: `token_${crypto.randomUUID()}`,
      conversation: newId("cnv"),
      messages: [],
      frames: [],
      seq: 0,
      running: null,
    };
    sessions.set(session.id, session);
    return { session: session.id, token: session.token, expiresAt: "2099-01-01T00:00:00.000Z" };
  }

  type SocketState = { id: string; listener: Listener | null };
  const serve = (port: number) =>
    Bun.serve<SocketState>({
      port,
      hostname: "127.0.0.1",
      idleTimeout: 0,
      async fetch(request, server) {
        const { pathname } = new URL(request.url);
        if (pathname.startsWith("/ws/chat/")) {
          requests.push({ method: "WS", path: pathname, cookie: request.headers.get("cookie") });
          if (refuse.sockets) return new Response("no", { status: 403 });
          const upgraded = server.upgrade(request, {
            data: { id: pathname.split("/")[3] ?? "", listener: null },
          });
          return upgraded ? undefined : new Response("no", { status: 400 });
        }
        return withCors(await answerHttp(request));
      },
      websocket: {
        message: (socket, text) => onSocketFrame(socket, JSON.parse(String(text))),
        close: ({ data }) => {
          if (data.listener) listeners.delete(data.listener);
        },
      },
    });

  function onSocketFrame(socket: ServerWebSocket<SocketState>, frame: ClientFrame): void {
    const write = (answer: ServerFrame) => void socket.send(JSON.stringify(answer));
    if (frame.type === "hello" && hellosHeld) return void hellosHeld.push(() => onSocketFrame(socket, frame));
    if (frame.type === "hello") {
      hellos++;
      for (const wake of waitingForHello.splice(0)) wake();
      const session = sessions.get(socket.data.id);
      if (session?.token !== frame.token) return void socket.close(CLOSE_UNAUTHENTICATED, "unknown token");
      if (helloRefusal) {
        write({ type: "error", code: helloRefusal, message: "Refused by the test.", retryable: true });
        return void socket.close(1008, helloRefusal);
      }
      socket.data.listener = {
        ...{ session, write, close: () => socket.terminate() },
        closeWith: (code) => socket.close(code, "by the test"),
      };
      listeners.add(socket.data.listener);
      return void joinStream(session, frame.after, write);
    }
    const session = socket.data.listener?.session;
    if (!session) return void socket.close(CLOSE_UNAUTHENTICATED, "hello first");
    if (frame.type === "ping") write({ type: "pong" });
    if (frame.type === "feedback") feedback.push(frame);
    if (frame.type === "stop") stopLatest();
    if (frame.type === "message" || frame.type === "lookup") {
      const asked: Asked = frame.type === "message" ? frame : { id: frame.id, lookup: frame };
      const refused = ask(session, asked, socket.data.listener);
      if (refused) write(refused);
    }
  }

  let server = serve(0);
  const port = server.port ?? 0;
  return {
    port,
    files,
    config,
    refuse,
    requests,
    questions,
    feedback,
    confirmed,
    sessions,
    /** The question with this index (default: the next one that nobody waited for), as soon as it is asked. */
    question: async (index: number): Promise<Question> => {
      for (;;) {
        const known = questions[index];
        if (known) return known;
        await new Promise<void>((resolve) => waitingForQuestion.push(resolve));
      }
    },
    /** Refuses the next question, and asks for patience. */
    limitNext: (delayMs: number) => {
      limitedForMs = delayMs;
    },
    /** Breaks every open link, as a proxy or a walk to another floor does. */
    cut: () => {
      for (const listener of [...listeners]) listener.close();
    },
    closeSockets: (code: number) => {
      for (const listener of [...listeners]) listener.closeWith?.(code);
    },
    /** Resolves once so many sockets have said hello. */
    socketsSeen: async (wanted: number) => {
      while (hellos < wanted) await new Promise<void>((resolve) => waitingForHello.push(resolve));
    },
    /** Sockets open and say hello, and hear nothing until they are released. */
    holdSockets: () => {
      hellosHeld = [];
    },
    releaseSockets: () => {
      const held = hellosHeld ?? [];
      hellosHeld = null;
      for (const answer of held) answer();
    },
    /** Sockets are told `code` and closed, as when there are too many. */
    refuseHellos: (code: string) => {
      helloRefusal = code;
    },
    forgetSessions: () => sessions.clear(),
    stop: () => server.stop(true),
    start: () => {
      server = serve(port);
    },
  };
}

function historyOf({ id, conversation, seq, messages, running }: Session): HistoryAnswer {
  return { session: id, conversation, seq, messages, running };
}

function messageView(
  id: string,
  role: MessageView["role"],
  content: string,
  more: Partial<MessageView>,
): MessageView {
  return {
    id,
    role,
    content,
    citations: [],
    status: "complete",
    createdAt: new Date().toISOString(),
    ...more,
  };
}

function error(status: number, code: string, retryAfterMs?: number): Response {
  const headers = retryAfterMs === undefined ? {} : { "retry-after": String(retryAfterMs / 1000) };
  return Response.json(
    { error: { code, message: "Refused by the test.", requestId: "req_test" } },
    { status, headers },
  );
}

function withCors(answer: Response): Response {
  answer.headers.set("access-control-allow-origin", "*");
  answer.headers.set("access-control-allow-headers", "authorization, content-type");
  answer.headers.set("access-control-allow-methods", "GET, POST");
  answer.headers.set("access-control-allow-private-network", "true");
  answer.headers.set("access-control-expose-headers", "retry-after");
  return answer;
}
