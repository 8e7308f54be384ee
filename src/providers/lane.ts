import { AppError } from "../errors.ts";

export type Lane = {
  /** Runs `work` when its turn comes. @throws OVERLOADED when too many wait; the signal's reason while waiting */
  run<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result>;
};

/** Lets `running` at work at once and `waiting` more wait, first come, first served. `who` is for the message. */
export function createLane(running: number, waiting: number, who = "The embedding model"): Lane {
  let busy = 0;
  const queue: (() => void)[] = [];

  async function enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (busy < running) {
      busy++;
      return;
    }
    if (queue.length >= waiting) throw overloaded(who);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = () => {
      const place = queue.indexOf(resolve);
      // Its turn has come this very moment.
      if (place < 0) return;
      queue.splice(place, 1);
      reject(signal.reason);
    };
    queue.push(resolve);
    signal.addEventListener("abort", leave, { once: true });
    await promise.finally(() => signal.removeEventListener("abort", leave));
  }

  /** The place goes to the next in line without becoming free in between. */
  function leave(): void {
    const next = queue.shift();
    if (next) next();
    else busy--;
  }

  return {
    async run(work, signal) {
      await enter(signal);
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}

function overloaded(who: string): AppError {
  return new AppError("OVERLOADED", `${who} has more to do than it can keep up with. Try again in a moment.`);
}
