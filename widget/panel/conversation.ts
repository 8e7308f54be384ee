/**
 * What the visitor sees, as a pure function of what they did and what the server said. Frames may come
 * twice (a reconnect replays them) or after the history that contains their outcome already; messages are
 * matched by the id the visitor's browser made.
 */
import type {
  CitationView,
  ConfirmationView,
  DoneFrame,
  LookupView,
  MessageView,
  ServerFrame,
} from "../../src/protocol/chat-protocol.ts";

export type Failure = { code: string; message: string };

export type ToolActivity = { name: string; label: string; state: "running" | "done" | "failed" };

/**
 * `waiting`: typed here and not yet acknowledged; `refused`: the server would not take it; the others as
 * in the protocol.
 */
export type MessageStatus = MessageView["status"] | "waiting" | "refused";

export type Message = {
  /** Stays the same from typing to history, so that nothing is drawn anew. */
  key: string;
  /** The server's id; null until it acknowledged the message. */
  id: string | null;
  role: MessageView["role"];
  content: string;
  status: MessageStatus;
  citations: CitationView[];
  nearest: CitationView[];
  followUps: string[];
  /** The look-up that an answer offers. */
  lookup: LookupView | null;
  /** What it asks its visitor to confirm. */
  confirmations: Confirmation[];
  /** What the visitor filled in, until the server has acknowledged it. */
  filledIn: FilledIn | null;
  /** A greeting and the like, or the reply to it: nothing to rate. */
  smallTalk: boolean;
  tools: ToolActivity[];
  createdAt: string;
  rating: MessageView["rating"] | null;
  failure: Failure | null;
  /** True when its text was seen arriving, so that the rest is shown at reading speed. */
  live: boolean;
};

/** `problem` is why their word was not taken. */
export type Confirmation = ConfirmationView & { problem?: string };

export type Conversation = {
  /** The server's id of the conversation, null before the first `ready`. */
  id: string | null;
  messages: Message[];
  /** Highest sequence number applied since the last full history; frames up to it are repeats. */
  seen: number;
  /** A message was acknowledged and nothing of its answer has come. */
  awaiting: boolean;
};

/** `lookup` is a form that was filled in, which `text` tells in words. */
export type Typed = { id: string; text: string; at: string; lookup?: FilledIn };
export type FilledIn = Pick<LookupView, "tool" | "values">;

export type Action =
  | { type: "typed"; message: Typed }
  | { type: "frame"; frame: ServerFrame; at: string }
  | { type: "refused"; id: string; failure: Failure }
  | { type: "resent"; id: string }
  | { type: "confirming"; confirmation: Confirmation }
  | { type: "rated"; id: string; rating: Message["rating"] }
  | { type: "cleared" };

export const EMPTY: Conversation = { id: null, messages: [], seen: 0, awaiting: false };

/** What `hello.after` should be: undefined asks for the whole history, which is always safe. */
export function resumeAfter(conversation: Conversation): number | undefined {
  return conversation.seen || undefined;
}

/** True from the acknowledgement of a question to the end of its answer. */
export function isAnswering({ awaiting, messages }: Conversation): boolean {
  return awaiting || messages.some(({ status }) => status === "streaming");
}

/** True while the visitor waits for an answer of which there is nothing to read. */
export function isPending({ awaiting, messages }: Conversation): boolean {
  const writing = messages.filter(({ status }) => status === "streaming");
  return awaiting || (writing.length > 0 && !writing.some(isReadable));
}

/** The beginning of a citation or of emphasis is not shown before it is clear what it becomes. */
export function isReadable({ content }: Pick<Message, "content">): boolean {
  return /[\p{L}\p{N}]/u.test(content.slice(0, 99).replace(/\[[\d\s,]*\]?/g, ""));
}

/** Messages the server has not acknowledged, oldest first. */
export function unsent({ messages }: Conversation): Message[] {
  return messages.filter(({ status }) => status === "waiting");
}

export function reduce(conversation: Conversation, action: Action): Conversation {
  switch (action.type) {
    case "typed":
      if (conversation.messages.some(({ key }) => key === action.message.id)) return conversation;
      return { ...conversation, messages: [...conversation.messages, fromTyped(action.message)] };
    case "frame":
      return applyFrame(conversation, action.frame, action.at);
    case "refused":
      // What it acknowledged it has; the failure of its answer comes as the answer's.
      return change(conversation, ({ key, status }) => key === action.id && status === "waiting", {
        status: "refused",
        failure: action.failure,
      });
    case "resent":
      return change(conversation, byKey(action.id), { status: "waiting", failure: null });
    case "confirming":
      return { ...conversation, messages: conversation.messages.map(withConfirmation(action.confirmation)) };
    case "rated":
      return change(conversation, byId(action.id), { rating: action.rating });
    case "cleared":
      return { ...EMPTY, messages: unsent(conversation) };
  }
}

