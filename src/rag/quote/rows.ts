/** Lines of a table, as the parsers write them, back to cells with the names of their columns. */

export type Cell = { name: string; text: string };

/** The name of a column: short, and before it the line's beginning or another cell's end. */
const NAMED = /(?:^|; )([^:;|]{1,60}): /g;

/** The cells of each line; a name counts only when most lines have it, since cells hold colons, too. */
export function cellsOf(lines: readonly string[]): Cell[][] {
  const counts = new Map<string, number>();
  for (const line of lines) {
    for (const name of new Set(namesIn(line))) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const isName = (name: string) => (counts.get(name) ?? 0) * 2 >= lines.length;
  return lines.map((line) =>
    line.includes(" | ") && namesIn(line).length < 2 ? unnamed(line) : named(line, isName),
  );
}

function namesIn(line: string): string[] {
  return [...line.matchAll(NAMED)].map(([, name]) => name ?? "");
}

function unnamed(line: string): Cell[] {
  return line.split(" | ").map((text) => ({ name: "", text: text.trim() }));
}

function named(line: string, isName: (name: string) => boolean): Cell[] {
  const starts = [...line.matchAll(NAMED)].filter(([, name]) => isName(name ?? ""));
  const first = starts[0]?.index ?? line.length;
  const cells: Cell[] = first > 0 ? [{ name: "", text: line.slice(0, first).trim() }] : [];
  for (const [place, start] of starts.entries()) {
    const from = start.index + start[0].length;
    const to = starts[place + 1]?.index ?? line.length;
    cells.push({ name: start[1] ?? "", text: line.slice(from, to).trim() });
  }
  return cells.filter(({ text }) => text !== "");
}
