/**
 * Threads of the store that have let go of their database are taken by the next store of the same test run: starting
 * one from source costs 50 ms, and nearly every test opens a store. A thread that was ended in any other way is ended.
 */
const Original = globalThis.Worker;
const THREADS = "/store/sqlite/threads/";
const idle = new Map<string, Worker[]>();

type Asked = { type: string; id: number; name?: string };

class RecycledWorker extends EventTarget {
  readonly #worker: Worker;
  readonly #url: string;
  readonly #relayed = ["message", "error", "close"].map((type) => ({
    type,
    listener: (event: Event) => this.#relay(type, event),
  }));
  #closing: number | null = null;
  #hasLetGo = false;

  constructor(url: URL, options: WorkerOptions) {
    super();
    this.#url = url.href;
    this.#worker = idle.get(url.href)?.pop() ?? new Original(url, options);
    for (const { type, listener } of this.#relayed) this.#worker.addEventListener(type, listener);
  }

  postMessage(messages: Asked[]): void {
    for (const { id, name } of messages) if (name === "close") this.#closing = id;
    this.#worker.postMessage(messages);
  }

  terminate(): void {
    if (!this.#hasLetGo) {
      this.#worker.terminate();
      return;
    }
    for (const { type, listener } of this.#relayed) this.#worker.removeEventListener(type, listener);
    idle.set(this.#url, [...(idle.get(this.#url) ?? []), this.#worker]);
  }

  #relay(type: string, event: Event): void {
    if (event instanceof MessageEvent) {
      const answers = event.data as Asked[];
      this.#hasLetGo ||= answers.some(({ type, id }) => type === "answer" && id === this.#closing);
      this.dispatchEvent(new MessageEvent(type, { data: event.data }));
    } else if (event instanceof ErrorEvent) {
      this.dispatchEvent(new ErrorEvent(type, { message: event.message, error: event.error }));
    } else this.dispatchEvent(new Event(type));
  }
}

/** From now on in this process. */
export function recycleThreads(): void {
  if (globalThis.Worker !== Original) return;
  globalThis.Worker = new Proxy(Original, {
    construct: (_target, [url, options]: [URL, WorkerOptions]) =>
      url.href.includes(THREADS) ? new RecycledWorker(url, options) : new Original(url, options),
  });
}
