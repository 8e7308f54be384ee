/**
 * What widget and server say to each other over the WebSocket, over SSE and in history answers.
 * Types only, so that the widget can import it for nothing. Times are ISO 8601, ids are strings.
 */

export const CHAT_PROTOCOL_VERSION = 1;

export type MessageView = {
  id: string;
  role: "user" | "assistant" | "agent" | "system" | "tool";
  content: string;
  citations: CitationView[];
  /** `streaming` only for an answer that is being written right now. */
  status: "streaming" | "complete" | "interrupted" | "failed";
  createdAt: string;
  /** The visitor's own id of a user message, to match what was typed with what was stored. */
  clientId?: string;
  /** Nearest sources of an answer that found nothing. */
  nearest?: PassageCitationView[];
  rating?: "helpful" | "unhelpful";
  /** A greeting, thanks and the like, or the reply to it: nothing was searched. */
  smallTalk?: true;
  /** Questions that the answer offers to go on with. */
  followUps?: string[];
  /** The look-up that an answer offers; on a visitor's message, the one that was filled in. */
  lookup?: LookupView;
  /** What the answer asks its visitor to confirm, and what became of that. */
  confirmations?: ConfirmationView[];
  /** Why it failed, for status "failed". */
  error?: { code: string; message: string };
};

/**
 * A call that changes something and waits for its visitor's word. `words` are its arguments as people read them;
 * nothing of it can be edited.
 */
export type ConfirmationView = {
  call: string;
  tool: string;
  label: string;
  arguments: Record<string, string | number | boolean | string[] | null>;
  words: { label: string; value: string }[];
  expiresAt: string;
  state: "pending_confirmation" | "started" | "done" | "failed" | "unknown" | "declined" | "expired";
};

/** What an answer points at: a passage of a document, or rows that a look-up gave. */
export type CitationView = PassageCitationView | ToolCitationView;

export type PassageCitationView = {
  kind: "passage";
  n: number;
  chunk: string;
  source: string;
  title: string;
  page?: number;
  headingPath?: string[];
  text: string;
  url?: string;
};

/** A look-up that lacks values which only the visitor knows, as a form asks for them. */
export type LookupView = {
  /** Name of the tool. */
  tool: string;
  label: string;
  parameters: LookupParameterView[];
  /** What is known already, or was filled in. */
  values: Readonly<Record<string, string | number | boolean>>;
};

export type LookupParameterView = {
  name: string;
  type: "text" | "integer" | "decimal" | "date" | "datetime" | "boolean" | "enum";
  description: string;
  required: boolean;
  /** Of an enum. */
  values: string[];
  /** How people say one of these, by value, where that is something else. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** Smallest and largest number; of a text, its length. */
  min: number | null;
  max: number | null;
  pattern: string | null;
  example: string | null;
};

/** `rows` are the first 20 at most, as they were `at` that time; `truncated` when there were more. */
export type ToolCitationView = {
  kind: "tool";
  n: number;
  tool: string;
  label: string;
  /** What a model wrote and the database answered; absent where an admin wrote the query. */
  statement?: string;
  columns: ColumnView[];
  rows: CellView[][];
  truncated?: true;
  at: string;
};

export type ColumnView = {
  name: string;
  label: string;
  type: "text" | "integer" | "decimal" | "boolean" | "date" | "datetime" | "time" | "json" | "bytes";
  unit?: string;
};
/** Whole numbers beyond 2^53 and decimals are text, as are times (ISO 8601) and whatever is no number or truth. */
export type CellView = string | number | boolean | null;

export type PageContextView = { url?: string; title?: string };

/** Client to server. `hello` comes first on every socket. */
export type ClientFrame =
  | { type: "hello"; token: string; after?: number; locale?: string; page?: PageContextView }
  | { type: "message"; id: string; text: string; locale?: string; context?: PageContextView }
  /** A look-up that was offered, filled in: the visitor's next message. */
  | { type: "lookup"; id: string; tool: string; values: Record<string, unknown>; locale?: string }
  | { type: "stop" }
  | { type: "feedback"; message: string; rating: "helpful" | "unhelpful"; comment?: string }
  | { type: "confirm"; call: string; accept: boolean; arguments?: Record<string, unknown> }
  | { type: "ping" };

