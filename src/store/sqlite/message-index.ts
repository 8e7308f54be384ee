/** The index that tells which messages may hold a text; migrations/sqlite/0013_search_in_lists.sql says how it is kept. */
import type { ConversationId, TenantId } from "../../domain/ids.ts";
import type { SqliteClient } from "./connection.ts";
import { folded } from "./folded.ts";
import { ftsMerging } from "./fts-merging.ts";
import { inSlices } from "./slices.ts";

/** So long are the runs of characters that FTS5's trigram tokenizer makes. */
const RUN = 3;
/** Of a long text some are enough: the more there are, the fewer messages have all of them. */
const MOST_RUNS = 32;
/** Messages that are read between two looks at what waits. */
const AT_ONCE = 256;
/** More than this waits only after an upgrade, and is not worth reading beside the index. */
const MOST_WAITING = 2_000;
/** Behind each part, so that the last characters begin a run as well. For private use: nothing else has it. */
const END = "\uf000\uf000";
const BEHIND_ALL = "\u{10ffff}".repeat(RUN);

type MessageText = { number: number; tenantNumber: number; content: string; title: string | null };

/** Its part that reads. */
export function messageCandidates(client: SqliteClient) {
  const tenantNumber = client.prepare<[TenantId], number>("select number from tenants where id = ?").pluck();
  const waiting = client.prepare<[number], number>("select number from messages_to_index limit ?").pluck();
  const withRuns = client
    .prepare<[string, number], number>("select rowid from messages_fts where messages_fts match ? limit ?")
    .pluck();
  const withRunsFrom = client
    .prepare<[string, string, number], number>(
      "select doc from messages_fts_runs where term >= ? and term < ? limit ?",
    )
    .pluck();

  /** Numbers of messages that may hold `text`, which is folded; null when there are more than `most` in the index. */
  return (tenantId: TenantId, text: string, most: number): number[] | null => {
    const unread = waiting.all(MOST_WAITING + 1);
    if (unread.length > MOST_WAITING) return null;
    const characters = Array.from(indexable(text));
    const limit = most + 1;
    const found =
      characters.length < RUN
        ? withRunsFrom.all(characters.join(""), characters.join("") + BEHIND_ALL, limit)
        : withRuns.all(allRuns(tenantNumber.get(tenantId) ?? 0, characters), limit);
    return found.length > most ? null : [...found, ...unread];
  };
}

/** Its part that writes. */
export function messageIndex(client: SqliteClient) {
  const shownText = `
    select message.number, tenant.number as tenantNumber, message.content,
      iif(message.number = (
        select number from messages as first
        where first.tenant_id = message.tenant_id and first.conversation_id = message.conversation_id
        order by number limit 1
      ), conversation.title, null) as title
    from messages as message
    join conversations as conversation
      on conversation.tenant_id = message.tenant_id and conversation.id = message.conversation_id
    join tenants as tenant on tenant.id = message.tenant_id`;
  const isIndexable = "message.status <> 'streaming' and conversation.deleted_at is null";
  const waiting = client
    .prepare<[number], number>(
      `select waiting.number from messages_to_index as waiting
       join messages as message on message.number = waiting.number
       join conversations as conversation
         on conversation.tenant_id = message.tenant_id and conversation.id = message.conversation_id
       where ${isIndexable} order by waiting.number limit ?`,
    )
    .pluck();
  const textOf = client.prepare<[number], MessageText>(
    `${shownText} where message.number = ? and ${isIndexable}`,
  );
  const ofConversation = client.prepare<[TenantId, ConversationId], MessageText>(
    `${shownText} where message.tenant_id = ? and message.conversation_id = ?
       and not exists (select 1 from messages_to_index as waiting where waiting.number = message.number)`,
  );
  const insert = client.prepare<[number, string]>("insert into messages_fts (rowid, text) values (?, ?)");
  const remove = client.prepare<[number, string]>(
    "insert into messages_fts (messages_fts, rowid, text) values ('delete', ?, ?)",
  );
  const taken = client.prepare<[number]>("delete from messages_to_index where number = ?");
  const given = client.prepare<[number]>("insert or ignore into messages_to_index (number) values (?)");
  const { merge } = ftsMerging(client, "messages_fts");

  function addOne(number: number): void {
    // Its conversation may have been removed since the look at what waits.
    const message = textOf.get(number);
    if (message === undefined || taken.run(number).changes === 0) return;
    insert.run(number, indexed(message));
  }

  return {
    /** Takes in some of the messages that wait. Whether there were any. */
    async addWaiting(): Promise<boolean> {
      const numbers = waiting.all(AT_ONCE);
      await inSlices(client, numbers, addOne, merge);
      return numbers.length > 0;
    },

    /** Takes out the messages of a conversation that is removed. They count as waiting until they are deleted. */
    async removeConversation(tenantId: TenantId, conversationId: ConversationId): Promise<void> {
      await inSlices(client, ofConversation.all(tenantId, conversationId), (message) => {
        remove.run(message.number, indexed(message));
        given.run(message.number);
      });
    },
  };
}

/** Empties it; the messages wait again. */
export function emptyMessageIndex(client: SqliteClient): void {
  client.exec(`
    insert into messages_fts (messages_fts) values ('delete-all');
    insert or ignore into messages_to_index (number) select number from messages;`);
}

function indexed({ tenantNumber, content, title }: MessageText): string {
  return [markOf(tenantNumber), content, title ?? ""].map((part) => indexable(folded(part)) + END).join("");
}

/** The tokenizer stops at U+0000. */
function indexable(text: string): string {
  return text.replaceAll("\0", "\ufffd");
}

/** A run that all messages of a tenant have, so that a search reads no other's. */
function markOf(tenantNumber: number): string {
  const digits = [tenantNumber, tenantNumber >>> 12, tenantNumber >>> 24].map((digit) => digit & 0xfff);
  return String.fromCharCode(...digits.map((digit) => 0xe000 + digit));
}

/** In the language of FTS5: all runs of the text, or enough of them. */
function allRuns(tenantNumber: number, characters: readonly string[]): string {
  const last = characters.length - RUN;
  const stride = Math.ceil((last + 1) / MOST_RUNS);
  const runs = new Set([markOf(tenantNumber)]);
  for (let start = 0; start <= last; start += stride) runs.add(characters.slice(start, start + RUN).join(""));
  return [...runs].map((run) => `"${run.replaceAll('"', '""')}"`).join(" AND ");
}
