/** A running Parley: the binary that `bun run build` made, in a folder of its own, on a free port. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const REPOSITORY = join(import.meta.dir, "../..");

/** `PARLEY_BINARY=source` runs from source; any other value is the path of a binary. */
export function parleyCommand(): string[] {
  const given = process.env.PARLEY_BINARY;
  if (given === "source") return [process.execPath, join(REPOSITORY, "src/main.ts")];
  return [given ?? join(REPOSITORY, "dist/parley")];
}

export type StartOptions = {
  /** More words of the command line, e.g. `["--log-level", "debug"]`. */
  flags?: string[];
  environment?: Record<string, string>;
  /** An existing data directory; it is not removed then. */
  dataDirectory?: string;
  /** Serve on this port; 0 picks a free one. */
  port?: number;
  /** Words in front of the program, which become the program in the end, such as those of `confined.ts`. */
  within?: string[];
  /** What `/readyz` answers at the start; 200 unless given. */
  readiness?: 200 | 503;
};

export type Parley = {
  /** Without a slash at the end. Another one after `restart`. */
  readonly url: string;
  /** The first word of 20 or more characters that the start printed; null once setup is done. */
  readonly setupToken: string | null;
  readonly pid: number;
  readonly dataDirectory: string;
  /** What it printed for people, of all starts. */
  output(): string;
  /** Log lines of all starts. */
  log(): string;
  /** Resolves when `text` stands in the output or the log. */
  printed(text: string): Promise<void>;
  /** SIGTERM; the exit code. */
  stop(): Promise<number>;
  kill9(): Promise<void>;
  /** Starts again on the same data; stops first when it still runs. */
  restart(options?: Pick<StartOptions, "flags" | "environment" | "within" | "readiness">): Promise<void>;
  /** Resolves with the exit code when the process ends by itself. */
  exited(): Promise<number>;
  /** Ends the process and removes its folder. For `afterAll`. */
  remove(): Promise<void>;
};

