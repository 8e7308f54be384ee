/** The asking side of the search workers. */
import { totalmem } from "node:os";
import type { EmbeddingIndexId, TenantId } from "../domain/ids.ts";
import type { FoundChunk, VectorHit } from "../domain/knowledge.ts";
import type { LexicalMatches, LexicalQuery } from "../domain/lexical.ts";
import type { ConnectionOptions } from "../store/sqlite/connection.ts";
import type { SearchChannel } from "../store/sqlite/search.ts";
import { openChannel, type WorkerChannel } from "./channel.ts";
import { startWorker } from "./start.ts";

type Asked = { tenantId: TenantId; query: LexicalQuery };

export type SearchRequests = {
  open: (options: ConnectionOptions & { memoryBytes: number }) => void;
  searchByTerms: (asked: Asked & { limit: number }) => LexicalMatches;
  findByRows: (asked: { tenantId: TenantId; rows: readonly number[] }) => Map<number, FoundChunk>;
  searchByVector: (asked: {
    tenantId: TenantId;
    indexId: EmbeddingIndexId;
    vector: Float32Array;
    limit: number;
  }) => VectorHit[];
  /** The same from memory; null while what is in memory is not what the database holds. */
  searchHeld: (asked: Asked & { limit: number }) => LexicalMatches | null;
  loadAll: () => void;
  loadSoon: (tenantId: TenantId) => void;
  settled: () => void;
  close: () => void;
};

type SearchWorker = {
  channel: WorkerChannel<SearchRequests>;
  /** Settles when the worker has the database open; undefined before it was asked to, or when it failed. */
  opening: Promise<void> | undefined;
  hasEnded: boolean;
};

export type SearchWorkers = SearchChannel & {
  /** Resolves when the indexes in memory have loaded what there was to load. */
  settled(): Promise<void>;
};

/** About three million passages; a small machine spends a quarter of its memory at most. */
const MOST_MEMORY_BYTES = 2 * 1024 ** 3;
const SHARE_OF_MEMORY = 0.25;

/** Each change looks through all sources of its tenant, so those of an upload of many files are told together. */
const CHANGES_GATHER_MS = 300;

/** The one that holds the indexes in memory. The others take turns at what it cannot answer. */
const HOLDER = 0;

/**
 * `count` workers. They are started now and open the database at their first question, so this may be called
 * before the database exists. One that has died is replaced when it is needed.
 */
export function openSearchWorkers({
  count,
  memoryBytes = Math.min(MOST_MEMORY_BYTES, totalmem() * SHARE_OF_MEMORY),
  ...connection
}: ConnectionOptions & { count: number; memoryBytes?: number }): SearchWorkers {
  const workers = Array.from({ length: count }, start);
  let turn = 0;
  let isClosed = false;
  /** Tenants whose change is about to be told. */
  const announced = new Set<TenantId>();

  async function channelOf(index: number): Promise<WorkerChannel<SearchRequests>> {
    const standing = workers[index];
    const worker = standing === undefined || (standing.hasEnded && !isClosed) ? start() : standing;
    workers[index] = worker;
    await opened(worker, { ...connection, memoryBytes });
    return worker.channel;
  }

  function reader(): Promise<WorkerChannel<SearchRequests>> {
    return channelOf(count === 1 ? HOLDER : 1 + (turn++ % (count - 1)));
  }

  /** From memory, or else from the database. */
  async function answered<T>(
    held: (holder: WorkerChannel<SearchRequests>) => Promise<T | null>,
    stored: (reader: WorkerChannel<SearchRequests>) => Promise<T>,
  ): Promise<T> {
    // A holder that died has lost only a copy.
    const answer = await channelOf(HOLDER)
      .then(held)
      .catch(() => null);
    return answer ?? (await stored(await reader()));
  }

  function tell(told: (holder: WorkerChannel<SearchRequests>) => Promise<void>): void {
    channelOf(HOLDER)
      .then(told)
      .catch(() => {
        // The next question finds out by itself, or fails with what is wrong.
      });
  }

  return {
    searchByTerms: (tenantId, query, limit) =>
      answered(
        (holder) => holder.request("searchHeld", { tenantId, query, limit }),
        (reader) => reader.request("searchByTerms", { tenantId, query, limit }),
      ),
    findByRows: async (tenantId, rows) => await (await reader()).request("findByRows", { tenantId, rows }),
    searchByVector: async (tenantId, indexId, vector, limit) =>
      await (await reader()).request("searchByVector", { tenantId, indexId, vector, limit }),
    prepare: () => tell((holder) => holder.request("loadAll", undefined as never)),
    changed(tenantId) {
      if (announced.has(tenantId)) return;
      announced.add(tenantId);
      setTimeout(() => {
        announced.delete(tenantId);
        if (!isClosed) tell((holder) => holder.request("loadSoon", tenantId));
      }, CHANGES_GATHER_MS).unref();
    },
    settled: async () => await (await channelOf(HOLDER)).request("settled", undefined as never),
    async close() {
      isClosed = true;
      await Promise.all(workers.map(closed));
    },
  };
}

function start(): SearchWorker {
  const channel = openChannel<SearchRequests>(startWorker("search-worker"));
  const worker: SearchWorker = { channel, opening: undefined, hasEnded: false };
  void channel.ended.then(() => {
    worker.hasEnded = true;
  });
  return worker;
}

/** A worker that is ended inside SQLite takes the process along, so it is asked to let go first. */
async function closed({ channel, opening }: SearchWorker): Promise<void> {
  if (opening !== undefined) {
    await channel.request("close", undefined as never).catch(() => {
      // It has ended by itself.
    });
  }
  channel.terminate();
}

async function opened(
  worker: SearchWorker,
  options: ConnectionOptions & { memoryBytes: number },
): Promise<void> {
  worker.opening ??= worker.channel.request("open", options);
  try {
    await worker.opening;
  } catch (thrown) {
    worker.opening = undefined;
    throw thrown;
  }
}
