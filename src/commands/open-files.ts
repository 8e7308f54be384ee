/** How many files and connections this process may have open, and what that is too few for. */
import { readFileSync } from "node:fs";
import type { Log, Settings } from "../deps.ts";

/** The database, its threads, documents that are read, and visitors that come and go. */
const BESIDE = 500;

/** Warns when the limits that Parley was given promise more than the system lets it keep. */
export function warnOfFewOpenFiles(limits: Settings["limits"], log: Log): void {
  const most = openFilesLimit();
  // A chat is a connection, and so is an answer that a model writes.
  const needed = limits.sockets + limits.concurrentGenerations + BESIDE;
  if (most === null || most >= needed) return;
  const message = `The system lets Parley have ${most} files and connections open, but ${limits.sockets} chats need ${needed}. Raise it (LimitNOFILE=${needed} in the systemd unit, ulimit -n ${needed} in a shell), or lower max-sockets.`;
  log.warn("few-open-files", { most, needed, message });
}

/** Null where the system does not say so in this way, or sets no limit. */
function openFilesLimit(): number | null {
  if (process.platform !== "linux") return null;
  const soft = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
  return soft === undefined ? null : Number(soft);
}
