/** Rows of a table, quoted as a small table of the columns that were asked for. */
import { sentencesOf } from "../sentences.ts";
import type { Scored } from "./choose.ts";
import type { Cell } from "./rows.ts";
import { wordsOf } from "./units.ts";

const MOST_WORDS = 60;
/** With more, columns that nobody asked for are left out, but for the first, which names the row. */
const FEW_WORDS = 25;
const MOST_COLUMNS = 6;
/** Of a cell with more, the sentences that were asked for are shown, as many as fit. */
const LONG_CELL = 30;

/** Markdown; the citation stands in the last cell. */
export function quoteRows(rows: readonly Scored[], cite: string, isAsked: (column: Cell) => boolean): string {
  const all = [...new Set(rows.flatMap(({ unit }) => unit.cells.map(({ name }) => name)))];
  // What names the row may have no name itself, as where years stand over numbers.
  const isNamed = all.slice(1).every((name) => name !== "");
  if (all.length < 2 || !isNamed) return rows.map(({ unit }) => `${unit.text} ${cite}`).join("\n");
  const shown = rows.map(({ unit }) => unit.cells.map((cell) => ({ ...cell, text: gist(cell, isAsked) })));
  const names = fitting(all, shown.flat(), isAsked);
  const body = shown.map((cells) =>
    names.map((name) => cells.find((cell) => cell.name === name)?.text ?? ""),
  );
  const lines = [names, names.map(() => "---"), ...body].map((cells) => cells.map(escaped).join(" | "));
  return `| ${lines.join(" |\n| ")} ${cite} |`;
}

/** The first column, those that were asked for, and the others as long as all is few words. */
function fitting(
  all: readonly string[],
  cells: readonly Cell[],
  isAsked: (column: Cell) => boolean,
): string[] {
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

/** Whole sentences of a long cell: those that bear on the question, or else the first. */
function gist({ text }: Cell, isAsked: (column: Cell) => boolean): string {
  if (wordsOf(text) <= LONG_CELL) return text;
  const sentences = sentencesOf(text);
  const asked = sentences.filter((sentence) => isAsked({ name: "", text: sentence }));
  const [first = "", ...rest] = asked.length > 0 ? asked : sentences;
  let words = wordsOf(first);
  const further = rest.filter((sentence) => {
    words += wordsOf(sentence);
    return words <= LONG_CELL;
  });
  return [first, ...further].join(" ");
}

/** A bar would end the cell. */
function escaped(text: string): string {
  return text.replaceAll("|", "\\|");
}
