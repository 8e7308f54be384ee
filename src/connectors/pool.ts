/** At most a few sessions with one server, opened when they are needed and closed when nobody has used them for a while. */

export type PoolOptions<Session> = {
  size: number;
  /** An unused session is closed after this. */
  idleMs: number;
  open(signal: AbortSignal): Promise<Session>;
  /** Makes a used session as good as new; false when it cannot be used again. */
  renew(session: Session): Promise<boolean>;
  isOpen(session: Session): boolean;
  /** Ends the session, and what it may still run on the server. */
  end(session: Session): Promise<void>;
};

export type Pool<Session> = {
  /** Waits for a session that is nobody else's. @throws what `open` throws; the reason of `signal` */
  acquire(signal: AbortSignal): Promise<Session>;
  /** The session goes to the next one who waits, once it is renewed; one that is not to be used again is ended. */
  release(session: Session, how: "renew" | "end"): void;
  /** Resolves once every session is ended that nobody uses. */
  close(): Promise<void>;
};

type Waiter = { wake: () => void };

export function createPool<Session>(options: PoolOptions<Session>): Pool<Session> {
  const { size, idleMs } = options;
  const idle: { session: Session; timer: ReturnType<typeof setTimeout> }[] = [];
  const waiters: Waiter[] = [];
  const ending = new Set<Promise<void>>();
  /** Sessions that are used, opened, renewed or ended. */
  let busy = 0;
  let closed = false;

  function leave(): void {
    busy -= 1;
    waiters.shift()?.wake();
  }

  function end(session: Session): Promise<void> {
    const ended = options.end(session).catch(() => {});
    ending.add(ended);
    return ended.finally(() => ending.delete(ended));
  }

  function takeIdle(): Session | null {
    for (let kept = idle.pop(); kept; kept = idle.pop()) {
      clearTimeout(kept.timer);
      if (options.isOpen(kept.session)) return kept.session;
      void end(kept.session);
    }
    return null;
  }

  function keep(session: Session): void {
    const expire = () => {
      idle.splice(
        idle.findIndex((kept) => kept.session === session),
        1,
      );
      void end(session);
    };
    const timer = setTimeout(expire, idleMs);
    timer.unref();
    idle.push({ session, timer });
  }

  async function giveBack(session: Session, how: "renew" | "end"): Promise<void> {
    const isFit = how === "renew" && !closed && (await options.renew(session).catch(() => false));
    if (isFit && !closed) keep(session);
    else await end(session);
    leave();
  }

  /** Whoever gave up while it was opened will not give it back. */
  async function openFor(signal: AbortSignal): Promise<Session> {
    const session = await options.open(signal);
    if (!signal.aborted) return session;
    void end(session);
    throw signal.reason;
  }

  async function turn(signal: AbortSignal): Promise<void> {
    while (busy >= size) await waitIn(waiters, signal);
    busy += 1;
  }

  return {
    async acquire(signal) {
      await turn(signal);
      try {
        signal.throwIfAborted();
        return takeIdle() ?? (await openFor(signal));
      } catch (thrown) {
        leave();
        throw thrown;
      }
    },
    release(session, how) {
      void giveBack(session, how);
    },
    async close() {
      closed = true;
      for (const { session, timer } of idle.splice(0)) {
        clearTimeout(timer);
        void end(session);
      }
      await Promise.all(ending);
    },
  };
}

function waitIn(waiters: Waiter[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const waiter: Waiter = {
      wake() {
        signal.removeEventListener("abort", onAbort);
        resolve();
      },
    };
    const onAbort = () => {
      waiters.splice(waiters.indexOf(waiter), 1);
      reject(signal.reason);
    };
    waiters.push(waiter);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