function applyFrame(conversation: Conversation, frame: ServerFrame, at: string): Conversation {
  if (frame.type === "pong" || frame.type === "error") return conversation;
  if (frame.type === "ready") {
    if (!frame.history) return { ...conversation, id: frame.conversation };
    const replaced = withHistory(conversation, frame.conversation, frame.history);
    const streams = replaced.messages.some(({ status }) => status === "streaming");
    return { ...replaced, awaiting: frame.running !== null && !streams };
  }
  if (frame.seq <= conversation.seen) return conversation;
  const seen = { ...conversation, seen: frame.seq };
  switch (frame.type) {
    case "accepted":
      return {
        ...change(seen, byKey(frame.id), { status: "complete", id: frame.message, failure: null }),
        awaiting: true,
      };
    case "delta":
      return answer(seen, frame.message, at, (message) => ({
        content: (message.live ? message.content : "") + frame.text,
        live: true,
      }));
    case "citations":
      return answer(seen, frame.message, at, () => ({ citations: frame.items }));
    case "lookup":
      return answer(seen, frame.message, at, () => ({ lookup: toLookup(frame) }));
    case "tool":
      return answer(seen, frame.message, at, ({ tools }) => ({
        tools: [...tools.filter(({ name }) => name !== frame.name), toTool(frame)],
      }));
    case "confirm": {
      const confirmation = toConfirmation(frame);
      if (seen.messages.some(({ confirmations }) => confirmations.some(({ call }) => call === frame.call)))
        return { ...seen, messages: seen.messages.map(withConfirmation(confirmation)) };
      return answer(seen, frame.message, at, ({ confirmations }) => ({
        confirmations: [...confirmations, confirmation],
      }));
    }
    case "done":
      return answer(seen, frame.message, at, (message) => outcome(frame, message));
    case "message": {
      const { id, role } = frame.message;
      const isNew = role === "user" && !seen.messages.some((message) => message.id === id);
      return { ...place(seen, fromView(frame.message)), awaiting: seen.awaiting || isNew };
    }
  }
}

/** The server's list replaces ours; only what it has not acknowledged stays, at the end. */
function withHistory(conversation: Conversation, id: string, history: MessageView[]): Conversation {
  const stored = history.map((view) => keepLocal(fromView(view), conversation));
  const known = new Set(stored.map(({ key }) => key));
  const local = conversation.messages.filter(
    ({ key, status }) => (status === "waiting" || status === "refused") && !known.has(key),
  );
  return { id, messages: [...stored, ...local], seen: 0, awaiting: false };
}

/** History knows no tool lines; what was seen live stays. */
function keepLocal(message: Message, conversation: Conversation): Message {
  const before = conversation.messages.find(({ id, key }) => key === message.key || id === message.id);
  if (!before) return message;
  return { ...message, key: before.key, tools: before.tools };
}

/** Changes the assistant message `id`, or starts it where answers begin: before what still waits. */
function answer(
  conversation: Conversation,
  id: string,
  at: string,
  changes: (message: Message) => Partial<Message>,
): Conversation {
  const known = conversation.messages.find((message) => message.id === id);
  const message = known ?? { ...blank(id, "assistant", at), id, status: "streaming", live: true };
  return place({ ...conversation, awaiting: false }, { ...message, ...changes(message) });
}

function place(conversation: Conversation, message: Message): Conversation {
  const { messages } = conversation;
  const index = messages.findIndex(
    ({ key, id }) => key === message.key || (id !== null && id === message.id),
  );
  if (index >= 0) {
    const key = messages[index]?.key ?? message.key;
    return { ...conversation, messages: messages.with(index, { ...message, key }) };
  }
  const firstUnsent = messages.findIndex(({ status }) => status === "waiting");
  const position = firstUnsent < 0 ? messages.length : firstUnsent;
  return { ...conversation, messages: messages.toSpliced(position, 0, message) };
}

function change(
  conversation: Conversation,
  matches: (message: Message) => boolean,
  changes: Partial<Message>,
): Conversation {
  const messages = conversation.messages.map((message) =>
    matches(message) ? { ...message, ...changes } : message,
  );
  return { ...conversation, messages };
}

const byKey = (key: string) => (message: Message) => message.key === key;
const byId = (id: string) => (message: Message) => message.id === id;

/** An answer that says that nothing was found rests on nothing, whatever was announced for it before. */
function outcome(frame: DoneFrame, message: Message): Partial<Message> {
  return {
    citations: frame.nearest?.length ? [] : message.citations,
    status: frame.status,
    followUps: frame.followUps,
    smallTalk: frame.smallTalk ?? false,
    nearest: frame.nearest ?? [],
    failure: frame.error ?? null,
  };
}

function withConfirmation(changed: Confirmation) {
  return (message: Message): Message => ({
    ...message,
    confirmations: message.confirmations.map((each) => (each.call === changed.call ? changed : each)),
  });
}

function toConfirmation(frame: Extract<ServerFrame, { type: "confirm" }>): Confirmation {
  const { type: _type, message: _message, seq: _seq, ...confirmation } = frame;
  return confirmation;
}

function toTool({ name, label, state }: ToolActivity): ToolActivity {
  return { name, label, state };
}

function toLookup({ tool, label, parameters, values }: LookupView): LookupView {
  return { tool, label, parameters, values };
}

function fromTyped({ id, text, at, lookup }: Typed): Message {
  return { ...blank(id, "user", at), content: text, status: "waiting", filledIn: lookup ?? null };
}

function fromView(view: MessageView): Message {
  return {
    ...blank(view.clientId ?? view.id, view.role, view.createdAt),
    id: view.id,
    content: view.content,
    status: view.status,
    citations: view.citations,
    nearest: view.nearest ?? [],
    followUps: view.followUps ?? [],
    confirmations: view.confirmations ?? [],
    lookup: view.role === "assistant" ? (view.lookup ?? null) : null,
    smallTalk: view.smallTalk ?? false,
    rating: view.rating ?? null,
    failure: view.error ?? null,
  };
}

function blank(key: string, role: Message["role"], createdAt: string): Message {
  return {
    key,
    id: null,
    role,
    content: "",
    status: "complete",
    citations: [],
    nearest: [],
    followUps: [],
    lookup: null,
    confirmations: [],
    filledIn: null,
    smallTalk: false,
    tools: [],
    createdAt,
    rating: null,
    failure: null,
    live: false,
  };
}
