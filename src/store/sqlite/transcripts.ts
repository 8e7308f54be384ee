/** Messages as they leave Parley in an export. */
import type { ExportedMessage, Visitor } from "../../domain/conversation.ts";
import type { ConversationId, TenantId } from "../../domain/ids.ts";
import type { TranscriptPlace } from "../store.ts";
import type { SqliteClient } from "./connection.ts";
import type { StoredCitation } from "./schema.ts";

/** So much is copied to the main thread and written there in about a millisecond. */
const MOST_MESSAGES = 200;
const MOST_CHARACTERS = 256_000;

/** An answer may have taken something of several models; the last of them wrote it. */
const OF_MESSAGE = "usage.tenant_id = message.tenant_id and usage.message_id = message.id";

type Row = Omit<ExportedMessage, "conversationId" | "sources" | "visitor" | "page"> & {
  number: number;
  citations: string;
  visitor: string | null;
  page: string | null;
};

export function transcriptReader(client: SqliteClient) {
  const behind = client.prepare<[TenantId, ConversationId, number], Row>(
    `select message.number, message.id as messageId, message.role, message.content, message.status,
       message.language, message.rating, usage.provider, usage.model,
       (select sum(input_tokens) from usage where ${OF_MESSAGE}) as inputTokens,
       (select sum(output_tokens) from usage where ${OF_MESSAGE}) as outputTokens, message.citations, conversation.page, conversation.visitor,
       message.created_at as createdAt
     from messages as message
     join conversations as conversation
       on conversation.tenant_id = message.tenant_id and conversation.id = message.conversation_id
     left join usage on usage.rowid = (select max(rowid) from usage where ${OF_MESSAGE})
     where message.tenant_id = ? and message.conversation_id = ? and message.number > ?
       and conversation.deleted_at is null
     order by message.number`,
  );

  return (
    tenantId: TenantId,
    conversationIds: readonly ConversationId[],
    from: TranscriptPlace | null,
  ): { messages: ExportedMessage[]; next: TranscriptPlace | null } => {
    const messages: ExportedMessage[] = [];
    let characters = 0;
    const { at, behind: number } = from ?? { at: 0, behind: 0 };
    for (const [offset, id] of conversationIds.slice(at).entries()) {
      for (const row of behind.iterate(tenantId, id, offset === 0 ? number : 0)) {
        messages.push(toExported(id, row));
        characters += row.content.length;
        if (messages.length === MOST_MESSAGES || characters >= MOST_CHARACTERS)
          return { messages, next: { at: at + offset, behind: row.number } };
      }
    }
    return { messages, next: null };
  };
}

function toExported(conversationId: ConversationId, row: Row): ExportedMessage {
  const { number: _number, citations, visitor, page, ...message } = row;
  // JSON that Parley wrote itself, as in schema.ts.
  const cited = JSON.parse(citations) as StoredCitation[];
  return {
    ...{ conversationId, ...message },
    provider: message.provider || null,
    model: message.model || null,
    sources: [...new Set(cited.map((each) => (each.kind === "tool" ? each.label : each.title)))],
    page: page === null ? null : (JSON.parse(page) as { url: string | null }).url,
    visitor: visitor === null ? null : (JSON.parse(visitor) as Visitor).id,
  };
}
