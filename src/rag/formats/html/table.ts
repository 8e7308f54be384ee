/** Tables of a page: which of them hold data, and their cells. */
import type { TableRow, TableSource } from "../shared/table/table.ts";
import { attribute, childrenNamed, type Element, elementsIn, elementsNamed, holds } from "./dom.ts";

const HEADINGS: ReadonlySet<string> = new Set(["h1", "h2", "h3", "h4", "h5", "h6"]);
const PARTS: ReadonlySet<string> = new Set([
  "table",
  "section",
  "article",
  "p",
  "ul",
  "ol",
  "div",
  ...HEADINGS,
]);
const BOLD: ReadonlySet<string> = new Set(["b", "strong"]);
/** A cell of so many characters in parts of its own is a column of the page. */
const LONGEST_CELL = 500;

type TextOf = (element: Element) => string;

/** A table that only lays out the page has one row or column, or whole parts of the page in its cells. */
export function isDataTable(table: Element, textOf: TextOf): boolean {
  const rows = rowsOf(table);
  const role = attribute(table, "role");
  if (role === "presentation" || role === "none") return false;
  if (!rows.some((row) => cellsOf(row).length > 1)) return false;
  if (childrenNamed(table, "caption", "thead").length > 0 || holds(table, new Set(["th"]))) return true;
  return rows.length > 1 && !rows.some((row) => laysOut(row, textOf));
}

function laysOut(row: Element, textOf: TextOf): boolean {
  const cells = cellsOf(row);
  const titled = cells.filter((cell) => elementsIn(cell).length > 1 && holds(cell, HEADINGS));
  return titled.length > 1 || cells.some((cell) => holds(cell, PARTS) && textOf(cell).length > LONGEST_CELL);
}

export function tableOf(table: Element, textOf: TextOf): TableSource {
  const captions = childrenNamed(table, "caption").map(textOf);
  const rows = rowsOf(table).map((row) => toRow(row, textOf));
  return { rows, habit: "unknown", title: captions.join(" ") };
}

function toRow(row: Element, textOf: TextOf): TableRow {
  const isInHead =
    row.parentNode !== null && "tagName" in row.parentNode && row.parentNode.tagName === "thead";
  return {
    cells: cellsOf(row).map((cell) => ({
      text: textOf(cell),
      columnSpan: span(cell, "colspan"),
      rowSpan: span(cell, "rowspan"),
      isHeader: isInHead || cell.tagName === "th",
      isBold: isBold(cell, textOf),
    })),
  };
}

/** Zero means all rows that are left. */
function span(cell: Element, name: string): number {
  const value = Number.parseInt(attribute(cell, name) ?? "1", 10);
  return value === 0 && name === "rowspan" ? Number.MAX_SAFE_INTEGER : value || 1;
}

function isBold(cell: Element, textOf: TextOf): boolean {
  if (/font-weight\s*:\s*(?:bold|[6-9]00)/i.test(attribute(cell, "style") ?? "")) return true;
  const bold = elementsNamed(cell, BOLD).map(textOf).join("").replace(/\s+/g, "");
  return bold !== "" && bold === textOf(cell).replace(/\s+/g, "");
}

function rowsOf(table: Element): Element[] {
  return elementsIn(table).flatMap((child) => {
    if (child.tagName === "tr") return [child];
    return /^t(head|body|foot)$/.test(child.tagName) ? childrenNamed(child, "tr") : [];
  });
}

function cellsOf(row: Element): Element[] {
  return childrenNamed(row, "td", "th");
}
