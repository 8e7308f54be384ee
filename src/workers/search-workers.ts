/** The asking side of the search workers. */
import type { TenantId } from "../domain/ids.ts";
import type { LexicalHit, LexicalQuery } from "../domain/knowledge.ts";
import type { ConnectionOptions } from "../store/sqlite/connection.ts";
import type { SearchChannel, TermStatistics } from "../store/sqlite/search.ts";
import { openChannel, type WorkerChannel } from "./channel.ts";
import { startWorker } from "./start.ts";

export type SearchRequests = {
  open: (connection: ConnectionOptions) => void;
  searchByTerms: (asked: { tenantId: TenantId; query: LexicalQuery; limit: number }) => LexicalHit[];
  termStatistics: (asked: { tenantId: TenantId; query: LexicalQuery }) => TermStatistics;
};

type SearchWorker = {
  channel: WorkerChannel<SearchRequests>;
  /** Settles when the worker has the database open; undefined before it was asked to, or when it failed. */
  opening: Promise<void> | undefined;
  hasEnded: boolean;
};

/**
 * `count` workers that take turns. They are started now and open the database at their first question, so
 * this may be called before the database exists. One that has died is replaced when its turn comes.
 */
export function openSearchWorkers({
  count,
  ...connection
}: ConnectionOptions & { count: number }): SearchChannel {
  const workers = Array.from({ length: count }, start);
  let turn = 0;

  async function next(): Promise<WorkerChannel<SearchRequests>> {
    const index = turn++ % count;
    const standing = workers[index];
    const worker = standing === undefined || standing.hasEnded ? start() : standing;
    workers[index] = worker;
    await opened(worker, connection);
    return worker.channel;
  }

  return {
    searchByTerms: async (tenantId, query, limit) =>
      await (await next()).request("searchByTerms", { tenantId, query, limit }),
    termStatistics: async (tenantId, query) =>
      await (await next()).request("termStatistics", { tenantId, query }),
    close() {
      for (const { channel } of workers) channel.terminate();
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

async function opened(worker: SearchWorker, connection: ConnectionOptions): Promise<void> {
  worker.opening ??= worker.channel.request("open", connection);
  try {
    await worker.opening;
  } catch (thrown) {
    worker.opening = undefined;
    throw thrown;
  }
}
