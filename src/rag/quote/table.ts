/** Rows of a table, quoted as a small table of the columns that were asked for. */

import type { Scored } from "./choose.ts";
import type { Cell } from "./rows.ts";
import { wordsOf } from "./units.ts";

const MOST_WORDS = 60;
/** With more, columns that nobody asked for are left out, but for the first, which names the row. */
const FEW_WORDS = 25;
const MOST_COLUMNS = 6;

/** Markdown; the citation stands in the last cell. */
export function quoteRows(rows: readonly Scored[], cite: string, isAsked: (column: Cell) => boolean): string {
  const all = [...new Set(rows.flatMap(({ unit }) => unit.cells.map(({ name }) => name)))];
  if (all.length < 2 || all.includes("")) return rows.map(({ unit }) => `${unit.text} ${cite}`).join("\n");
  const names = fitting(all, rows, isAsked);
  const body = rows.map(({ unit }) =>
    names.map((name) => unit.cells.find((cell) => cell.name === name)?.text ?? ""),
  );
  const lines = [names, names.map(() => "---"), ...body].map((cells) => cells.map(escaped).join(" | "));
  return `| ${lines.join(" |\n| ")} ${cite} |`;
}

/** The first column, those that were asked for, and the others as long as all is few words. */
function fitting(
  all: readonly string[],
  rows: readonly Scored[],
  isAsked: (column: Cell) => boolean,
): string[] {
  const cells = rows.flatMap(({ unit }) => unit.cells);
  const cost = (name: string) =>
    wordsOf(name) + cells.reduce((sum, cell) => (cell.name === name ? sum + wordsOf(cell.text) : sum), 0);
  const asked = (name: string) => cells.some((cell) => cell.name === name && isAsked(cell));
  const [first = "", ...rest] = all;
  const inOrder = [first, ...rest.filter(asked), ...rest.filter((name) => !asked(name))];
  const chosen = new Set<string>();
  let words = 0;
  for (const name of inOrder) {
    const most = chosen.size >= MOST_COLUMNS ? 0 : asked(name) ? MOST_WORDS : FEW_WORDS;
    // A name alone is no answer.
    if (chosen.size >= 2 && words + cost(name) > most) continue;
    chosen.add(name);
    words += cost(name);
  }
  return all.filter((name) => chosen.has(name));
}

/** A bar would end the cell. */
function escaped(text: string): string {
  return text.replaceAll("|", "\\|");
}
