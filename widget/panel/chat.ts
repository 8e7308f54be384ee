/** The panel's state and what the visitor can do to it; views read the cells and call the functions. */
import type { LookupView, ServerFrame } from "../../src/protocol/chat-protocol.ts";
import type { PageContext, PanelHost } from "../contract.ts";
import { ApiError, createApi } from "./api.ts";
import { type Cell, createCell, type WritableCell } from "./cell.ts";
import { newClientId } from "./client-id.ts";
import { type ConnectionState, createConnection } from "./connection/connection.ts";
import {
  type Action,
  type Confirmation,
  type Conversation,
  EMPTY,
  isAnswering,
  type Message,
  reduce,
  resumeAfter,
  unsent,
} from "./conversation.ts";
import { describePage } from "./page-context.ts";
import { createSessionKeeper } from "./session.ts";
import { createStorage, localArea } from "./storage.ts";

/** Told to wait without being told how long. */
const DEFAULT_WAIT_MS = 5_000;
/** The other tab's answer ends without this tab hearing of it when it is on polling. */
const TURN_RUNNING_WAIT_MS = 2_000;

/** More answers than anybody stops in one conversation. */
const STOPS_KEPT = 20;

export type Chat = {
  conversation: Cell<Conversation>;
  state: Cell<ConnectionState>;
  /** When a rate-limited message goes out again, as milliseconds since 1970; null when nothing waits. */
  waitUntil: Cell<number | null>;
  draft: WritableCell<string>;
  locale: WritableCell<string>;
  /** What goes along of the page; null when the visitor or the page said no. */
  sharing: Cell<PageContext | null>;
  /** What the page itself wants said about it; null for nothing. */
  setPage: (page: PageContext | null) => void;
  start: () => void;
  send: (text: string) => void;
  /** Sends a look-up's form as the visitor's next message. */
  /** `text` is what the visitor is shown to have said. */
  fillIn: (lookup: LookupView, values: LookupView["values"], text: string) => void;
  stop: () => void;
  /** The visitor ended this answer: in this tab, another one, or before the page was loaded. */
  wasStopped: (message: Message) => boolean;
  retry: (message: Message) => void;
  /** The visitor's word on what an answer asks them to confirm. */
  confirm: (confirmation: Confirmation, accept: boolean) => void;
  rate: (message: Message, rating: "helpful" | "unhelpful") => void;
  newConversation: () => void;
  identify: (identity: string | null) => void;
  destroy: () => void;
};

/**
 * Long because it is a closure over one state that everything in it shares: what is in flight, what waits, what is shown.
 * Each function in it is short; taken apart they would hand each other a dozen cells.
 */
