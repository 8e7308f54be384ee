/** Runs dist/parley, which `bun run build` made, as on a machine that has nothing else of Parley. */
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const BINARY = join(import.meta.dir, "../../dist/parley");

export type Ran = { exitCode: number; stdout: string; stderr: string };

/** An empty machine: a folder to start in, a home and a folder for temporary files, all private and empty. */
export type EmptyMachine = {
  /** For `--data`. */
  data: string;
  run(...words: string[]): Promise<Ran>;
  /** Every file that now lies outside of the data directory. */
  strayFiles(): Promise<string[]>;
  remove(): Promise<void>;
};

export async function anEmptyMachine(binary = BINARY): Promise<EmptyMachine> {
  const root = await mkdtemp(join(tmpdir(), "parley-binary-"));
  const [cwd, home, temporary, data] = ["cwd", "home", "temporary", "data"].map((name) =>
    join(root, name),
  ) as [string, string, string, string];
  for (const directory of [cwd, home, temporary, data]) await mkdir(directory);
  return {
    data,
    async run(...words) {
      const child = Bun.spawn([binary, ...words], {
        cwd,
        // Nothing else of the environment: `CI`, for one, makes libraries behave.
        env: { HOME: home, TMPDIR: temporary },
        stdout: "pipe",
        stderr: "pipe",
      });
      const [stdout, stderr] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
      ]);
      return { exitCode: await child.exited, stdout, stderr };
    },
    async strayFiles() {
      const found = await Promise.all(
        [cwd, home, temporary].map((place) => readdir(place, { recursive: true })),
      );
      return found.flat();
    },
    remove: () => rm(root, { recursive: true }),
  };
}
