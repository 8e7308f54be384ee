/** Parley's store on SQLite: one file, one thread that writes, some that read, and copies in memory to search. */
import type { Log } from "../../deps.ts";
import type { Secrets } from "../../domain/secret.ts";
import { AppError } from "../../errors.ts";
import { isKernelSupported } from "../../vectors/kernel.ts";
import { checkKey, sealedStore } from "../sealing.ts";
import type { Store } from "../store.ts";
import { type Nouns, nounsFrom } from "./calls.ts";
import type { ConnectionOptions } from "./connection.ts";
import { isByIndexAlone } from "./conversation-filter.ts";
import type { MigrationOptions } from "./migrate.ts";
import { type HeldTerms, openHeldTerms } from "./threads/held-terms.ts";
import { openReaders, type ReaderOptions, type Readers } from "./threads/readers.ts";
import { type HeldVectors, NO_SKETCHES, openVectorSketches } from "./threads/vector-sketches.ts";
import { openWriter, type Writer } from "./threads/writer.ts";

export type SqliteStoreOptions = ConnectionOptions &
  MigrationOptions &
  Pick<ReaderOptions, "readersRestAfterMs"> & {
    secrets: Secrets;
    /** The file of `openReserve`. Omitted, nothing is set aside. */
    reservePath?: string;
    log?: Pick<Log, "info" | "warn" | "error">;
    /** What is searched before the database; closed with the store. Omitted, it has its own. */
    terms?: HeldTerms;
    /** The same for vectors. Omitted, it has its own where the processor can use them. */
    sketches?: HeldVectors;
  };

type Threads = { writer: Writer; readers: Readers; terms: HeldTerms; vectors: HeldVectors };

/** Loading terms takes a core for seconds, and on a machine with two a start would take half as long again. */
const START_COMES_FIRST_MS = 500;

/**
 * Opens the database, migrates it and checks the key.
 *
 * @throws DB_CORRUPT · SCHEMA_TOO_NEW · KEY_INVALID · STORAGE_FULL; every thread has ended then
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const threads = startThreads(options);
  try {
    const { keyCheck, hasChunks, hasIndexes } = await threads.writer.open();
    const kept = checkKey(options.secrets, keyCheck);
    if (kept !== null) await threads.writer.keepKeyCheck(kept);
    if (hasChunks) setTimeout(threads.terms.prepare, START_COMES_FIRST_MS).unref();
    if (hasIndexes) threads.vectors.changed();
  } catch (thrown) {
    await closeAll(threads);
    throw thrown;
  }
  return sealedStore({ ...nounsOf(threads), ...lifecycle(threads) }, options.secrets);
}

function startThreads({ log, ...options }: SqliteStoreOptions): Threads {
  const { path, nativeBinding, vec0, busyTimeoutMs } = options;
  const connection: ConnectionOptions = {
    path,
    ...(nativeBinding !== undefined && { nativeBinding }),
    ...(vec0 !== undefined && { vec0 }),
    ...(busyTimeoutMs !== undefined && { busyTimeoutMs }),
  };
  const terms = options.terms ?? openHeldTerms(connection);
  const vectors = options.sketches ?? ownSketches(connection, log);
  const changes = { terms: terms.changed, vectors: vectors.changed };
  const { reservePath } = options;
  const reserve = reservePath === undefined ? {} : { reservePath };
  const writer = openWriter({ ...connection, ...migrationOf(options), ...reserve }, changes, log);
  const { readersRestAfterMs } = options;
  const readers = openReaders(connection, writer, {
    ...(readersRestAfterMs !== undefined && { readersRestAfterMs }),
    ...(log && { log }),
  });
  return { writer, readers, terms, vectors };
}

/** What the thread is sent, which takes no functions. */
function migrationOf({
  migrations,
  backupsDirectory,
  now,
  lexicalIndexMayBeDamaged = false,
}: MigrationOptions) {
  return { migrations, backupsDirectory, lexicalIndexMayBeDamaged, migratedAt: now() };
}

function ownSketches(connection: ConnectionOptions, log: SqliteStoreOptions["log"]): HeldVectors {
  return isKernelSupported() ? openVectorSketches({ ...connection, ...(log && { log }) }) : NO_SKETCHES;
}

/** Each call goes to the thread that CALLS names; searches go to the copies in memory first. */
function nounsOf({ writer, readers, terms, vectors }: Threads): Nouns {
  const nouns = nounsFrom((kind, call) => {
    if (kind === "write") return writer.write(call);
    if (kind === "long") return writer.work(call);
    return readers[kind](call);
  });
  const { chunks, embeddingIndexes, conversations } = nouns;
  // A page by its index is a matter of microseconds, and must not stand behind what looks through all of them.
  const { list: listByIndex } = nounsFrom((_kind, call) => readers.read(call)).conversations;
  return {
    ...nouns,
    chunks: {
      ...chunks,
      searchByTerms: async (tenantId, query, limit) =>
        (await terms.searchByTerms(tenantId, query, limit)) ??
        (await chunks.searchByTerms(tenantId, query, limit)),
    },
    conversations: {
      ...conversations,
      list: (tenantId, filter, page) =>
        (isByIndexAlone(filter) ? listByIndex : conversations.list)(tenantId, filter, page),
    },
    embeddingIndexes: {
      ...embeddingIndexes,
      searchByVector: async (tenantId, indexId, vector, limit) =>
        (await vectors.searchByVector(tenantId, indexId, vector, limit)) ??
        (await embeddingIndexes.searchByVector(tenantId, indexId, vector, limit)),
    },
  };
}

/** A balancer asks every few seconds; whoever has not answered by then does not get any work done either. */
const CHECK_MS = 3_000;

function lifecycle(threads: Threads): Pick<Store, "warm" | "check" | "close"> {
  const { writer, readers, terms, vectors } = threads;
  return {
    async warm() {
      terms.prepare();
      await Promise.all([terms.settled(), vectors.settled()]);
    },

    async check() {
      await inTime(async () => {
        const written = await writer.probe();
        const read = await readers.probe();
        if (read !== null && read < written)
          throw new AppError("INTERNAL", "What was written cannot be read.");
      });
    },

    close: () => closeAll(threads),
  };
}

/** Readers go first: a checkpoint cannot empty the log under them. */
async function closeAll({ writer, readers, terms, vectors }: Threads): Promise<void> {
  await Promise.all([readers.close(), terms.close(), vectors.close()]);
  await writer.close();
}

async function inTime(work: () => Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new AppError("OVERLOADED", "The database does not answer in time. Try again in a moment."));
  }, CHECK_MS);
  try {
    await Promise.race([work(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