export function createChat(host: PanelHost, firstLocale: string): Chat {
  const { settings } = host;
  const storage = createStorage(settings.key, localArea());
  const api = createApi(settings.base);
  const keeper = createSessionKeeper(api, settings.key, storage.session, settings.identity);
  const conversation = createCell<Conversation>(EMPTY);
  const state = createCell<ConnectionState>({ name: "idle" });
  const waitUntil = createCell<number | null>(null);
  const draft = createCell(storage.draft.read() ?? "");
  const locale = createCell(firstLocale);
  const sharing = createCell<PageContext | null>(describePage(undefined));
  /** The message that was handed to the link and not acknowledged; one at a time keeps their order. */
  let inFlight: string | null = null;
  let waitTimer: ReturnType<typeof setTimeout> | undefined;

  let given: PageContext | undefined;
  /** Looked up anew, because single-page applications change title and address. */
  const sharedPage = () => {
    if (sharing.value) sharing.value = describePage(given);
    return sharing.value ?? undefined;
  };

  const dispatch = (action: Action) => {
    const before = conversation.value;
    const after = reduce(before, action);
    if (after === before) return;
    conversation.value = after;
    storage.outbox.write(toOutbox(after));
    announce(before, after);
    sendNext();
  };

  const connection = createConnection({
    api,
    session: keeper.get,
    forgetSession: () => {
      keeper.forget();
      dispatch({ type: "cleared" });
    },
    way: storage.way,
    resumeAfter: () => resumeAfter(conversation.value),
    locale: () => locale.value,
    page: sharedPage,
    onFrame,
    onState: (next) => {
      state.value = next;
      inFlight = null;
      sendNext();
    },
  });

  function onFrame(frame: ServerFrame) {
    if (frame.type === "error") return refused(frame);
    dispatch({ type: "frame", frame, at: new Date().toISOString() });
  }

  /** The oldest unacknowledged message, once nothing stands in its way. */
  function sendNext() {
    const [next] = unsent(conversation.value);
    if (next?.key === inFlight || waitTimer !== undefined || isAnswering(conversation.value)) return;
    inFlight = null;
    if (!next || state.value.name !== "connected") return;
    const context = sharedPage();
    inFlight = next.key;
    connection.send(
      next.filledIn
        ? { type: "lookup", id: next.key, ...next.filledIn, locale: locale.value }
        : {
            ...{ type: "message", id: next.key, text: next.content, locale: locale.value },
            ...(context && { context }),
          },
    );
  }

  function refused(frame: Extract<ServerFrame, { type: "error" }>) {
    const { code, message, retryable, id, retryAfterMs } = frame;
    host.emit("error", { code, message });
    // A refusal after the acknowledgement is the answer's failure, and comes with the answer.
    if (!id || !unsent(conversation.value).some(({ key }) => key === id)) return;
    inFlight = null;
    if (code === "TURN_RUNNING") return holdBack(TURN_RUNNING_WAIT_MS, false);
    if (retryable && (code === "RATE_LIMITED" || retryAfterMs))
      return holdBack(retryAfterMs ?? DEFAULT_WAIT_MS, true);
    dispatch({ type: "refused", id, failure: { code, message } });
  }

  function holdBack(delayMs: number, isShown: boolean) {
    endHoldBack();
    if (isShown) waitUntil.value = Date.now() + delayMs;
    waitTimer = setTimeout(() => {
      endHoldBack();
      sendNext();
    }, delayMs);
  }

  function endHoldBack() {
    clearTimeout(waitTimer);
    waitTimer = undefined;
    waitUntil.value = null;
  }

  function announce(before: Conversation, after: Conversation) {
    for (const message of after.messages) {
      const { role, status, id } = message;
      if (role === "user" || status === "streaming") continue;
      const earlier = before.messages.find((one) => one.id === id);
      if (earlier?.status === "streaming") host.emit("message:received", { message: id, status });
    }
  }

  const send = (text: string) => {
    const trimmed = text.trim();
    if (!trimmed) return;
    const id = newClientId();
    dispatch({ type: "typed", message: { id, text: trimmed, at: new Date().toISOString() } });
    host.emit("message:sent", { id });
  };

  const fillIn = ({ tool }: LookupView, values: LookupView["values"], text: string) => {
    const id = newClientId();
    dispatch({
      type: "typed",
      message: { id, text, at: new Date().toISOString(), lookup: { tool, values } },
    });
    host.emit("message:sent", { id });
  };

  const startOver = () => {
    endHoldBack();
    conversation.value = EMPTY;
    storage.outbox.write(null);
    connection.restart();
  };

  for (const message of storage.outbox.read() ?? []) dispatch({ type: "typed", message });
  const unsubscribe = draft.subscribe(() => storage.draft.write(draft.value || null));

  return {
    conversation,
    state,
    waitUntil,
    draft,
    locale,
    sharing,
    setPage: (page) => {
      given = page ?? undefined;
      sharing.value = page && describePage(page);
    },
    start: connection.start,
    send,
    fillIn,
    stop: () => {
      const question = conversation.value.messages.findLast(
        ({ role, status }) => role === "user" && status === "complete",
      );
      const stopped = [...(storage.stopped.read() ?? []), question?.key ?? ""];
      storage.stopped.write(stopped.slice(-STOPS_KEPT));
      connection.send({ type: "stop" });
    },
    wasStopped: (message) => {
      const question = questionOf(conversation.value, message);
      return question !== undefined && (storage.stopped.read()?.includes(question.key) ?? false);
    },
    retry: (message) => {
      if (message.status === "refused") return dispatch({ type: "resent", id: message.key });
      const question = questionOf(conversation.value, message);
      if (question) send(question.content);
    },
    confirm: (confirmation, accept) => {
      const { problem: _earlier, ...view } = confirmation;
      dispatch({ type: "confirming", confirmation: { ...view, state: accept ? "started" : "declined" } });
      const { call } = view;
      keeper
        .get()
        .then((credentials) => api.post("api/chat/confirm", credentials, { call, accept }))
        .catch((thrown) => {
          const { code, message } = asFailure(thrown);
          // Whoever may try again sees the card as it was.
          dispatch({
            type: "confirming",
            confirmation: isRefusal(thrown) ? { ...view, problem: message } : view,
          });
          host.emit("error", { code, message });
        });
    },
    rate: (message, rating) => {
      const { id } = message;
      if (!id || message.rating === rating) return;
      const before = message.rating;
      dispatch({ type: "rated", id, rating });
      keeper
        .get()
        .then((credentials) => api.post("api/chat/feedback", credentials, { message: id, rating }))
        .then(
          () => host.emit("feedback", { message: id, rating }),
          () => dispatch({ type: "rated", id, rating: before }),
        );
    },
    newConversation: () => {
      if (conversation.value.messages.length === 0) return;
      keeper
        .get()
        .then((credentials) => api.post("api/chat/conversation", credentials, {}))
        .then(startOver, (thrown) => {
          const { code, message } = asFailure(thrown);
          host.emit("error", { code, message });
        });
    },
    identify: (identity) => {
      keeper.identify(identity);
      startOver();
    },
    destroy: () => {
      endHoldBack();
      unsubscribe();
      connection.stop();
    },
  };
}

function asFailure(thrown: unknown): { code: string; message: string } {
  return thrown instanceof ApiError ? thrown : { code: "INTERNAL", message: String(thrown) };
}

/** What will be said no to again. */
function isRefusal(thrown: unknown): boolean {
  return thrown instanceof ApiError && thrown.status >= 400 && thrown.status < 429;
}

function toOutbox(conversation: Conversation) {
  const waiting = unsent(conversation).map(({ key, content, createdAt, filledIn }) => ({
    id: key,
    text: content,
    at: createdAt,
    ...(filledIn && { lookup: filledIn }),
  }));
  return waiting.length ? waiting : null;
}

/** The visitor's message that `answer` is an answer to. */
function questionOf({ messages }: Conversation, answer: Message): Message | undefined {
  return messages.slice(0, messages.indexOf(answer)).findLast(({ role }) => role === "user");
}
