import type { Deps } from "../../deps.ts";
import { storageError } from "../../domain/storage.ts";
import { type AppError, toAppError } from "../../errors.ts";

type HealthDeps = Pick<Deps, "store" | "files" | "log"> & {
  /** Whether there is room for what makes the data grow. */
  hasRoom: () => boolean;
};

export type Readiness = { ready: boolean; checks: { name: string; ok: boolean }[] };

export type Health = {
  /** Whether this node can take work: it reads the database now, and could write to it the last time it tried. */
  readiness(): Promise<Readiness>;
  stop(): void;
};

/** Whoever asks for readiness is anybody, and a commit waits for the disk: so writing is tried by the clock alone. */
const TRY_WRITING_EVERY_MS = 10_000;
/** What does not work is tried more often, so that a balancer finds its way back soon. */
const TRY_AGAIN_EVERY_MS = 2_000;

/** Tries at once whether database and files can be written, and from then on by itself. */
export async function createHealth(deps: HealthDeps): Promise<Health> {
  let written = await tryWriting(deps);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;

  /** One that hangs has no others behind it. */
  async function tryAgain(): Promise<void> {
    const wasWell = isWell(written);
    written = await tryWriting(deps);
    if (!wasWell && isWell(written)) deps.log.info("ready-again");
    wait();
  }

  function wait(): void {
    if (isStopped) return;
    timer = setTimeout(() => void tryAgain(), isWell(written) ? TRY_WRITING_EVERY_MS : TRY_AGAIN_EVERY_MS);
    timer.unref();
  }

  wait();
  return {
    async readiness() {
      const unread = await failureOf(() => deps.store.instance.initialised());
      report(deps, { database: unread });
      const checks = [
        { name: "database", ok: written.database && unread === null },
        { name: "files", ok: written.files },
        { name: "room", ok: written.room },
      ];
      return { ready: checks.every(({ ok }) => ok), checks };
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

type Written = { database: boolean; files: boolean; room: boolean };

function isWell({ database, files, room }: Written): boolean {
  return database && files && room;
}

async function tryWriting(deps: HealthDeps): Promise<Written> {
  const [database, files] = await Promise.all([
    failureOf(() => deps.store.check()),
    failureOf(() => deps.files.check()),
  ]);
  const room = deps.hasRoom() ? null : storageError("full", "No room is left but what is set aside.");
  report(deps, { database, files, room });
  return { database: database === null, files: files === null, room: room === null };
}

async function failureOf(check: () => Promise<unknown>): Promise<AppError | null> {
  try {
    await check();
    return null;
  } catch (thrown) {
    return toAppError(thrown);
  }
}

function report({ log }: HealthDeps, failures: Record<string, AppError | null>): void {
  for (const [check, failure] of Object.entries(failures)) {
    if (failure === null) continue;
    const { code, message, cause } = failure;
    log.warn("readiness-check-failed", { check, code, message, cause });
  }
}
