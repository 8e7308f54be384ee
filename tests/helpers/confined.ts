/** Programs with less than they usually have: fewer rights, a small disk, a disk that is read-only. On Linux. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Words that make rights of files count, also for tests that run as root. */
export function withoutPrivileges(): string[] {
  if (process.getuid?.() !== 0) return [];
  return ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"];
}

/** Words that make a folder read-only for the program behind them, whoever owns it. */
export function withReadOnly(folder: string): string[] {
  return withMount(`mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"`, folder);
}

/** From now on the program's files end at so many bytes: what is written beyond fails. Null lifts that. */
export async function limitFiles(pid: number, bytes: number | null): Promise<void> {
  await Bun.$`prlimit --pid ${pid} --fsize=${bytes ?? "unlimited"}:`;
}

function withMount(mount: string, folder: string): string[] {
  return ["unshare", "-rm", "sh", "-c", `${mount} && exec "$@"`, folder];
}

export type SmallDisk = {
  /** Where programs `within` find it. */
  path: string;
  /** Where everybody else does. */
  seenAs: string;
  /** Words in front of programs that shall have it. */
  within: string[];
  remove(): Promise<void>;
};

/** A disk in memory that only its own programs have, so that nobody needs to be root to make it. */
export async function smallDisk(megabytes: number): Promise<SmallDisk> {
  const path = await mkdtemp(join(tmpdir(), "parley-disk-"));
  const script = `mount -t tmpfs -o size=${megabytes}m none "$0" && echo mounted && exec cat`;
  const holder = Bun.spawn(["unshare", "-rm", "sh", "-c", script, path], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const { value } = await holder.stdout.getReader().read();
  if (value === undefined)
    throw new Error("No small disk could be made: unshare and mount have to be allowed.");
  return {
    path,
    seenAs: `/proc/${holder.pid}/root${path}`,
    within: ["nsenter", `--target=${holder.pid}`, "--user", "--preserve-credentials", "--mount", "--wd=/"],
    async remove() {
      holder.kill("SIGKILL");
      await holder.exited;
      await rm(path, { recursive: true, force: true });
    },
  };
}
