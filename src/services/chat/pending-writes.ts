import type { Log } from "../../deps.ts";

/**
 * Writes that the store refused, because its disk was full or it was busy. Without its row an answer would
 * look unfinished and hold up its conversation, so they are tried again until the store takes them.
 */
export type PendingWrites = {
  add(write: () => Promise<void>): void;
  /** Tries all of them now. */
  retry(): Promise<void>;
  /** Tries once more and gives up: the next start ends what is unfinished. */
  close(): Promise<void>;
};

const RETRY_EVERY_MS = 2_000;

export function createPendingWrites(log: Log): PendingWrites {
  const waiting = new Set<() => Promise<void>>();
  let timer: ReturnType<typeof setInterval> | null = null;

  async function retry(): Promise<void> {
    for (const write of [...waiting]) {
      try {
        await write();
        waiting.delete(write);
      } catch (cause) {
        log.debug("still-not-stored", { cause });
      }
    }
    if (waiting.size === 0) stop();
  }

  function stop(): void {
    if (timer) clearInterval(timer);
    timer = null;
  }

  return {
    retry,
    add(write) {
      waiting.add(write);
      timer ??= setInterval(() => void retry(), RETRY_EVERY_MS);
      timer.unref();
    },
    async close() {
      await retry();
      stop();
      waiting.clear();
    },
  };
}