/**
 * Server to client. `seq` ascends per session, over restarts too; gaps are normal.
 * `delta`, `citations` and `done` carry the assistant message's id, `accepted.message` the visitor's.
 */
export type ServerFrame =
  | ReadyFrame
  | { type: "accepted"; id: string; message: string; seq: number }
  | { type: "delta"; message: string; seq: number; text: string }
  | {
      type: "tool";
      message: string;
      seq: number;
      name: string;
      label: string;
      state: "running" | "done" | "failed";
    }
  | { type: "citations"; message: string; seq: number; items: CitationView[] }
  | ({ type: "confirm"; message: string; seq: number } & ConfirmationView)
  | ({ type: "lookup"; message: string; seq: number } & LookupView)
  | DoneFrame
  /** A whole message from elsewhere: this session's other tab. */
  | { type: "message"; seq: number; message: MessageView }
  /** `requestId` is there for `INTERNAL`: the server's log has the fault under it. */
  | {
      type: "error";
      code: string;
      message: string;
      retryable: boolean;
      id?: string;
      retryAfterMs?: number;
      requestId?: string;
    }
  | { type: "pong" };

export type ReadyFrame = {
  type: "ready";
  session: string;
  conversation: string;
  seq: number;
  /** Who answers. */
  state: "assistant";
  /** All finished messages of the current conversation; null when `after` was still in the buffer and the missed frames follow. */
  history: MessageView[] | null;
  /** The question whose answer is being written or waits for its turn; its text so far follows as frames. */
  running: string | null;
};

export type DoneFrame = {
  type: "done";
  message: string;
  seq: number;
  status: "complete" | "interrupted" | "failed";
  followUps: string[];
  /** The reply to a greeting, thanks and the like. */
  smallTalk?: true;
  /** Nearest sources, when the answer is that nothing was found. */
  nearest?: PassageCitationView[];
  /** Why it failed. */
  error?: { code: string; message: string };
};

/** Frames that belong to the numbered stream and are replayed. */
export type StreamFrame = Exclude<ServerFrame, { type: "ready" | "error" | "pong" }>;

/** WebSocket close codes of our own. */
export const CLOSE_UNAUTHENTICATED = 4401;
/** The client did not read what it was sent; it may come back for the rest. */
export const CLOSE_SLOW = 4408;
export const CLOSE_FLOOD = 4429;
export const CLOSE_RESTART = 1012;

/** `POST /api/widget/session` */
export type SessionAnswer = { session: string; token: string; expiresAt: string };
/** `GET /api/chat/history/:session` */
export type HistoryAnswer = {
  session: string;
  conversation: string;
  seq: number;
  messages: MessageView[];
  /** The answer that is being written, or the question that waits for one. */
  running: string | null;
};
/** `POST /api/chat/message` and `POST /api/chat/confirm` */
export type MessageAnswer = { session: string; message: MessageView };
/** `POST /api/chat/conversation` starts another conversation of the session. */
export type ConversationAnswer = { session: string; conversation: string };
/** `POST /api/chat/feedback` and `POST /api/chat/stop` answer 204. */

/** `GET /api/widget/config/:key`: what the widget shows and needs, nothing else. */
export type PublicWidgetConfig = {
  displayName: string;
  subtitle: string;
  greeting: string;
  primaryColor: string;
  theme: "light" | "dark" | "auto";
  position: "bottom-right" | "bottom-left";
  /** Path on Parley's origin. */
  logoUrl: string | null;
  suggestedQuestions: string[];
  /** The organisation's name, for "who sees this conversation". */
  organisation: string;
};

/** Every error answer of the HTTP API. */
export type ErrorAnswer = { error: { code: string; message: string; details?: unknown; requestId: string } };
