/**
 * Questions to a Bun Worker and its answers, typed on both sides by one record of functions:
 *
 *     type SearchRequests = { search: (query: Query) => Hit[] };
 *     const channel = openChannel<SearchRequests>(startWorker("search-worker"));  // main thread
 *     answerRequests<SearchRequests>({ search: async (query, signal) => … });     // worker
 */
import { AppError, type ErrorCode, toAppError } from "../errors.ts";

/** By name of the request: what it takes and what it gives. Both must survive a structured clone. */
type Requests<R> = { [Name in keyof R]: (argument: never) => unknown };
type Argument<F> = F extends (argument: infer A) => unknown ? A : never;
type Result<F> = F extends (argument: never) => infer Given ? Awaited<Given> : never;

type ToWorker =
  | { type: "request"; id: number; name: string; argument: unknown }
  | { type: "cancel"; id: number };
type FromWorker =
  | { type: "answer"; id: number; result: unknown }
  | {
      type: "failure";
      id: number;
      code: ErrorCode;
      message: string;
      details: unknown;
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

/** The asking side. Owns the worker from here on. */
export function openChannel<R extends Requests<R>>(worker: Worker): WorkerChannel<R> {
  const waiting = new Map<number, Waiting>();
  const ending = Promise.withResolvers<Error | null>();
  let lastId = 0;
  let hasEnded = false;

  function end(failure: Error | null): void {
    if (hasEnded) return;
    hasEnded = true;
    const reason = workerEnded(failure);
    for (const { reject } of waiting.values()) reject(reason);
    waiting.clear();
    worker.terminate();
    ending.resolve(failure);
  }

  worker.addEventListener("message", (event: MessageEvent<FromWorker>) => {
    const answer = event.data;
    const asker = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.type === "answer") asker?.resolve(answer.result);
    else asker?.reject(fromFailure(answer));
  });
  worker.addEventListener("error", (event) => end(new Error(event.message, { cause: event.error })));
  worker.addEventListener("close", () => end(null));

  return {
    request<Name extends keyof R & string>(name: Name, argument: Argument<R[Name]>, signal?: AbortSignal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      if (hasEnded) return Promise.reject(workerEnded(null));
      const id = ++lastId;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      waiting.set(id, { resolve, reject });
      worker.postMessage({ type: "request", id, name, argument } satisfies ToWorker);

      const cancel = () => {
        waiting.delete(id);
        if (!hasEnded) worker.postMessage({ type: "cancel", id } satisfies ToWorker);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", cancel, { once: true });
      return promise.finally(() => signal?.removeEventListener("abort", cancel)) as Promise<Result<R[Name]>>;
    },
    terminate: () => end(null),
    ended: ending.promise,
  };
}

/** The answering side, called once in the worker's own file. Each handler may run more than once at a time. */
export function answerRequests<R extends Requests<R>>(
  handlers: {
    [Name in keyof R]: (argument: Argument<R[Name]>, signal: AbortSignal) => Promise<Result<R[Name]>>;
  },
): void {
  const running = new Map<number, AbortController>();

  async function answer(id: number, name: string, argument: unknown): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      // The asking side is typed by the same record, so the argument is the handler's own.
      const result = await handlers[name as keyof R](argument as never, controller.signal);
      postMessage({ type: "answer", id, result } satisfies FromWorker);
    } catch (thrown) {
      postMessage(toFailure(id, thrown));
    } finally {
      running.delete(id);
    }
  }

  addEventListener("message", (event: MessageEvent<ToWorker>) => {
    const asked = event.data;
    if (asked.type === "cancel") running.get(asked.id)?.abort();
    else void answer(asked.id, asked.name, asked.argument);
  });
}

function toFailure(id: number, thrown: unknown): FromWorker {
  const { code, message, details, cause } = toAppError(thrown);
  const origin = cause instanceof Error ? cause : thrown;
  const stack = origin instanceof Error ? origin.stack : String(origin);
  return { type: "failure", id, code, message, details, stack };
}

/** An error made elsewhere keeps its stack as text, for the log. */
function fromFailure(failure: Extract<FromWorker, { type: "failure" }>): AppError {
  return new AppError(failure.code, failure.message, { details: failure.details, cause: failure.stack });
}

function workerEnded(failure: Error | null): AppError {
  const message =
    "A background worker of Parley has stopped. Try again; if it happens again, restart Parley.";
  return new AppError("INTERNAL", message, { cause: failure ?? undefined });
}
