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

type Reader = {
  thread: DatabaseThread<ReaderRequests>;
  asked: number;
  restTimer: ReturnType<typeof setTimeout> | undefined;
};

export type ReaderOptions = {
  /** How long a thread that nobody asks anything is kept; omitted, half a minute. */
  readersRestAfterMs?: number;
  log?: Pick<Log, "error">;
};

/** A thread that waits takes 6 MB, and starting one takes less than a page of a list. */
const REST_AFTER_MS = 30_000;

/** Scans at the same time. More than cores only take memory, but one of seconds must not hold up all others. */
const FEWEST_SCANNERS = 2;
const MOST_SCANNERS = 3;

/**
 * Threads start when they are needed and end when nobody has needed them for a while: until there is something to write
 * at the same time, the writer reads as well, so that a start waits for one thread only and a quiet Parley has no more
 * than that.
 */
export function openReaders(
  connection: ConnectionOptions,
  writer: Pick<Writer, "read" | "isBusy">,
  { readersRestAfterMs = REST_AFTER_MS, log }: ReaderOptions = {},
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

  async function read(asked: Reader, call: Call): Promise<unknown> {
    clearTimeout(asked.restTimer);
    try {
      return await ask(asked, (channel) => channel.request("read", call));
    } finally {
      restLater(asked);
    }
  }

  function restLater(reader: Reader): void {
    clearTimeout(reader.restTimer);
    reader.restTimer = setTimeout(() => {
      if (reader.asked > 0) restLater(reader);
      else void reader.thread.rest();
    }, readersRestAfterMs);
    reader.restTimer.unref();
  }

  return {
    // A write may wait for a lock of another program, and what only reads must not.
    read: (call) => (writer.isBusy() ? read(quick, call) : writer.read(call)),
    search: (call) => read(searcher, call),
    scan: (call) => read(leastBusy(scanners), call),
    async probe() {
      // That somebody looks every few seconds whether all is well is no reason to keep it.
      if (quick.thread.ifOpen === null) return null;
      return await ask(quick, (channel) => channel.request("probe", null));
    },
    async close() {
      for (const { restTimer } of readers) clearTimeout(restTimer);
      await Promise.all(readers.map(({ thread }) => thread.close()));
    },
  };
}

function reader(connection: ConnectionOptions, log?: Pick<Log, "error">): Reader {
  const thread = databaseThread<ReaderRequests>({
    name: "reader-worker",
    open: (channel) => channel.request("open", connection),
    letGo: (channel) => channel.request("close", null),
    died: (cause) => log?.error("reader-thread-ended", { cause }),
  });
  return { thread, asked: 0, restTimer: undefined };
}

/** The first of those with the least to do, so that a further thread only starts when those before it are busy. */
function leastBusy(readers: readonly Reader[]): Reader {
  return readers.reduce((best, each) => (each.asked < best.asked ? each : best));
}
