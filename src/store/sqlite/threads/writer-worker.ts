/** The only thread that writes to the database: short writes in groups, long ones in slices between them. */
import { AppError } from "../../../errors.ts";
import { answerRequests } from "../../../workers/channel.ts";
import { NO_RESERVE, openReserve, type Reserve } from "../../reserve.ts";
import { type Call, calledOn, type Nouns } from "../calls.ts";
import type { SqliteClient } from "../connection.ts";
import { fromSqliteError } from "../constraint.ts";
import { findCheckValue, keepCheckValue } from "../key-check.ts";
import { openMigrated } from "../migrate.ts";
import { sqliteNouns } from "../nouns.ts";
import { type GroupCommit, groupCommit } from "./group-commit.ts";
import { ListReceiver } from "./long-lists.ts";
import { type MessageIndexing, messageIndexing } from "./message-indexing.ts";
import { readingOf } from "./reading.ts";
import { sparingCommit, sparingWork } from "./sparing.ts";
import type { WriterEvents, WriterRequests } from "./writer.ts";

type Opened = {
  client: SqliteClient;
  reserve: Reserve;
  nouns: Nouns;
  commit: GroupCommit;
  read(call: Call): unknown;
  probe(): number;
  indexing: MessageIndexing;
};

let opened: Opened | undefined;
const lists = new ListReceiver();

const { tell } = answerRequests<WriterRequests, WriterEvents>({
  open: async ({ migratedAt, reservePath, ...options }) => {
    const reserve = reservePath === undefined ? NO_RESERVE : openReserve(reservePath);
    const client = openMigrated(options, { ...options, now: () => migratedAt });
    const anyIndex = client.prepare("select 1 from embedding_indexes limit 1");
    const nouns = sqliteNouns(client, {
      terms: (tenantId) => tell("termsChanged", tenantId),
      // Without an index there is nothing to tell, and no thread needs to be started for it.
      vectors: () => {
        if (anyIndex.get() !== undefined) tell("vectorsChanged", null);
      },
    });
    opened = {
      ...{ client, reserve, nouns },
      commit: sparingCommit(
        groupCommit(client, (call) => calledOn(nouns, call)),
        reserve,
      ),
      read: readingOf(client, nouns),
      probe: probeOf(client),
      indexing: messageIndexing(client),
    };
    opened.indexing.soon();
    return {
      keyCheck: findCheckValue(client),
      hasChunks: client.prepare("select 1 from document_chunks limit 1").get() !== undefined,
      hasIndexes: anyIndex.get() !== undefined,
    };
  },
  keepKeyCheck: async (sealed) => {
    const { client } = database();
    try {
      keepCheckValue(client, sealed);
    } catch (thrown) {
      throw fromSqliteError(thrown, client.name);
    }
  },
  commit: async (calls) => {
    const { commit, indexing } = database();
    const outcomes = commit(calls);
    indexing.soon();
    return outcomes;
  },
  takePart: async (part) => lists.take(part),
  work: async ({ call, lists: sent, isAbortable }, signal) => {
    const whole = lists.putBack(call.given, sent);
    const given = isAbortable ? [...whole, signal] : whole;
    const { nouns, client, reserve } = database();
    return await sparingWork(call, reserve, () =>
      calledOn(nouns, { ...call, given }).catch((thrown) => {
        throw fromSqliteError(thrown, client.name);
      }),
    );
  },
  read: async (call) => database().read(call),
  probe: async () => database().probe(),
  close: async () => {
    if (opened === undefined) return;
    await opened.indexing.stop();
    opened.client.pragma("wal_checkpoint(truncate)");
    opened.client.close();
    opened = undefined;
  },
});

function probeOf(client: SqliteClient): () => number {
  const write = client
    .prepare<[], number>(
      "insert into instance (key, value) values ('probe', '1') on conflict (key) do update set value = value + 1 returning value",
    )
    .pluck();
  // What a lone statement returns comes before its commit, of whose failure it then says nothing.
  const committed = client.transaction(() => Number(write.get()));
  return () => {
    try {
      return committed.immediate();
    } catch (thrown) {
      throw fromSqliteError(thrown, client.name);
    }
  };
}

function database(): Opened {
  if (opened === undefined)
    throw new AppError("INTERNAL", "The database is not open yet. Try again in a moment.");
  return opened;
}
