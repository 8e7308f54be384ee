/** What the kernel counts of another process while something goes on: its memory, and how long which threads worked. */
import { readdirSync, readFileSync } from "node:fs";

export type ProcessSample = {
  at: number;
  residentBytes: number;
  /** Seconds of a core since the process began, by name of the thread, and `ALL` together. */
  cpuSeconds: ReadonlyMap<string, number>;
};

export const ALL = "all";

/** Of the kernel, for the counters in /proc/PID/stat. */
const TICKS_PER_SECOND = 100;
const EVERY_MS = 100;

/** Looks ten times a second until `stop`, which gives what was seen. */
export function watchProcess(pid: number): { stop(): ProcessSample[] } {
  const samples = [sampleOf(pid)];
  const timer = setInterval(() => samples.push(sampleOf(pid)), EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      samples.push(sampleOf(pid));
      return samples;
    },
  };
}

/** Seconds of a core between two samples, by name of the thread, most first; threads that ended meanwhile count as idle. */
export function workBetween(from: ProcessSample, to: ProcessSample): [thread: string, seconds: number][] {
  return [...to.cpuSeconds]
    .map(([name, seconds]): [string, number] => [name, seconds - (from.cpuSeconds.get(name) ?? 0)])
    .sort(([, left], [, right]) => right - left);
}

function sampleOf(pid: number): ProcessSample {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const residentBytes = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  const cpuSeconds = new Map<string, number>([[ALL, secondsOf(`/proc/${pid}/stat`).seconds]]);
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const { name, seconds } = secondsOf(`/proc/${pid}/task/${thread}/stat`);
    const shown = thread === String(pid) ? "main" : name;
    cpuSeconds.set(shown, (cpuSeconds.get(shown) ?? 0) + seconds);
  }
  return { at: Date.now(), residentBytes, cpuSeconds };
}

function secondsOf(path: string): { name: string; seconds: number } {
  try {
    const stat = readFileSync(path, "utf8");
    // The name may hold spaces and brackets; user and system time are the 12th and 13th words behind it.
    const end = stat.lastIndexOf(")");
    const words = stat.slice(end + 2).split(" ");
    const ticks = Number(words[11]) + Number(words[12]);
    return { name: stat.slice(stat.indexOf("(") + 1, end), seconds: ticks / TICKS_PER_SECOND };
  } catch {
    // It has ended since the list was read.
    return { name: "ended", seconds: 0 };
  }
}
