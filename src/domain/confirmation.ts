/** Calls of tools that change something: nothing of one runs before its visitor has said yes to exactly its arguments. */
import type {
  ChatSessionId,
  ConversationId,
  MessageId,
  TenantId,
  ToolCallId,
  ToolId,
  UnixMs,
} from "./ids.ts";
import type { ToolArguments } from "./tool.ts";

export const CONFIRMATION_STATES = [
  "pending_confirmation",
  /** It was sent, or is about to be. */
  "started",
  "done",
  "failed",
  /** The server ended, or nobody answered, between `started` and an outcome: it may have happened. */
  "unknown",
  "declined",
] as const;
export type ConfirmationState = (typeof CONFIRMATION_STATES)[number];

/** An argument as people read it. */
export type ArgumentInWords = { label: string; value: string };

export type Confirmation = {
  /** Also the key by which what is called can tell a call that comes twice. */
  id: ToolCallId;
  tenantId: TenantId;
  sessionId: ChatSessionId;
  conversationId: ConversationId;
  /** The answer in which it was asked for. */
  messageId: MessageId;
  toolId: ToolId;
  name: string;
  label: string;
  /** Without what is bound to the visitor. */
  arguments: ToolArguments;
  words: ArgumentInWords[];
  /** Of the question, as ISO 639-3. */
  language: string;
  state: ConfirmationState;
  /** The message that says what became of it. */
  outcomeId: MessageId | null;
  createdAt: UnixMs;
  expiresAt: UnixMs;
};

/** Long enough to read it and to ask somebody, short enough that the facts are still the same. */
export const CONFIRM_WITHIN_MS = 5 * 60_000;

export function isExpired(
  { state, expiresAt }: Pick<Confirmation, "state" | "expiresAt">,
  now: UnixMs,
): boolean {
  return state === "pending_confirmation" && now >= expiresAt;
}
