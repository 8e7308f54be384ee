/** Takes messages into their index a while after they were stored, in the thread that writes and in its pauses. */
import type { SqliteClient } from "../connection.ts";
import { messageIndex } from "../message-index.ts";

/** One entry into the index costs as much as ten at once, and a search reads what waits. */
const GATHER_MS = 2_000;

export type MessageIndexing = {
  /** Something was stored. Does not wait. */
  soon(): void;
  /** Takes in no more. Resolves when it no longer writes. */
  stop(): Promise<void>;
};

export function messageIndexing(client: SqliteClient): MessageIndexing {
  const index = messageIndex(client);
  let timer: ReturnType<typeof setTimeout> | null = null;
  let working: Promise<void> | null = null;
  let isStopped = false;

  async function work(): Promise<void> {
    try {
      while (!isStopped && (await index.addWaiting()));
    } catch {
      // A full disk, say. What waits is read by searches, and the next write is followed by the next attempt.
    }
    working = null;
  }

  return {
    soon() {
      if (isStopped || timer !== null || working !== null) return;
      timer = setTimeout(() => {
        timer = null;
        working = work();
      }, GATHER_MS);
    },
    async stop() {
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
      await working;
    },
  };
}
