import type { ConversationView } from "./conversations.ts";
import type { JobView, SourceView } from "./knowledge.ts";

/** `WS /ws/admin`, server to backoffice. The socket is for one tenant: `/ws/admin?tenant=ten_…`. Reconnect and refetch on close. */
export type AdminFrame =
  | { type: "ready"; tenant: string }
  | { type: "job"; job: JobView }
  | { type: "source"; source: SourceView; removed?: never }
  | { type: "source"; source: { id: string }; removed: true }
  | { type: "conversation"; conversation: ConversationView; removed?: never }
  | { type: "conversation"; conversation: { id: string }; removed: true }
  /** Many changed at once: fetch the list again. */
  | { type: "conversations" }
  | { type: "notice"; level: "info" | "warn" | "bad"; code: string; text: string }
  | { type: "pong" };

export type AdminClientFrame = { type: "ping" };
