/** Runs one program after another, showing what they print, and stops at the first that fails. */

/** @returns the exit code; what the program prints goes straight through */
export async function run(
  command: readonly string[],
  environment: Record<string, string> = {},
): Promise<number> {
  const child = Bun.spawn([...command], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...environment },
  });
  return child.exited;
}

/**
 * Like `run`, and ends whatever the program has started and left running: a failed test never comes to its clean-up, and
 * Bun's test runner tells no test that it ends.
 */
export async function runWhole(command: readonly string[]): Promise<number> {
  const child = Bun.spawn([...command], {
    stdio: ["ignore", "inherit", "inherit"],
    env: process.env,
    // A group of its own, which is what a signal then reaches.
    detached: true,
  });
  const endGroup = () => {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch (thrown) {
      // Nobody is left in it, as it should be.
      if (!(thrown instanceof Error) || !("code" in thrown) || thrown.code !== "ESRCH") throw thrown;
    }
  };
  process.once("exit", endGroup);
  const code = await child.exited;
  process.off("exit", endGroup);
  endGroup();
  return code;
}

/** Like `run`, but says what is being done first and ends this process with the program's code when it fails. */
export async function step(
  title: string,
  command: readonly string[],
  environment?: Record<string, string>,
): Promise<void> {
  console.log(`\n› ${title}`);
  const startedAt = performance.now();
  const code = await run(command, environment);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (code === 0) return console.log(`  ${seconds} s`);
  console.error(`  failed after ${seconds} s with exit code ${code}: ${command.join(" ")}`);
  process.exit(code);
}

/** This very Bun, whether it was installed or came through npx. */
export const BUN = process.execPath;
