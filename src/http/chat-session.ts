import type { ChatSession } from "../domain/conversation.ts";
import type { StreamEvent } from "../domain/turn.ts";
import type { MessageView, ReadyFrame } from "../protocol/chat-protocol.ts";
import { runningQuestion } from "../services/chat/ask.ts";
import { readSessionHistory } from "../services/inbox/conversations.ts";
import type { HttpDeps } from "./env.ts";
import { messageView } from "./views.ts";

/**
 * What a socket or SSE stream begins with: `ready`, then the frames it missed, then `onEvent` for all that
 * follows. Nothing can fall between: the listener is there before the history is read, and what it hears
 * meanwhile is delivered after.
 *
 * @param after the last number the client has seen; null when it has seen nothing
 */
export async function joinStream(
  deps: HttpDeps,
  session: ChatSession,
  after: number | null,
  onReady: (frame: ReadyFrame) => void,
  onEvent: (event: StreamEvent) => void,
): Promise<() => void> {
  const stream = await deps.streams.open(session.id);
  let waiting: StreamEvent[] | null = [];
  const leave = stream.subscribe((event) => (waiting ? waiting.push(event) : onEvent(event)));
  const missed = after === null ? null : stream.replayAfter(after);
  const running = stream.runningEvents();
  const seq = stream.lastSequence();
  // Read after subscribing: a turn that ends in between is in the history, and its events are dropped below.
  const history = missed
    ? null
    : await readHistory(deps, session).catch((thrown) => {
        leave();
        throw thrown;
      });
  onReady({
    type: "ready",
    session: session.id,
    conversation: session.conversationId,
    seq,
    state: "assistant",
    history,
    running: awaited(deps, session, history),
  });
  const known = new Set(history?.map(({ id }) => id));
  for (const event of [...(missed ?? running), ...waiting]) if (!known.has(subjectOf(event))) onEvent(event);
  waiting = null;
  return leave;
}

/** A turn is over for its visitor when the answer is stored, a moment before it stops running. */
function awaited(deps: HttpDeps, session: ChatSession, history: MessageView[] | null): string | null {
  const question = runningQuestion(deps, session);
  return history === null || history.at(-1)?.id === question ? question : null;
}

/** Finished messages of the session's current conversation; an answer that is being written comes as frames. */
export async function readHistory(deps: HttpDeps, session: ChatSession): Promise<MessageView[]> {
  const messages = await readSessionHistory(deps, session);
  return messages.filter(({ status }) => status !== "streaming").map(messageView);
}

function subjectOf(event: StreamEvent): string {
  return "message" in event ? event.message.id : event.messageId;
}
