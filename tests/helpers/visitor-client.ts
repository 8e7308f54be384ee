/** A visitor's browser: the widget's calls, without the widget. */
import type {
  HistoryAnswer,
  MessageAnswer,
  MessageView,
  SessionAnswer,
} from "../../src/protocol/chat-protocol.ts";
import type { Answer } from "./admin-client.ts";
import { requireAsDescribed } from "./described-answers.ts";
import { type Frame, type FrameSocket, openSocket } from "./frames.ts";
import type { Parley } from "./parley.ts";

export type VisitorClient = {
  readonly session: string;
  readonly token: string;
  /** A call with the session's token, from the visitor's page. */
  fetch(
    method: string,
    path: string,
    options?: { headers?: Record<string, string>; body?: unknown; signal?: AbortSignal },
  ): Promise<Response>;
  call<Body = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Answer<Body>>;
  /** POST /api/chat/message; the stored answer. */
  ask(text: string, id?: string): Promise<MessageView>;
  /** The same as server-sent events, all of them. */
  askStreaming(text: string, id?: string): Promise<Frame[]>;
  history(): Promise<HistoryAnswer>;
  /** The socket after its hello; the `ready` frame is the next one. */
  connect(after?: number): Promise<FrameSocket>;
  /** The socket before any hello. */
  openSocket(): Promise<FrameSocket>;
};

let messages = 0;
/** A client id that no other message has. */
export function clientId(): string {
  return `client-message-${++messages}`;
}

/** Opens a session as a page of `origin` would; Parley's own page unless given. */
export async function openVisitor(
  parley: Pick<Parley, "url">,
  embedKey: string,
  from: string | { origin?: string; identity?: string } = {},
): Promise<VisitorClient> {
  const { origin, identity } = typeof from === "string" ? { origin: from } : from;
  const page = () => ({ origin: origin ?? parley.url });
  const opened = await fetch(`${parley.url}/api/widget/session`, {
    method: "POST",
    headers: { ...page(), "content-type": "application/json" },
    body: JSON.stringify({ key: embedKey, ...(identity !== undefined && { identity }) }),
  });
  if (!opened.ok) throw new Error(`No session: ${opened.status} ${await opened.text()}`);
  const { session, token } = (await opened.json()) as SessionAnswer;

  const client: VisitorClient = {
    session,
    token,
    fetch: (method, path, { headers = {}, body, signal } = {}) =>
      fetch(`${parley.url}${path}`, {
        method,
        headers: {
          ...page(),
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
      }),
    async call<Body>(method: string, path: string, body?: unknown) {
      const answer = await client.fetch(method, path, body === undefined ? {} : { body });
      const text = await answer.text();
      const answered: unknown = text === "" ? null : JSON.parse(text);
      requireAsDescribed(method, path, answer.status, answered);
      return { status: answer.status, headers: answer.headers, body: answered as Body };
    },
    async ask(text, id = clientId()) {
      const { status, body } = await client.call<MessageAnswer>("POST", "/api/chat/message", {
        session,
        id,
        text,
      });
      if (status !== 200) throw new Error(`The question was answered ${status} ${JSON.stringify(body)}`);
      return body.message;
    },
    async askStreaming(text, id = clientId()) {
      const answer = await client.fetch("POST", "/api/chat/message", {
        headers: { accept: "text/event-stream" },
        body: { session, id, text },
      });
      if (!answer.ok) throw new Error(`The question was answered ${answer.status} ${await answer.text()}`);
      return Array.fromAsync(serverSentFrames(answer));
    },
    async history() {
      return (await client.call<HistoryAnswer>("GET", `/api/chat/history/${session}`)).body;
    },
    async connect(after) {
      const socket = await client.openSocket();
      socket.send({ type: "hello", token, ...(after !== undefined && { after }) });
      return socket;
    },
    openSocket: () => openSocket(`${parley.url}/ws/chat/${session}`, page()),
  };
  return client;
}

/** The frames of an event stream as they come. Checks that each event is named after its frame. */
export async function* serverSentFrames(answer: Response): AsyncGenerator<Frame> {
  if (!answer.body) throw new Error("There is no body.");
  const decoder = new TextDecoder();
  let buffered = "";
  for await (const bytes of answer.body) {
    buffered += decoder.decode(bytes, { stream: true });
    const events = buffered.split("\n\n");
    buffered = events.pop() ?? "";
    for (const event of events) {
      const name = /^event: (.*)$/m.exec(event)?.[1];
      const frame = JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? "null") as Frame;
      if (frame.type !== name) throw new Error(`Event ${name} carries a frame ${frame.type}`);
      yield frame;
    }
  }
}
