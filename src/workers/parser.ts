/** The server's side of the parser child: starts it, gives it documents, and kills it at its limits. */
import { readFile } from "node:fs/promises";
import type { Subprocess } from "bun";
import type { DocumentParser, Log } from "../deps.ts";
import type { ChunkedDocument } from "../domain/knowledge.ts";
import { AppError } from "../errors.ts";
import type { ParseRequest, ParserReply } from "./parser-protocol.ts";

export type ParserLimits = {
  /** Of one document. */
  workMs: number;
  memoryBytes: number;
  /** After so many clean documents, or so long, a child is replaced: libraries leak. */
  documents: number;
  lifetimeMs: number;
  /** One that holds more than this between documents is replaced too: what one left must not be the next one's lack. */
  restingBytes: number;
};

const LIMITS: ParserLimits = {
  workMs: 30_000,
  memoryBytes: 768 * 1024 * 1024,
  documents: 50,
  lifetimeMs: 60_000,
  restingBytes: 224 * 1024 * 1024,
};
/** What JavaScriptCore takes for the machine's memory: it collects sooner then, and large documents take half as much. */
const HEAP_HINT_BYTES = 256 * 1024 * 1024;
const MEMORY_POLL_MS = 250;
/** Of starting the program; not the document's fault and so not counted as its work. */
const START_MS = 15_000;

type Progress = Parameters<DocumentParser["parse"]>[3];

export type ParserOptions = {
  /** What to run: the program, by its full path, and its arguments. */
  command: string[];
  log: Log;
  limits?: Partial<ParserLimits>;
};

/** Parses one document at a time, in the order asked. Nothing runs until the first one. */
export function openParser({ command, log, limits }: ParserOptions): DocumentParser {
  const bounds = { ...LIMITS, ...limits };
  let child: ParserChild | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  async function run(request: Omit<ParseRequest, "type" | "id">, onProgress: Progress, signal: AbortSignal) {
    signal.throwIfAborted();
    if (isClosed) throw shuttingDown();
    if (child?.isSpent()) retire();
    child ??= new ParserChild(command, bounds, log);
    const serving = child;
    try {
      return await serving.parse(request, onProgress, signal);
    } catch (thrown) {
      // Whatever state the document left behind, the next one starts without it.
      if (child === serving) retire();
      throw thrown;
    }
  }

  function retire(): void {
    child?.kill();
    child = null;
  }

  return {
    parse(path, filename, format, onProgress, signal) {
      const result = last.then(() => run({ path, filename, format }, onProgress, signal));
      last = result.catch(() => {});
      return result;
    },
    async close() {
      isClosed = true;
      const exited = child?.exited;
      child?.abandon(shuttingDown());
      retire();
      await exited;
    },
  };
}

type Work = {
  id: number;
  onProgress: Progress;
  resolve: (document: ChunkedDocument) => void;
  reject: (error: unknown) => void;
};

/** One process. Unclean once anything but a parsed document came out of it. */
class ParserChild {
  readonly exited: Promise<number>;
  readonly #process: Subprocess<"ignore", "ignore", "ignore">;
  readonly #startedAt = performance.now();
  readonly #ready = Promise.withResolvers<void>();
  #served = 0;
  #residentBytes = 0;
  #work: Work | null = null;
  #hasExited = false;

