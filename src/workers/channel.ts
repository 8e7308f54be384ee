/**
 * Questions to a Bun Worker and its answers, typed on both sides by one record of functions:
 *
 *     type SearchRequests = { search: (query: Query) => Hit[] };
 *     const channel = openChannel<SearchRequests>(startWorker("search-worker"));  // main thread
 *     answerRequests<SearchRequests>({ search: async (query, signal) => … });     // worker
 *
 * What is asked within one turn of the loop travels as one message, and so do the answers: waking the other thread
 * costs more than what it is woken for.
 */
import { setPriority } from "node:os";
import { AppError, type ErrorCode, toAppError } from "../errors.ts";

/** By name of the request: what it takes and what it gives. Both must survive a structured clone. */
export type Requests<R> = { [Name in keyof R]: (argument: never) => unknown };
type Argument<F> = F extends (argument: infer A) => unknown ? A : never;
type Result<F> = F extends (argument: never) => infer Given ? Awaited<Given> : never;

/** By name of what a worker tells without having been asked: what it says of it. */
export type Listeners<E> = { [Name in keyof E]: (said: E[Name]) => void };
type ToWorker =
  | { type: "request"; id: number; name: string; argument: unknown }
  | { type: "cancel"; id: number };
type FromWorker =
  | { type: "answer"; id: number; result: unknown }
  | { type: "failure"; id: number; failure: Failure }
  | { type: "event"; name: string; said: unknown };

/** An error on its way to another thread. */
export type Failure = {
  code: ErrorCode;
  message: string;
  details: unknown;
  retryAfterMs: number | undefined;
  stack: string | undefined;
};

export type WorkerChannel<R extends Requests<R>> = {
  /**
   * Asks the worker. Requests run concurrently as far as the worker lets them.
   *
   * @throws the AppError that the worker threw; INTERNAL when the worker failed or has ended; the
   *   signal's reason, at once, when it is aborted: the worker is told and its late answer is dropped.
   */
  request<Name extends keyof R & string>(
    name: Name,
    argument: Argument<R[Name]>,
    signal?: AbortSignal,
  ): Promise<Result<R[Name]>>;
  /** Ends the worker at once. Requests that still run fail. */
  terminate(): void;
  /** Settles once the worker has ended, by `terminate` or by itself: null or what it failed of. */
  readonly ended: Promise<Error | null>;
};

type Waiting = { resolve: (result: unknown) => void; reject: (reason: unknown) => void };

/** The asking side. Owns the worker from here on. What the worker tells by itself goes to `listeners`. */
export function openChannel<R extends Requests<R>, E = Record<never, never>>(
  worker: Worker,
  listeners?: Listeners<E>,
): WorkerChannel<R> {
  const waiting = new Map<number, Waiting>();
  const ending = Promise.withResolvers<Error | null>();
  let lastId = 0;
  let hasEnded = false;
  const send = outbox<ToWorker>(
    (messages) => {
      if (!hasEnded) worker.postMessage(messages);
    },
    ({ id }, cause) => take(id)?.reject(cause),
  );

  function take(id: number): Waiting | undefined {
    const asker = waiting.get(id);
    waiting.delete(id);
    return asker;
  }

  function end(failure: Error | null): void {
    if (hasEnded) return;
    hasEnded = true;
    const reason = workerEnded(failure);
    for (const { reject } of waiting.values()) reject(reason);
    waiting.clear();
    worker.terminate();
    ending.resolve(failure);
  }

  function receive(message: FromWorker): void {
    if (message.type === "answer") take(message.id)?.resolve(message.result);
    else if (message.type === "failure") take(message.id)?.reject(fromFailure(message.failure));
    // The telling side is typed by the same record.
    else listeners?.[message.name as keyof E]?.(message.said as never);
  }

  worker.addEventListener("message", ({ data }: MessageEvent<FromWorker[]>) => data.forEach(receive));
  worker.addEventListener("error", (event) => end(new Error(event.message, { cause: event.error })));
  worker.addEventListener("close", () => end(null));

  return {
    request<Name extends keyof R & string>(name: Name, argument: Argument<R[Name]>, signal?: AbortSignal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      if (hasEnded) return Promise.reject(workerEnded(null));
      const id = ++lastId;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      waiting.set(id, { resolve, reject });
      send({ type: "request", id, name, argument });
      if (signal === undefined) return promise as Promise<Result<R[Name]>>;

      const cancel = () => {
        waiting.delete(id);
        send({ type: "cancel", id });
        reject(signal.reason);
      };
      signal.addEventListener("abort", cancel, { once: true });
      return promise.finally(() => signal.removeEventListener("abort", cancel)) as Promise<Result<R[Name]>>;
    },
    terminate: () => end(null),
    ended: ending.promise,
  };
}

