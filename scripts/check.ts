/** What to run before a commit: format, lint, types and the tests that need neither a build nor a browser. */
import { join } from "node:path";
import { BUN, step } from "./run.ts";

process.chdir(join(import.meta.dir, ".."));
await step("Format and lint", [BUN, "x", "biome", "check", "--error-on-warnings", "."]);
await step("Types", [BUN, "run", "typecheck"]);
await step("Tests", [
  BUN,
  "test",
  "tests/domain",
  "tests/rag",
  "tests/services",
  "tests/store",
  "tests/secrets",
  "tests/providers",
  "tests/egress",
  "tests/architecture.test.ts",
]);