  constructor(
    command: string[],
    readonly limits: ParserLimits,
    readonly log: Log,
  ) {
    this.#process = Bun.spawn(command, {
      // Nothing of the server's environment, where an administrator may have put secrets.
      env: { BUN_JSC_forceRAMSize: String(HEAP_HINT_BYTES) },
      stdio: ["ignore", "ignore", "ignore"],
      serialization: "advanced",
      ipc: (message: ParserReply) => this.#receive(message),
      onExit: (_, code, signalCode) => this.#exit(code, signalCode),
    });
    // A waiting child does not keep the server from ending.
    this.#process.unref();
    this.exited = this.#process.exited;
    this.#ready.promise.catch(() => {});
  }

  isSpent(): boolean {
    const age = performance.now() - this.#startedAt;
    const { documents, lifetimeMs, restingBytes } = this.limits;
    const isWorn = this.#served >= documents || age >= lifetimeMs || this.#residentBytes > restingBytes;
    return this.#hasExited || isWorn;
  }

  /** Fails what it is reading for a reason that is not the document's. */
  abandon(reason: AppError): void {
    this.#work?.reject(reason);
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  async parse(
    request: Omit<ParseRequest, "type" | "id">,
    onProgress: Progress,
    signal: AbortSignal,
  ): Promise<ChunkedDocument> {
    const stop = new AbortController();
    const result = Promise.withResolvers<ChunkedDocument>();
    const id = ++this.#served;
    this.#work = { id, onProgress, resolve: result.resolve, reject: result.reject };
    const onAbort = (): void => result.reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    const starting = setTimeout(() => result.reject(crashed("did not start")), START_MS);
    let working: ReturnType<typeof setTimeout> | undefined;
    this.#ready.promise.then(
      () => {
        clearTimeout(starting);
        if (stop.signal.aborted) return;
        working = setTimeout(() => result.reject(timedOut(this.limits.workMs)), this.limits.workMs);
        this.#process.send({ type: "parse", id, ...request } satisfies ParseRequest);
      },
      (error: unknown) => result.reject(error),
    );
    const polling = setInterval(() => void this.#checkMemory(), MEMORY_POLL_MS);
    try {
      const document = await result.promise;
      await this.#checkMemory();
      return document;
    } finally {
      stop.abort();
      this.#work = null;
      clearTimeout(starting);
      clearTimeout(working);
      clearInterval(polling);
      signal.removeEventListener("abort", onAbort);
    }
  }

  #receive(message: ParserReply): void {
    if (message.type === "ready") {
      this.#ready.resolve();
      return;
    }
    if (message.type === "memory") {
      this.#limitMemory(message.bytes);
      return;
    }
    const work = this.#work;
    if (!work || message.id !== work.id) return;
    if (message.type === "progress") {
      const { done, total, unit } = message;
      work.onProgress({ done, total, unit });
    } else if (message.type === "parsed") work.resolve(message.document);
    else work.reject(new AppError(message.code, message.message));
  }

  #exit(code: number | null, signalCode: Subprocess["signalCode"] | number): void {
    this.#hasExited = true;
    const error = crashed(`ended with ${signalCode === null ? `code ${code}` : `signal ${signalCode}`}`);
    if (this.#work) this.log.warn("parser-crashed", { code, signal: signalCode });
    this.#work?.reject(error);
    this.#ready.reject(error);
  }

  async #checkMemory(): Promise<void> {
    const bytes = await residentBytes(this.#process.pid);
    if (bytes !== null) this.#limitMemory(bytes);
  }

  #limitMemory(bytes: number): void {
    this.#residentBytes = bytes;
    if (bytes <= this.limits.memoryBytes || !this.#work) return;
    this.#work.reject(
      new AppError(
        "RESOURCE_LIMIT",
        "The document needs more memory than one document may take. Split it into smaller files, then upload those.",
      ),
    );
  }
}

/** Resident memory of a process on Linux; null elsewhere and once it has ended. */
async function residentBytes(pid: number): Promise<number | null> {
  if (process.platform !== "linux") return null;
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

function shuttingDown(): AppError {
  return new AppError("INTERNAL", "Parley is shutting down. The document is read again after the start.");
}

function timedOut(workMs: number): AppError {
  return new AppError(
    "PARSE_TIMEOUT",
    `Reading the document took longer than ${Math.round(workMs / 1_000)} seconds. Split it into smaller files, then upload those.`,
  );
}

function crashed(what: string): AppError {
  return new AppError(
    "PARSER_CRASHED",
    "Reading the document failed unexpectedly. Upload it again; if that fails too, save it in another format.",
    { cause: new Error(`The parser child ${what}.`) },
  );
}
