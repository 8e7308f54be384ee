/** Installs, builds the binary and starts it: from a clone to the first page in one command. */
import { join } from "node:path";
import { BUN, run, step } from "./run.ts";

const repository = join(import.meta.dir, "..");
process.chdir(repository);

await step("Installing packages", [BUN, "install", "--frozen-lockfile"]);
await step("Building dist/parley", [BUN, "build.ts"]);
console.log("");
const onDesktop = process.platform !== "linux" || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
const binary = join(repository, "dist", process.platform === "win32" ? "parley.exe" : "parley");
process.exit(await run([binary, "serve", ...(onDesktop ? ["--open"] : []), ...process.argv.slice(2)]));
