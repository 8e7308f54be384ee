/** Which tests there are, and which of them need more than this repository: by exclusion, so that none is forgotten. */
import { readdirSync } from "node:fs";
import { join } from "node:path";

const TESTS = join(import.meta.dir, "../tests");

/** They start the built binary, or look into it. */
const NEEDS_BUILD = ["build", "e2e", "fault", "http", "security"];
/** They drive Chromium. */
const NEEDS_BROWSER = /\.browser\.test\.ts$/;

/** All files of tests, from the repository's root. */
export function testFiles(): string[] {
  return readdirSync(TESTS, { recursive: true })
    .map((name) => `tests/${String(name).replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".test.ts"))
    .sort();
}

/** The ones that need neither a build nor a browser. */
export function quickTestFiles(): string[] {
  return testFiles().filter(
    (path) => !NEEDS_BROWSER.test(path) && !NEEDS_BUILD.some((folder) => path.startsWith(`tests/${folder}/`)),
  );
}
