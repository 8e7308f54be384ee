/** Conversations as files: each message a row, written as it is read, so that any number needs little memory. */
import type { Deps } from "../../deps.ts";
import type { ExportedMessage } from "../../domain/conversation.ts";
import type { ConversationId, TenantId } from "../../domain/ids.ts";
import { textCell } from "../../rag/csv.ts";
import type { ConversationFilter, TranscriptPlace } from "../../store/store.ts";

export type ExportFormat = "csv" | "jsonl";

/** Conversations that are looked for at once. */
const AT_ONCE = 200;
/** By this Excel knows that what follows is UTF-8. */
const BYTE_ORDER_MARK = "\ufeff";
/** Between titles in one cell. */
const SEPARATOR = " | ";

type Column = { name: string; of: (message: ExportedMessage) => string | number | string[] | null };

/** The columns of a row, and the fields of a line, in this order. */
const COLUMNS: readonly Column[] = [
  { name: "conversation", of: ({ conversationId }) => conversationId },
  { name: "message", of: ({ messageId }) => messageId },
  { name: "role", of: ({ role }) => role },
  { name: "content", of: ({ content }) => content },
  { name: "status", of: ({ status }) => status },
  { name: "language", of: ({ language }) => language },
  { name: "rating", of: ({ rating }) => rating },
  { name: "provider", of: ({ provider }) => provider },
  { name: "model", of: ({ model }) => model },
  { name: "inputTokens", of: ({ inputTokens }) => inputTokens },
  { name: "outputTokens", of: ({ outputTokens }) => outputTokens },
  { name: "sources", of: ({ sources }) => sources },
  { name: "page", of: ({ page }) => page },
  { name: "visitor", of: ({ visitor }) => visitor },
  { name: "createdAt", of: ({ createdAt }) => new Date(createdAt).toISOString() },
];

type ExportDeps = Pick<Deps, "store" | "now">;

/**
 * All messages of the conversations that the filter finds, latest conversation first and its oldest message first, in
 * pieces of a size that is written in about a millisecond.
 */
export async function* exportConversations(
  deps: ExportDeps,
  tenantId: TenantId,
  filter: ConversationFilter,
  format: ExportFormat,
): AsyncGenerator<string> {
  if (format === "csv") yield `${BYTE_ORDER_MARK}${COLUMNS.map(({ name }) => name).join(",")}\r\n`;
  const toLine = format === "csv" ? toRow : toJson;
  for await (const ids of found(deps, tenantId, filter)) {
    for (let from: TranscriptPlace | null = null; ; ) {
      const { messages, next }: { messages: ExportedMessage[]; next: TranscriptPlace | null } =
        await deps.store.conversations.transcripts(tenantId, ids, from);
      if (messages.length > 0) yield messages.map(toLine).join("");
      if (next === null) break;
      from = next;
    }
  }
}

/**
 * The conversations, each once. Activity moves one to the top of the list, where those behind it would never be met: so
 * what has changed since the last look is looked for until nothing has.
 */
async function* found(
  { store, now }: ExportDeps,
  tenantId: TenantId,
  filter: ConversationFilter,
): AsyncGenerator<ConversationId[]> {
  const met = new Set<ConversationId>();
  for (let from = filter.from; ; ) {
    const lookedAt = now();
    const before = met.size;
    for (let cursor: string | null = null; ; ) {
      const page: { items: ConversationId[]; nextCursor: string | null } = await store.conversations.listIds(
        tenantId,
        { ...filter, ...(from !== undefined && { from }) },
        { cursor, limit: AT_ONCE },
      );
      const others = page.items.filter((id) => !met.has(id));
      for (const id of others) met.add(id);
      if (others.length > 0) yield others;
      cursor = page.nextCursor;
      if (cursor === null) break;
    }
    if (met.size === before) return;
    from = Math.max(filter.from ?? 0, lookedAt);
  }
}

function toJson(message: ExportedMessage): string {
  const fields = COLUMNS.map(({ name, of }) => [name, of(message)]);
  return `${JSON.stringify(Object.fromEntries(fields))}\n`;
}

function toRow(message: ExportedMessage): string {
  return `${COLUMNS.map(({ of }) => toCell(of(message))).join(",")}\r\n`;
}

function toCell(value: ReturnType<Column["of"]>): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  return textCell(typeof value === "string" ? value : value.join(SEPARATOR));
}