/** What the answering side can say without being asked. */
export type Teller<E> = {
  tell<Name extends keyof E & string>(name: Name, said: E[Name]): void;
};

/** The answering side, called once in the worker's own file. Each handler may run more than once at a time. */
export function answerRequests<R extends Requests<R>, E = Record<never, never>>(
  handlers: {
    [Name in keyof R]: (argument: Argument<R[Name]>, signal: AbortSignal) => Promise<Result<R[Name]>>;
  },
): Teller<E> {
  yieldToMainThread();
  const running = new Map<number, AbortController>();
  const send = outbox<FromWorker>(
    (messages) => postMessage(messages),
    (message, cause) => {
      if (message.type !== "event")
        postMessage([{ type: "failure", id: message.id, failure: toFailure(cause) }] satisfies FromWorker[]);
    },
  );

  async function answer(id: number, name: string, argument: unknown): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      // The asking side is typed by the same record, so the argument is the handler's own.
      const result = await handlers[name as keyof R](argument as never, controller.signal);
      send({ type: "answer", id, result });
    } catch (thrown) {
      send({ type: "failure", id, failure: toFailure(thrown) });
    } finally {
      running.delete(id);
    }
  }

  function receive(asked: ToWorker): void {
    if (asked.type === "cancel") running.get(asked.id)?.abort();
    else void answer(asked.id, asked.name, asked.argument);
  }

  addEventListener("message", ({ data }: MessageEvent<ToWorker[]>) => data.forEach(receive));
  return { tell: (name, said) => send({ type: "event", name, said }) };
}

/** Gathers what is sent within one turn. What cannot be sent does not keep the rest from being. */
function outbox<Message>(
  post: (messages: Message[]) => void,
  unsendable: (message: Message, cause: unknown) => void,
): (message: Message) => void {
  let gathered: Message[] = [];

  function postEach(messages: readonly Message[]): void {
    for (const message of messages) {
      try {
        post([message]);
      } catch (thrown) {
        unsendable(message, thrown);
      }
    }
  }

  function flush(): void {
    const messages = gathered;
    gathered = [];
    try {
      post(messages);
    } catch {
      // Nothing of it has left, so each is tried by itself and the one at fault is told.
      postEach(messages);
    }
  }

  return (message) => {
    if (gathered.length === 0) queueMicrotask(flush);
    gathered.push(message);
  };
}

/** Anything thrown, as what the other side throws. */
export function toFailure(thrown: unknown): Failure {
  const { code, message, details, retryAfterMs, cause } = toAppError(thrown);
  const origin = cause instanceof Error ? cause : thrown;
  const stack = origin instanceof Error ? origin.stack : String(origin);
  return { code, message, details, retryAfterMs, stack };
}

/** An error made elsewhere keeps its stack as text, for the log. */
export function fromFailure({ code, message, details, retryAfterMs, stack }: Failure): AppError {
  const again = retryAfterMs === undefined ? {} : { retryAfterMs };
  return new AppError(code, message, { details, cause: stack, ...again });
}

function workerEnded(failure: Error | null): AppError {
  const message =
    "A background worker of Parley has stopped. Try again; if it happens again, restart Parley.";
  return new AppError("INTERNAL", message, { cause: failure ?? undefined });
}

const BEHIND = 5;

/**
 * With more threads at work than cores, the one that serves sockets goes first. Linux alone has a priority for each
 * thread; elsewhere this would be the whole process's.
 */
function yieldToMainThread(): void {
  if (process.platform !== "linux") return;
  try {
    setPriority(0, BEHIND);
  } catch {
    // A container may forbid it, and everything works without.
  }
}
