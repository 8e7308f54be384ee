/** Counting from the runner's own report. */

export type TestCounts = { passed: number; failed: number; skipped: number };

export const NO_TESTS: TestCounts = { passed: 0, failed: 0, skipped: 0 };

export function addCounts(left: TestCounts, right: TestCounts): TestCounts {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
  };
}

/** Reads a JUnit report. No report means that the runner died: one failure. */
export async function countsOf(reportPath: string): Promise<TestCounts> {
  const file = Bun.file(reportPath);
  if (!(await file.exists())) return { passed: 0, failed: 1, skipped: 0 };
  return countsIn(await file.text());
}

/** The totals of the root element, which the runner writes itself. */
export function countsIn(xml: string): TestCounts {
  const root = /<testsuites\b[^>]*>/.exec(xml)?.[0] ?? "";
  const total = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(root)?.[1] ?? 0);
  const failed = total("failures") + total("errors");
  const skipped = total("skipped");
  return { passed: Math.max(0, total("tests") - failed - skipped), failed, skipped };
}
