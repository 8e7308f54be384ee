/** Prints the longest files and functions: a question to ask on review days, not a rule. */
import { Glob } from "bun";
import { functionLengths } from "./function-lengths.ts";

/** A function that is longer says why, or is made shorter. */
const LONG_FUNCTION = 60;

const files: { place: string; lines: number }[] = [];
const functions: { place: string; lines: number }[] = [];
for await (const file of new Glob("{src,web,widget,scripts,tests}/**/*.ts").scan()) {
  const source = await Bun.file(file).text();
  files.push({ place: file, lines: source.split("\n").length });
  // A test's callbacks are as long as what they tell.
  if (file.startsWith("tests/")) continue;
  for (const { name, line, lines } of functionLengths(source))
    functions.push({ place: `${file}:${line} ${name}`, lines });
}
const total = files.reduce((sum, { lines }) => sum + lines, 0);
const long = functions.filter(({ lines }) => lines > LONG_FUNCTION);
console.log(
  `${files.length} files, ${total} lines, median ${longestFirst(files)[files.length >> 1]?.lines ?? 0}`,
);
print(longestFirst(files).slice(0, 15));
console.log(
  `${functions.length} functions outside tests, ${long.length} of more than ${LONG_FUNCTION} lines`,
);
print(longestFirst(long));

function longestFirst(measured: typeof files): typeof files {
  return measured.toSorted((left, right) => right.lines - left.lines);
}

function print(measured: typeof files): void {
  for (const { place, lines } of measured) console.log(String(lines).padStart(6), place);
}
