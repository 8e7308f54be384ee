import { describe, expect, test } from "bun:test";
import { functionLengths } from "../../scripts/function-lengths.ts";

const measured = (source: string) =>
  functionLengths(source).map(({ name, line, lines }) => [name, line, lines]);

describe("the length of functions", () => {
  test("is counted from the first line to the brace that closes it, blank lines and inner ones included", () => {
    expect(
      measured(`export function outer(): void {
  const inner = (a: number) => {
    if (a) {
      call(a);
    }
  };

  call(\`
    }
  \`);
}
`),
    ).toEqual([
      ["outer", 1, 11],
      ["inner", 2, 5],
    ]);
  });

  test("is found behind parameters and answers of several lines", () => {
    expect(
      measured(`function Row({
  a,
  b,
}: Props) {
  return a;
}

async function read(
  path: string,
): Promise<{
  text: string;
}> {
  return read(path);
}
`),
    ).toEqual([
      ["Row", 1, 6],
      ["read", 8, 7],
    ]);
  });

  test("counts methods and accessors, and neither calls nor statements nor types", () => {
    expect(
      measured(`class A {
  #b(c: number): number {
    return c;
  }

  get d() {
    return 1;
  }
}
type F = {
  g(h: number): void;
};
if (x) {
  y(
    z,
  );
}
const value = one({
  two: 3,
});
`),
    ).toEqual([
      ["#b", 2, 3],
      ["d", 6, 3],
    ]);
  });
});
