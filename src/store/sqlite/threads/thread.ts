/** A thread that has the database open: how each of the store's threads begins and ends. */
import { AppError } from "../../../errors.ts";
import { type Listeners, openChannel, type Requests, type WorkerChannel } from "../../../workers/channel.ts";
import { startWorker, type WorkerName } from "../../../workers/start.ts";

export type DatabaseThread<R extends Requests<R>> = {
  /** The thread with the database open; started where it does not run, and once more when it has died. @throws what opening throws */
  opened(): Promise<WorkerChannel<R>>;
  /** The same where it is open already. */
  readonly ifOpen: WorkerChannel<R> | null;
  readonly isStarted: boolean;
  /** Lets go of the database and ends. Whoever asks next starts it anew; nothing may be asked of it any more. */
  rest(): Promise<void>;
  /** Lets go of the database, then ends. Requests that still run fail. */
  close(): Promise<void>;
};

type Options<R extends Requests<R>, E> = {
  name: WorkerName;
  open(channel: WorkerChannel<R>): Promise<void>;
  letGo(channel: WorkerChannel<R>): Promise<void>;
  /** It has ended though nobody closed it, of this or of itself. */
  died?(cause: Error | null): void;
  listeners?: Listeners<E>;
};

type Standing<R extends Requests<R>> = {
  channel: WorkerChannel<R>;
  opening: Promise<WorkerChannel<R>> | null;
  isOpen: boolean;
};

export function databaseThread<R extends Requests<R>, E = Record<never, never>>({
  name,
  open,
  letGo,
  died,
  listeners,
}: Options<R, E>): DatabaseThread<R> {
  let standing: Standing<R> | null = null;
  let resting: Promise<void> = Promise.resolve();
  let isClosed = false;

  function running(): Standing<R> {
    if (standing !== null) return standing;
    const channel = openChannel<R, E>(startWorker(name), listeners);
    const started: Standing<R> = { channel, opening: null, isOpen: false };
    standing = started;
    void channel.ended.then((cause) => {
      // One that could not open the database was given up on purpose.
      if (isClosed || standing !== started) return;
      standing = null;
      died?.(cause);
    });
    return started;
  }

  async function openIn(started: Standing<R>): Promise<WorkerChannel<R>> {
    try {
      await open(started.channel);
    } catch (thrown) {
      // The next one who asks gets a new thread, with nothing half open in it.
      if (standing === started && !isClosed) standing = null;
      started.channel.terminate();
      throw thrown;
    }
    started.isOpen = true;
    return started.channel;
  }

  async function end(ending: Standing<R> | null): Promise<void> {
    if (ending === null) return;
    // A thread that is ended inside SQLite takes the process along, so it is asked to let go first.
    await ending.opening?.then(letGo).catch(() => {
      // It has ended by itself.
    });
    ending.channel.terminate();
  }

  return {
    async opened() {
      if (isClosed) throw storeClosed();
      const started = running();
      started.opening ??= openIn(started);
      return await started.opening;
    },
    get ifOpen() {
      return standing?.isOpen === true && !isClosed ? standing.channel : null;
    },
    get isStarted() {
      return standing !== null;
    },
    rest() {
      const ending = standing;
      standing = null;
      resting = Promise.all([resting, end(ending)]).then(() => {});
      return resting;
    },
    async close() {
      isClosed = true;
      await Promise.all([resting, end(standing)]);
    },
  };
}

export function storeClosed(): AppError {
  return new AppError("OVERLOADED", "Parley is stopping and takes nothing more. Try again in a moment.");
}
