import type { Deps } from "../../deps.ts";
import type { ErrorCode } from "../../errors.ts";

export type Rejection = { action: string; code: ErrorCode; address: string; requestId: string };

/**
 * Attempts of people who are not signed in, in the audit log. Whoever keeps trying must not be able to fill
 * it: per address, code and minute it holds the first attempt and how many more there were.
 */
export type Rejections = {
  record(rejection: Rejection): Promise<void>;
  /** Writes down how many more there were, and begins a new minute. */
  flush(): Promise<void>;
};

const COUNTED_FOR_MS = 60_000;

export function createRejections({ store, now, log }: Pick<Deps, "store" | "now" | "log">): Rejections {
  let counted = new Map<string, { first: Rejection; more: number }>();
  let timer: ReturnType<typeof setTimeout> | null = null;

  function append({ action, code, address, requestId }: Rejection, more: number): Promise<void> {
    return store.audit.append({
      ...{ at: now(), tenantId: null, actor: "anonymous", address, requestId, action, target: null },
      changes: more === 0 ? { code } : { code, more },
    });
  }

  async function flush(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    const finished = counted;
    counted = new Map();
    for (const { first, more } of finished.values()) if (more > 0) await append(first, more);
  }

  return {
    flush,
    async record(rejection) {
      const key = `${rejection.action} ${rejection.code} ${rejection.address}`;
      const known = counted.get(key);
      if (known) known.more += 1;
      else counted.set(key, { first: rejection, more: 0 });
      timer ??= setTimeout(() => {
        flush().catch((cause) => log.error("rejections-not-stored", { cause }));
      }, COUNTED_FOR_MS);
      timer.unref();
      if (!known) await append(rejection, 0);
    },
  };
}
