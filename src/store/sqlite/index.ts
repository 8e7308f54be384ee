/** Parley's store on SQLite: one file, one writing connection, search elsewhere. */
import type { Secrets } from "../../domain/secret.ts";
import type { Store } from "../store.ts";
import { sqliteAdminSessionStore } from "./admin-sessions.ts";
import { sqliteAuditStore } from "./audit.ts";
import { sqliteChatSessionStore } from "./chat-sessions.ts";
import { sqliteChunkStore } from "./chunks.ts";
import { sqliteClockStore } from "./clock.ts";
import { type ConnectionOptions, type SqliteClient, toDrizzle } from "./connection.ts";
import { fromSqliteError, translatingErrors } from "./constraint.ts";
import { sqliteConversationStore } from "./conversations.ts";
import { sqliteDocumentStore } from "./documents.ts";
import { sqliteEmbeddingIndexStore } from "./embedding-indexes.ts";
import { sqliteEvaluationStore } from "./evaluations.ts";
import { registerFolded } from "./folded.ts";
import { sqliteGoldenQuestionStore } from "./golden-questions.ts";
import { sqliteIndexUpkeepStore } from "./index-upkeep.ts";
import { sqliteInstanceStore } from "./instance.ts";
import { sqliteJobStore } from "./jobs.ts";
import { checkKey } from "./key-check.ts";
import { sqliteLlmConfigStore } from "./llm-configs.ts";
import { type MigrationOptions, openMigrated } from "./migrate.ts";
import { sqliteRerankerStore } from "./reranker.ts";
import { type SearchChannel, searchInProcess } from "./search.ts";
import { sqliteSourceStore } from "./sources.ts";
import { sqliteTenantStore } from "./tenants.ts";
import { sqliteThrottleStore } from "./throttles.ts";
import { sqliteTurnStore } from "./turns.ts";
import { sqliteUserStore } from "./users.ts";
import { NO_SKETCHES, type VectorSketchChannel } from "./vector-search.ts";
import { sqliteWidgetStore } from "./widgets.ts";

export type SqliteStoreOptions = ConnectionOptions &
  MigrationOptions & {
    secrets: Secrets;
    /** Closed with the store. Omitted, searches run in this thread. */
    search?: SearchChannel;
    /** Closed with the store. Omitted, all vectors are compared in the database. */
    sketches?: VectorSketchChannel;
  };

/**
 * Opens the database, migrates it and checks the key.
 *
 * @throws DB_CORRUPT · SCHEMA_TOO_NEW · KEY_INVALID · STORAGE_FULL; the channels are closed then, too
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  let client: SqliteClient | undefined;
  try {
    client = openMigrated(options, options);
    checkKey(client, options.secrets);
    registerFolded(client);
    const search = options.search ?? searchInProcess(client);
    const sketches = whereVectorsAre(client, options.sketches ?? NO_SKETCHES);
    const store = sqliteStore(client, options.secrets, search, sketches);
    search.prepare();
    sketches.changed();
    return store;
  } catch (thrown) {
    await Promise.all([options.search?.close(), options.sketches?.close()]);
    client?.close();
    throw fromSqliteError(thrown);
  }
}

/** Without an index there is nothing to tell, and no thread needs to be started for it. */
function whereVectorsAre(client: SqliteClient, sketches: VectorSketchChannel): VectorSketchChannel {
  const anyIndex = client.prepare("select 1 from embedding_indexes limit 1");
  return {
    ...sketches,
    changed() {
      if (anyIndex.get() !== undefined) sketches.changed();
    },
  };
}

function sqliteStore(
  client: SqliteClient,
  secrets: Secrets,
  search: SearchChannel,
  sketches: VectorSketchChannel,
): Store {
  const db = toDrizzle(client);
  return {
    instance: translatingErrors(sqliteInstanceStore(db, secrets)),
    tenants: translatingErrors(sqliteTenantStore(db, secrets)),
    users: translatingErrors(sqliteUserStore(db)),
    adminSessions: translatingErrors(sqliteAdminSessionStore(db)),
    throttles: translatingErrors(sqliteThrottleStore(db)),
    clock: translatingErrors(sqliteClockStore(db)),
    llmConfigs: translatingErrors(sqliteLlmConfigStore(db, secrets)),
    widgets: translatingErrors(sqliteWidgetStore(db)),
    sources: translatingErrors(sqliteSourceStore(db, sketches.changed)),
    documents: translatingErrors(sqliteDocumentStore(db)),
    chunks: translatingErrors(sqliteChunkStore(db, search, sketches.changed)),
    embeddingIndexes: translatingErrors(sqliteEmbeddingIndexStore(db, secrets, search, sketches)),
    indexUpkeep: translatingErrors(sqliteIndexUpkeepStore(db, search)),
    reranker: translatingErrors(sqliteRerankerStore(db)),
    jobs: translatingErrors(sqliteJobStore(db)),
    chatSessions: translatingErrors(sqliteChatSessionStore(db)),
    conversations: translatingErrors(sqliteConversationStore(db)),
    turns: translatingErrors(sqliteTurnStore(db)),
    goldenQuestions: translatingErrors(sqliteGoldenQuestionStore(db)),
    evaluations: translatingErrors(sqliteEvaluationStore(db)),
    audit: translatingErrors(sqliteAuditStore(db)),
    ...translatingErrors(lifecycle(client, search, sketches)),
  };
}

function lifecycle(
  client: SqliteClient,
  ...readers: (SearchChannel | VectorSketchChannel)[]
): Pick<Store, "check" | "close"> {
  const writeProbe = client.prepare(
    "insert into instance (key, value) values ('probe', '1') on conflict (key) do update set value = value + 1",
  );
  const readProbe = client.prepare("select value from instance where key = 'probe'");

  return {
    async check() {
      writeProbe.run();
      readProbe.get();
    },

    async close() {
      // Readers go first: a checkpoint cannot empty the log under them.
      await Promise.all(readers.map((reader) => reader.close()));
      client.pragma("wal_checkpoint(truncate)");
      client.close();
    },
  };
}
