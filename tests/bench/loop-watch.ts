/** Watches the main loop of this process, and starts the processes that ask. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Figure } from "./figure.ts";

const SCHEDULE = `/proc/self/task/${process.pid}/schedstat`;

export type Stalls = {
  /** How late a timer of one millisecond was, each time. */
  lateMs: number[];
  /** How long a core worked for this thread since the time before; on a busy machine the rest is waiting for one. */
  workMs: number[];
};

export async function stallsDuring<Result>(
  work: () => Promise<Result>,
): Promise<Stalls & { result: Result }> {
  const lateMs: number[] = [];
  const workMs: number[] = [];
  let [last, lastWorked] = [performance.now(), threadWorkMs()];
  const timer = setInterval(() => {
    const [now, worked] = [performance.now(), threadWorkMs()];
    lateMs.push(Math.max(0, now - last - 1));
    workMs.push(worked - lastWorked);
    [last, lastWorked] = [now, worked];
  }, 1);
  const result = await work();
  clearInterval(timer);
  return { result, lateMs, workMs };
}

/** Milliseconds that a core has worked for this thread so far; 0 where the kernel does not say. */
function threadWorkMs(): number {
  if (!existsSync(SCHEDULE)) return 0;
  return Number(readFileSync(SCHEDULE, "utf8").split(" ")[0]) / 1e6;
}

/** The process that asks, started before anything is measured. `run` resolves with how long each question took. */
export async function startAsker(
  script: string,
  words: readonly (string | number)[],
): Promise<{ run(): Promise<number[]> }> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, script), ...words.map(String)], {
    ...{ stdin: "pipe", stdout: "pipe", stderr: "inherit" },
  });
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  await lines.read();
  return {
    async run() {
      child.stdin.end();
      let printed = "";
      for (let part = await lines.read(); !part.done; part = await lines.read()) printed += part.value;
      return JSON.parse(printed) as number[];
    },
  };
}

export function longest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

export function figure(what: string, ms: number, target: string): Figure {
  return { what, measured: `${ms.toFixed(1)} ms`, target };
}