/** Starts Parley and waits until it is ready. Rejects with all it said when it ends instead. */
export async function startParley(options: StartOptions = {}): Promise<Parley> {
  const folder = await mkdtemp(join(tmpdir(), "parley-run-"));
  const dataDirectory = options.dataDirectory ?? join(folder, "data");
  await mkdir(join(folder, "cwd"));
  const spoken = newTranscript();
  let run = await launch(folder, dataDirectory, options, spoken);
  const stop = () => {
    run.child.kill("SIGTERM");
    return run.child.exited;
  };

  return {
    get url() {
      return run.url;
    },
    get setupToken() {
      return run.setupToken;
    },
    get pid() {
      return run.child.pid;
    },
    dataDirectory,
    output: () => spoken.stdout,
    log: () => spoken.stderr,
    printed: (text) => spoken.contains(text),
    stop,
    async kill9() {
      run.child.kill("SIGKILL");
      await run.child.exited;
    },
    async restart(changes = {}) {
      if (run.child.exitCode === null && run.child.signalCode === null) await stop();
      run = await launch(folder, dataDirectory, { ...options, ...changes }, spoken);
    },
    exited: () => run.child.exited,
    async remove() {
      run.child.kill("SIGKILL");
      await run.child.exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A start that is not waited for: `ready` when it says where it listens, or ends. */
export async function beginParley(
  dataDirectory: string,
): Promise<{ ready: Promise<unknown>; kill9(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "parley-run-"));
  const spoken = newTranscript();
  const child = spawnParley(["--data", dataDirectory, "--port", "0"], folder, {});
  const ended = Promise.all([spoken.read(child.stdout, "stdout"), spoken.read(child.stderr, "stderr")]);
  return {
    ready: Promise.race([spoken.find(/https?:\/\//, 0), ended]),
    async kill9() {
      child.kill("SIGKILL");
      await child.exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A port that nothing listens on, for starts whose address the output does not name. */
export async function freePort(): Promise<number> {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const port = server.port ?? 0;
  await server.stop(true);
  return port;
}

export type FailedStart = { exitCode: number; stdout: string; stderr: string };

/** Runs a start that is expected to fail, or a command that ends by itself. */
export async function runParley(
  words: string[],
  environment: Record<string, string> = {},
  within: string[] = [],
): Promise<FailedStart> {
  const folder = await mkdtemp(join(tmpdir(), "parley-run-"));
  try {
    const child = spawnParley(words, folder, environment, within);
    const [stdout = "", stderr = ""] = await Promise.all(
      [child.stdout, child.stderr].map((stream) => new Response(stream).text()),
    );
    return { exitCode: await child.exited, stdout, stderr };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Running = { child: ReturnType<typeof spawnParley>; url: string; setupToken: string | null };

async function launch(
  folder: string,
  dataDirectory: string,
  { flags = [], environment = {}, port = 0, within = [], readiness = 200 }: StartOptions,
  spoken: Transcript,
): Promise<Running> {
  const words = ["--data", dataDirectory, "--port", String(port), ...flags];
  const child = spawnParley(words, join(folder, "cwd"), environment, within);
  const before = spoken.stdout.length;
  const ended = Promise.all([spoken.read(child.stdout, "stdout"), spoken.read(child.stderr, "stderr")]);
  const address = /https?:\/\/[^/\s:]+(?::(\d+))?\//;
  const printed = await Promise.race([spoken.find(address, before), ended.then(() => null)]);
  if (!printed) {
    throw new Error(`Parley ended with ${await child.exited}:\n${spoken.stdout}\n${spoken.stderr}`);
  }
  const url = `${flags.includes("--tls-cert") ? "https" : "http"}://127.0.0.1:${port || printed[1]}`;
  const ready = await fetch(`${url}/readyz`, { tls: { rejectUnauthorized: false } });
  if (ready.status !== readiness) throw new Error(`Readiness is ${ready.status}: ${await ready.text()}`);
  return { child, url, setupToken: /\S{20,}/.exec(tokenLine(spoken.stdout.slice(before)))?.[0] ?? null };
}

/** The start names the address of the setup only while there is a token. */
function tokenLine(printed: string): string {
  return printed.includes("Setup token") ? printed : "";
}

function spawnParley(
  words: string[],
  cwd: string,
  environment: Record<string, string>,
  within: string[] = [],
) {
  return Bun.spawn([...within, ...parleyCommand(), ...words], {
    cwd,
    // Nothing of this process's environment, so that no variable of the machine decides a test.
    env: { HOME: cwd, PATH: process.env.PATH ?? "", ...environment },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

type Transcript = {
  stdout: string;
  stderr: string;
  read(stream: ReadableStream<Uint8Array>, name: "stdout" | "stderr"): Promise<void>;
  find(pattern: RegExp, from: number): Promise<RegExpExecArray>;
  contains(text: string): Promise<void>;
};

function newTranscript(): Transcript {
  const waiting = new Set<() => void>();
  const whenever = async <Found>(look: () => Found | null): Promise<Found> => {
    for (;;) {
      const found = look();
      if (found !== null) return found;
      await new Promise<void>((resolve) => waiting.add(resolve));
    }
  };
  const transcript: Transcript = {
    stdout: "",
    stderr: "",
    async read(stream, name) {
      const decoder = new TextDecoder();
      for await (const bytes of stream) {
        transcript[name] += decoder.decode(bytes, { stream: true });
        const woken = [...waiting];
        waiting.clear();
        for (const wake of woken) wake();
      }
    },
    find: (pattern, from) => whenever(() => pattern.exec(transcript.stdout.slice(from))),
    async contains(text) {
      await whenever(() => (`${transcript.stdout}\n${transcript.stderr}`.includes(text) ? true : null));
    },
  };
  return transcript;
}
