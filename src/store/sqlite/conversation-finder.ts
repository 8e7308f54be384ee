/** Where the conversations of a filter are, in the order of the list. */
import type { ConversationId, TenantId } from "../../domain/ids.ts";
import type { Page, PageRequest } from "../../domain/page.ts";
import type { ConversationFilter } from "../store.ts";
import type { SqliteClient } from "./connection.ts";
import { conditionsOf, firstBehind, type Place } from "./conversation-filter.ts";
import { conversationSearch } from "./conversation-search.ts";
import { fromCursor, toPage } from "./cursor.ts";

export function conversationFinder(
  client: SqliteClient,
): (tenantId: TenantId, filter: ConversationFilter, page: PageRequest) => Page<ConversationId> {
  const search = conversationSearch(client);

  function placesBehind(
    behind: Place | null,
    tenantId: TenantId,
    filter: ConversationFilter,
    limit: number,
  ): Place[] {
    const { textContains } = filter;
    if (textContains) return search({ tenantId, filter: { ...filter, textContains }, behind, limit });
    const { sql, values, index } = conditionsOf(tenantId, filter);
    return client
      .prepare<[object], Place>(
        `select conversation.id, conversation.updated_at as updatedAt from conversations as conversation
           indexed by ${index}
         where ${sql} and (conversation.updated_at, conversation.id) < (@updatedAt, @id)
         order by conversation.updated_at desc, conversation.id desc limit @limit`,
      )
      .all({ ...values, ...firstBehind(filter, behind), limit });
  }

  return (tenantId, filter, { cursor, limit }) => {
    // One more than the page has tells whether there is another.
    const places = placesBehind(cursor === null ? null : placeOf(cursor), tenantId, filter, limit + 1);
    const { items, nextCursor } = toPage(places, limit, ({ updatedAt, id }) => [updatedAt, id]);
    return { items: items.map(({ id }) => id), nextCursor };
  };
}

function placeOf(cursor: string): Place {
  const [updatedAt, id] = fromCursor(cursor);
  return { updatedAt: Number(updatedAt), id: String(id) as ConversationId };
}

/** Combinations are few, however many conversations there are. */
export function filterValues(
  client: SqliteClient,
  tenantId: TenantId,
): { languages: string[]; providers: string[] } {
  const distinct = (column: "languages" | "providers") => {
    const lists = client
      .prepare<[TenantId], string>(
        `select distinct ${column} from conversations indexed by conversations_by_activity
         where tenant_id = ? and deleted_at is null and message_count > 0`,
      )
      .pluck()
      .all(tenantId);
    // Written by Parley itself, as a list of texts.
    return [...new Set(lists.flatMap((list) => JSON.parse(list) as string[]))].sort();
  };
  return { languages: distinct("languages"), providers: distinct("providers") };
}
