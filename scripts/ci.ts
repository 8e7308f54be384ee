/**
 * Everything that must hold before a change lands: what the tests need is installed, format, lint and types
 * are checked, the binary is built, and every test runs against it. The last line printed is
 * `N passed, N failed, N skipped`, counted from the runner's own reports.
 */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { BUN, runWhole, step } from "./run.ts";
import { addCounts, countsOf, NO_TESTS, type TestCounts } from "./test-report.ts";

const repository = join(import.meta.dir, "..");
const reports = join(repository, "tests/.output/reports");
process.chdir(repository);

await step("Installing packages", [BUN, "install", "--frozen-lockfile"]);
await step("Installing what the tests need", [BUN, "scripts/install-test-tools.ts"]);
await step("Format and lint", [BUN, "x", "biome", "check", "--error-on-warnings", "."]);
await step("Types", [BUN, "run", "typecheck"]);
await step("Building dist/parley", [BUN, "build.ts"]);

const { counts, allRan } = await runTests();
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 && counts.passed > 0 && allRan ? 0 : 1);

/**
 * One process a folder, as many at once as there are cores: a folder that crashes the runner cannot hide the
 * others, and files of one folder share the browser or servers that they start.
 */
async function runTests(): Promise<{ counts: TestCounts; allRan: boolean }> {
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const suites = testSuites();
  const results: { counts: TestCounts; ran: boolean }[] = [];
  const next = async (): Promise<void> => {
    for (let suite = suites.shift(); suite; suite = suites.shift()) results.push(await runSuite(suite));
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, next));
  return {
    counts: results.map((result) => result.counts).reduce(addCounts, NO_TESTS),
    allRan: results.every((result) => result.ran),
  };
}

async function runSuite(suite: string): Promise<{ counts: TestCounts; ran: boolean }> {
  const report = join(reports, `${suite.replaceAll("/", "-")}.xml`);
  const startedAt = performance.now();
  const code = await runWhole([
    BUN,
    "test",
    suite,
    "--timeout",
    "60000",
    "--reporter=junit",
    `--reporter-outfile=${report}`,
  ]);
  const counts = await countsOf(report);
  console.log(
    `\n› ${suite}: ${counts.passed} passed, ${counts.failed} failed, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
  );
  // A runner that ends badly without a failed test has crashed; that must not read as success.
  return { counts, ran: code === 0 || counts.failed > 0 };
}

/** The folders below tests that hold tests, the slowest first, and the single files beside them. */
function testSuites(): string[] {
  const slowest = ["e2e", "widget", "web", "fault", "http", "providers"];
  const rank = (name: string) => (slowest.includes(name) ? slowest.indexOf(name) : slowest.length);
  const folders = readdirSync(join(repository, "tests"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && hasTests(join(repository, "tests", entry.name)))
    .map((entry) => entry.name)
    .sort((left, right) => rank(left) - rank(right));
  const files = readdirSync(join(repository, "tests")).filter((name) => name.endsWith(".test.ts"));
  return [...folders.map((name) => `./tests/${name}/`), ...files.map((name) => `./tests/${name}`)];
}

function hasTests(folder: string): boolean {
  return readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith(".test.ts"));
}
