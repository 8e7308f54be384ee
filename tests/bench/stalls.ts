/** How long the main thread of this process is held up while something else goes on. */
import { existsSync, readFileSync } from "node:fs";

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

export function longest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

/** Milliseconds that a core has worked for this thread so far; 0 where the kernel does not say. */
function threadWorkMs(): number {
  if (!existsSync(SCHEDULE)) return 0;
  return Number(readFileSync(SCHEDULE, "utf8").split(" ")[0]) / 1e6;
}
