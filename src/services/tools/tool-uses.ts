/** Uses of tools outside of turns, which have no commit of their own: written in batches, never in the way of a call. */
import type { Deps } from "../../deps.ts";
import type { ToolUse } from "../../domain/tool-use.ts";
import { toAppError } from "../../errors.ts";

export type ToolUses = {
  add(uses: readonly ToolUse[]): void;
  /** Resolves when everything that was added until now is written, or could not be. */
  flush(): Promise<void>;
};

/** What a crash may lose. */
const WRITTEN_WITHIN_MS = 1_000;
/** While the disk is full. */
const MOST_WAITING = 1_000;

export function createToolUses({ store, log }: Pick<Deps, "store" | "log">): ToolUses {
  let waiting: ToolUse[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  let written = Promise.resolve();

  function add(uses: readonly ToolUse[]): void {
    waiting.push(...uses.slice(0, MOST_WAITING - waiting.length));
    if (waiting.length === 0) return;
    timer ??= setTimeout(() => void flush(), WRITTEN_WITHIN_MS);
    timer.unref();
  }

  async function write(): Promise<void> {
    const uses = waiting;
    waiting = [];
    if (uses.length === 0) return;
    try {
      await store.toolUses.record(uses);
    } catch (cause) {
      log.warn("tool-uses-not-written-down", { cause });
      waiting.unshift(...uses);
    }
  }

  function flush(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    written = written.then(write);
    return written;
  }

  return { add, flush };
}

export type NoteDeps = Pick<Deps, "now"> & { toolUses: Pick<ToolUses, "add">; monotonicNow: () => number };
export type NotedAs = Pick<ToolUse, "tenantId" | "toolId" | "by" | "actor">;

/** Does `work`, and notes how it ended as a use of the tool. */
export async function noted<Result>(
  { toolUses, now, monotonicNow }: NoteDeps,
  as: NotedAs,
  work: () => Promise<Result>,
): Promise<Result> {
  const startedAt = monotonicNow();
  const note = (error: ToolUse["error"]) => {
    const ms = Math.round(monotonicNow() - startedAt);
    toolUses.add([{ ...as, at: now(), ms, error, conversationId: null, messageId: null }]);
  };
  try {
    const result = await work();
    note(null);
    return result;
  } catch (thrown) {
    const { code } = toAppError(thrown);
    note(code === "INTERNAL" ? "TOOL_FAILED" : code);
    throw thrown;
  }
}
