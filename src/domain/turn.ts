import type { Confirmation } from "./confirmation.ts";
import type { Citation, Message, OfferedLookup, PageContext } from "./conversation.ts";
import type { MessageId } from "./ids.ts";

/** What a visitor asks. */
export type UserMessage = {
  /** Made by the visitor's browser: a resend is no duplicate. */
  clientId: string;
  text: string;
  /** The language that the widget speaks, as browsers name it; null when it does not say. */
  locale: string | null;
  page: PageContext | null;
  /** A look-up that was offered, filled in; its text is then Parley's. Null for what was typed. */
  lookup?: FilledLookup | null;
  /** What was said before, oldest first, where whoever asks keeps that; without it, what is stored. */
  saidBefore?: readonly SaidBefore[];
};

/** A message that Parley is told of. */
export type SaidBefore = { role: "user" | "assistant"; content: string };

/** As it came: a tool by its name, and values that nobody has looked at. */
export type FilledLookup = { tool: string; values: Record<string, unknown> };

/** What happens in a turn, in order: question, delta or tool …, citations, done. */
export type TurnEvent =
  | { type: "question"; message: Message }
  | { type: "delta"; messageId: MessageId; text: string }
  | { type: "tool"; messageId: MessageId; name: string; label: string; state: "running" | "done" | "failed" }
  | { type: "citations"; messageId: MessageId; citations: Citation[] }
  | { type: "confirm"; messageId: MessageId; confirmation: Confirmation }
  /** Something that Parley says outside of any turn. */
  | { type: "message"; message: Message }
  | { type: "lookup"; messageId: MessageId; lookup: OfferedLookup }
  | { type: "done"; message: Message };

/** An event of a session's stream. `seq` ascends over the life of the session, also over restarts. */
export type StreamEvent = TurnEvent & { seq: number };
