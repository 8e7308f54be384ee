/** Prints the longest files and functions' homes: a question to ask on review days, not a rule. */
import { Glob } from "bun";

const counts: { file: string; lines: number }[] = [];
for await (const file of new Glob("{src,web,widget,scripts,tests}/**/*.ts").scan()) {
  counts.push({ file, lines: (await Bun.file(file).text()).split("\n").length });
}
counts.sort((left, right) => right.lines - left.lines);
const total = counts.reduce((sum, { lines }) => sum + lines, 0);
console.log(`${counts.length} files, ${total} lines, median ${counts[counts.length >> 1]?.lines ?? 0}`);
for (const { file, lines } of counts.slice(0, 15)) console.log(String(lines).padStart(6), file);
