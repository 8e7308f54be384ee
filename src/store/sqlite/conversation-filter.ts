/** Which conversations a filter lets through, as conditions on a row that a query calls `conversation`. */
import type { ConversationId, TenantId, UnixMs } from "../../domain/ids.ts";
import type { ConversationFilter } from "../store.ts";

/** Literally so, because that is what the indexes of these say. */
const IS_SHOWN = `conversation.tenant_id = @tenantId and conversation.deleted_at is null
  and conversation.message_count > 0`;

const IS_ONLY_SMALL_TALK = `conversation.last_outcome is null and exists (
  select 1 from messages as said
  where said.tenant_id = conversation.tenant_id and said.conversation_id = conversation.id
    and said.small_talk is not null)`;

export type FilterValues = {
  tenantId: TenantId;
  ids?: string;
  lastOutcome?: string;
  from?: UnixMs;
  language?: string;
  provider?: string;
};

/**
 * Columns of the index conversations_by_activity, but for what was said and how it ended, which have indexes of their
 * own. `textContains` is not among the conditions, nor is `to`, before which the list begins: see `firstBehind`.
 */
export function conditionsOf(
  tenantId: TenantId,
  { ids, lastOutcome, from, language, provider, rating, ...marks }: ConversationFilter,
): { sql: string; values: FilterValues; index: string } {
  const conditions = [
    IS_SHOWN,
    ids && "conversation.id in (select value from json_each(@ids))",
    lastOutcome &&
      (lastOutcome === "small-talk" ? IS_ONLY_SMALL_TALK : "conversation.last_outcome = @lastOutcome"),
    // As a place in the list, like where it ends, or SQLite would read each page from the first one on.
    from !== undefined && "(conversation.updated_at, conversation.id) >= (@from, '')",
    rating && `conversation.${rating} = 1`,
    isSet("flagged", marks.flagged),
    isSet("starred", marks.starred),
    isSet("abstained", marks.abstained),
    isSet("tools", marks.tools),
    isSet("legal_hold", marks.legalHold),
    language !== undefined && "instr(conversation.languages, @language) > 0",
    provider !== undefined && "instr(conversation.providers, @provider) > 0",
  ];
  return {
    // Few may have ended so; SQLite knows nothing of how many.
    index: lastOutcome ? "conversations_by_outcome" : "conversations_by_activity",
    sql: conditions.filter(Boolean).join("\n    and "),
    values: {
      tenantId,
      ...(ids && { ids: JSON.stringify(ids) }),
      ...(lastOutcome && { lastOutcome }),
      ...(from !== undefined && { from }),
      // With its quotation marks, so that no part of another one is it.
      ...(language !== undefined && { language: JSON.stringify(language) }),
      ...(provider !== undefined && { provider: JSON.stringify(provider) }),
    },
  };
}

/** Where a conversation stands in the list. */
export type Place = { updatedAt: UnixMs; id: ConversationId };

/** The place behind which conversations are looked for: where the last page ended, or where a filter begins. */
export function firstBehind({ to }: ConversationFilter, behind: Place | null): Place {
  if (behind !== null && (to === undefined || behind.updatedAt < to)) return behind;
  return { updatedAt: to ?? Number.MAX_SAFE_INTEGER, id: "" as ConversationId };
}

/** Whether the columns of its index answer it, so that no conversation need be looked at. */
export function isByIndexAlone({ textContains, lastOutcome, ...others }: ConversationFilter): boolean {
  return !textContains && Object.values(others).every((value) => value === undefined);
}

function isSet(column: string, value: boolean | undefined): string | false {
  return value !== undefined && `conversation.${column} = ${value ? 1 : 0}`;
}
