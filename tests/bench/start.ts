/** The binary: its size, how long it takes to be ready on existing data with 100,000 chunks, and what it holds when idle. */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Figure, median } from "./figure.ts";
import { fillFolder } from "./filled-folder.ts";

export const BINARY = join(import.meta.dir, "../../dist/parley");
const CHUNKS = 100_000;
const RUNS = 7;
const IDLE_RUNS = 3;

export async function benchStart(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "parley-bench-"));
  try {
    const emptyMemory = (await startOnce(join(folder, "empty"), IDLE_AFTER_MS)).memoryBytes;
    const data = join(folder, "full");
    // The first start makes the folder and copies the native parts out, once for the life of the installation.
    const first = await startOnce(data);
    await fillFolder(data, { chunks: CHUNKS });
    const runs: Started[] = [];
    for (let run = 0; run < RUNS; run++)
      runs.push(await startOnce(data, run < IDLE_RUNS ? IDLE_AFTER_MS : 0));
    return [
      {
        what: "binary without a model",
        measured: `${(statSync(BINARY).size / 1e6).toFixed(1)} MB`,
        target: "< 180 MB",
      },
      {
        what: "first start on an empty folder to readyz",
        measured: `${first.readyMs.toFixed(0)} ms`,
        target: "",
      },
      {
        what: "start to readyz, 100,000 chunks, median of 7",
        measured: `${median(runs.map(({ readyMs }) => readyMs)).toFixed(0)} ms`,
        target: "< 300 ms",
      },
      { what: "idle memory, no data", measured: megabytes(emptyMemory), target: "< 120 MB" },
      {
        what: "idle memory, 100,000 chunks, no local model",
        measured: megabytes(median(runs.slice(0, IDLE_RUNS).map(({ memoryBytes }) => memoryBytes))),
        target: "< 150 MB",
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Started = { readyMs: number; memoryBytes: number };

/** Idle is a while after the start: the terms are loaded then, and threads that only the start needed have ended. */
const IDLE_AFTER_MS = 40_000;

async function startOnce(data: string, idleMs = 0): Promise<Started> {
  const startedAt = performance.now();
  const child = Bun.spawn([BINARY, "--port", "0", "--host", "127.0.0.1", "--data", data], {
    stdout: "pipe",
    stderr: "ignore",
  });
  const address = await printedAddress(child.stdout);
  const ready = await fetch(new URL("readyz", address));
  const readyMs = performance.now() - startedAt;
  if (!ready.ok) throw new Error(`readyz answered ${ready.status}`);
  await Bun.sleep(idleMs);
  const memoryBytes = residentBytes(child.pid);
  child.kill("SIGTERM");
  await child.exited;
  return { readyMs, memoryBytes };
}

export async function printedAddress(output: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const part of output) {
    text += new TextDecoder().decode(part);
    const address = /http:\/\/\S+/.exec(text)?.[0];
    // The address stands before the data directory, which is the last line.
    if (address && text.includes("Data")) return address;
  }
  throw new Error(`The binary ended without an address:\n${text}`);
}

function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
