/** Which conversations hold a text, latest activity first. */
import type { ConversationId, TenantId } from "../../domain/ids.ts";
import type { ConversationFilter } from "../store.ts";
import type { SqliteClient } from "./connection.ts";
import { conditionsOf, type FilterValues, firstBehind, type Place } from "./conversation-filter.ts";
import { folded } from "./folded.ts";
import { messageCandidates } from "./message-index.ts";

export type Asked = {
  tenantId: TenantId;
  filter: ConversationFilter & { textContains: string };
  /** Where the last page ended. */
  behind: Place | null;
  limit: number;
};
type Found = Place & { title: string | null };

/** How a search decides between reading in order and asking the index; neither takes more than about 20 ms then. */
export type SearchLimits = {
  /** Conversations, and characters in them, that are read before the index is asked: what many hold is found there. */
  conversations: number;
  characters: number;
  /** With more candidates than this, reading on in order is quicker. */
  candidates: number;
};
const LIMITS: SearchLimits = { conversations: 1_000, characters: 700_000, candidates: 10_000 };
/** Where so much of a page was found, the rest is not far behind, and the index would tell of thousands. */
const NEARLY = 1 / 3;
const TWICE = 2;

export function conversationSearch(client: SqliteClient, limits = LIMITS): (asked: Asked) => Place[] {
  const candidatesOf = messageCandidates(client);
  const columns = "conversation.id, conversation.updated_at as updatedAt, conversation.title";
  /** Statements are prepared for each search: filters have too many forms to keep one of each. */
  const statements = (conditions: string, index: string) => {
    const isAsked = `${conditions} and (conversation.updated_at, conversation.id) < (@updatedAt, @id)
      order by conversation.updated_at desc, conversation.id desc`;
    return {
      inOrder: client.prepare<[Parameters], Found>(
        `select ${columns} from conversations as conversation indexed by ${index} where ${isAsked}`,
      ),
      ofMessages: client.prepare<[Parameters & { numbers: string }], Found>(
        `select distinct ${columns} from json_each(@numbers) as candidate
         cross join messages as message on message.number = candidate.value
         cross join conversations as conversation
           on conversation.tenant_id = message.tenant_id and conversation.id = message.conversation_id
         where ${isAsked}`,
      ),
    };
  };
  const contents = client
    .prepare<[TenantId, ConversationId], string>(
      "select content from messages where tenant_id = ? and conversation_id = ?",
    )
    .pluck();

  return ({ tenantId, filter: { textContains, ...filter }, limit, behind }) => {
    // SQLite would store half a character as U+FFFD, and finds it as that.
    const text = folded(textContains.toWellFormed());
    const { sql, values, index } = conditionsOf(tenantId, filter);
    const { inOrder, ofMessages } = statements(sql, index);
    const found: Place[] = [];
    let last = firstBehind(filter, behind);
    let characters = 0;

    function look(conversation: Found): void {
      const texts = [conversation.title ?? "", ...contents.all(tenantId, conversation.id)];
      characters += texts.reduce((sum, each) => sum + each.length, 0);
      if (texts.some((each) => folded(each).includes(text))) found.push(conversation);
      last = conversation;
    }

    /** Whether there is nothing more to find. */
    function lookAt(conversations: Iterable<Found>, most: Reading): boolean {
      let looked = 0;
      const least = characters;
      for (const conversation of conversations) {
        if (looked++ >= most.conversations || characters - least >= most.characters) return false;
        look(conversation);
        if (found.length === limit) return true;
      }
      return true;
    }

    const behindLast = () => ({ ...values, updatedAt: last.updatedAt, id: last.id });
    if (lookAt(inOrder.iterate(behindLast()), limits)) return found;
    if (found.length >= limit * NEARLY && lookAt(inOrder.iterate(behindLast()), times(TWICE, limits)))
      return found;
    const numbers = candidatesOf(tenantId, text, limits.candidates);
    const likely =
      numbers === null
        ? inOrder.iterate(behindLast())
        : ofMessages.iterate({ ...behindLast(), numbers: JSON.stringify(numbers) });
    lookAt(likely, EVERYTHING);
    return found;
  };
}

type Reading = Pick<SearchLimits, "conversations" | "characters">;
const EVERYTHING: Reading = {
  conversations: Number.POSITIVE_INFINITY,
  characters: Number.POSITIVE_INFINITY,
};

function times(factor: number, { conversations, characters }: Reading): Reading {
  return { conversations: factor * conversations, characters: factor * characters };
}

type Parameters = Place & FilterValues;
