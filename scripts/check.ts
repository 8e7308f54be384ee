/** What to run before a commit: format, lint, types and the tests that need neither a build nor a browser. */
import { join } from "node:path";
import { BUN, step } from "./run.ts";
import { quickTestFiles } from "./test-files.ts";

process.chdir(join(import.meta.dir, ".."));
await step("Format and lint", [BUN, "x", "biome", "check", "--error-on-warnings", "."]);
await step("Types", [BUN, "run", "typecheck"]);
const tests = quickTestFiles().map((path) => `./${path}`);
await step(`Tests: ${tests.length} files`, [BUN, "test", "--timeout", "60000", ...tests]);
