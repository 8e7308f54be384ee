import type { Deps } from "../../deps.ts";

export type Readiness = { ready: boolean; checks: { name: string; ok: boolean }[] };

export type Health = {
  /** Whether this node can take work: it reads the database now, and could write to it the last time it tried. */
  readiness(): Promise<Readiness>;
  stop(): void;
};

/** Whoever asks for readiness is anybody, and a commit waits for the disk: so writing is tried by the clock alone. */
const TRY_WRITING_EVERY_MS = 10_000;

/** Tries at once whether the database can be written, and from then on by itself. */
export async function createHealth(deps: Pick<Deps, "store" | "log">): Promise<Health> {
  let canWrite = await canBeWritten(deps);
  let isTrying = false;

  async function tryWriting(): Promise<void> {
    // One that hangs must not have others behind it.
    if (isTrying) return;
    isTrying = true;
    canWrite = await canBeWritten(deps);
    isTrying = false;
  }

  const timer = setInterval(() => void tryWriting(), TRY_WRITING_EVERY_MS);
  timer.unref();
  return {
    async readiness() {
      const ok = canWrite && (await succeeds(deps, () => deps.store.instance.initialised()));
      return { ready: ok, checks: [{ name: "database", ok }] };
    },
    stop: () => clearInterval(timer),
  };
}

function canBeWritten(deps: Pick<Deps, "store" | "log">): Promise<boolean> {
  return succeeds(deps, () => deps.store.check());
}

async function succeeds(deps: Pick<Deps, "log">, check: () => Promise<unknown>): Promise<boolean> {
  try {
    await check();
    return true;
  } catch (cause) {
    deps.log.warn("readiness-check-failed", { cause });
    return false;
  }
}
