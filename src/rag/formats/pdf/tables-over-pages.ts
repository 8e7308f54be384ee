/** Tables that go on over the page are one, whether or not their names are said again. */
import type { BlockWriter } from "../shared/block-writer.ts";
import type { TableCell, TableRow } from "../shared/table/table.ts";
import type { PdfTable } from "./tables.ts";

/** Points by which the columns of one table may differ from page to page. */
const SAME_EDGE = 12;

export class TablesOverPages {
  #rows: TableRow[] = [];
  #table: PdfTable | null = null;
  #firstPage = 0;
  #lastPage = 0;

  constructor(
    readonly writer: BlockWriter,
    readonly settle: (text: string) => string,
  ) {}

  /** `isFirst` of its page: nothing parts it from the one that ended the page before. */
  take(table: PdfTable, page: number, isFirst: boolean): void {
    const goesOn = isFirst && page === this.#lastPage + 1 && this.#table && isAlike(this.#table, table);
    if (!goesOn) {
      this.end();
      this.#firstPage = page;
    }
    this.#rows.push(...tableRows(table, page, this.settle));
    this.#table = table;
    this.#lastPage = page;
  }

  /** Whatever comes is no part of the table. */
  end(): void {
    if (this.#table) this.writer.table({ rows: this.#rows, habit: "unknown" }, this.#firstPage);
    this.#rows = [];
    this.#table = null;
  }
}

/** As many columns at the same places; where a page's text is narrower, the ends may differ. */
function isAlike(above: PdfTable, below: PdfTable): boolean {
  if (above.columns !== below.columns) return false;
  const inner = above.edges.slice(1, -1);
  return inner.every((edge, index) => {
    const other = below.edges[index + 1] ?? 0;
    // Strips reach as far as the words of their page leave them room.
    return (
      Math.abs(edge - other) < SAME_EDGE * 2 || Math.abs((above.edges[0] ?? 0) - (below.edges[0] ?? 0)) < 2
    );
  });
}

/** Cells in order, empty ones too; what a cell from above takes is left out. */
function tableRows(table: PdfTable, page: number, settle: (text: string) => string): TableRow[] {
  const taken = new Set<string>();
  return table.rows.map((row, index) => {
    const cells: TableCell[] = [];
    for (let column = 0; column < table.columns; column++) {
      if (taken.has(`${index} ${column}`)) continue;
      const cell = row.find((each) => each.column === column);
      if (!cell) {
        cells.push({ text: "" });
        continue;
      }
      for (let down = 0; down < cell.rows; down++) {
        for (let along = 0; along < cell.columns; along++) taken.add(`${index + down} ${column + along}`);
      }
      const { text, columns, rows, isBold } = cell;
      cells.push({ text: settle(text), columnSpan: columns, rowSpan: rows, isBold });
    }
    return { cells, page };
  });
}
