/** The asking side of the threads that read. */
import { availableParallelism } from "node:os";
import type { Log } from "../../../deps.ts";
import type { WorkerChannel } from "../../../workers/channel.ts";
import type { Call } from "../calls.ts";
import type { ConnectionOptions } from "../connection.ts";
import { type DatabaseThread, databaseThread } from "./thread.ts";
import type { Writer } from "./writer.ts";

export type ReaderRequests = {
  open: (connection: ConnectionOptions) => void;
  read: (call: Call) => unknown;
  /** The number that the writer's probe wrote last. */
  probe: (nothing: null) => number;
  close: (nothing: null) => void;
};

/** Each answer is of one state of the database, which holds every commit before it was asked for. */
export type Readers = {
  /** What takes a moment. */
  read(call: Call): Promise<unknown>;
  /** What may look through a whole tenant: it never stands in front of what takes a moment, nor of a search. */
  scan(call: Call): Promise<unknown>;
  /** What a copy in memory could not answer. */
  search(call: Call): Promise<unknown>;
  /** The number that the writer's probe wrote last; null while the writer reads for itself. */
  probe(): Promise<number | null>;
  close(): Promise<void>;
};

type Reader = { thread: DatabaseThread<ReaderRequests>; asked: number };

/** Scans at the same time. More than cores only take memory, but one of seconds must not hold up all others. */
const FEWEST_SCANNERS = 2;
const MOST_SCANNERS = 3;

/**
 * Threads start when they are needed: until there is something to write at the same time, the writer reads as well, so
 * that a start waits for one thread only and a quiet Parley has no more than that.
 */
export function openReaders(
  connection: ConnectionOptions,
  writer: Pick<Writer, "read" | "isBusy">,
  log?: Pick<Log, "error">,
): Readers {
  const scanners = Array.from(
    { length: Math.min(MOST_SCANNERS, Math.max(FEWEST_SCANNERS, availableParallelism() - 1)) },
    () => reader(connection, log),
  );
  const [quick, searcher] = [reader(connection, log), reader(connection, log)];
  const readers = [quick, searcher, ...scanners];

  async function ask<Answer>(
    asked: Reader,
    question: (channel: WorkerChannel<ReaderRequests>) => Promise<Answer>,
  ): Promise<Answer> {
    asked.asked++;
    try {
      return await question(asked.thread.ifOpen ?? (await asked.thread.opened()));
    } finally {
      asked.asked--;
    }
  }

  return {
    read(call) {
      if (quick.thread.ifOpen === null) {
        // A write may wait for a lock of another program, and what only reads must not.
        return writer.isBusy() ? ask(quick, (channel) => channel.request("read", call)) : writer.read(call);
      }
      return ask(quick, (channel) => channel.request("read", call));
    },
    search: (call) => ask(searcher, (channel) => channel.request("read", call)),
    scan: (call) => ask(leastBusy(scanners), (channel) => channel.request("read", call)),
    async probe() {
      if (quick.thread.ifOpen === null) return null;
      return await ask(quick, (channel) => channel.request("probe", null));
    },
    close: async () => void (await Promise.all(readers.map(({ thread }) => thread.close()))),
  };
}

function reader(connection: ConnectionOptions, log?: Pick<Log, "error">): Reader {
  const thread = databaseThread<ReaderRequests>({
    name: "reader-worker",
    open: (channel) => channel.request("open", connection),
    letGo: (channel) => channel.request("close", null),
    died: (cause) => log?.error("reader-thread-ended", { cause }),
  });
  return { thread, asked: 0 };
}

/** The first of those with the least to do, so that a further thread only starts when those before it are busy. */
function leastBusy(readers: readonly Reader[]): Reader {
  return readers.reduce((best, each) => (each.asked < best.asked ? each : best));
}
