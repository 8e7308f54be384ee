/** A table as a document writes it, and as the rectangle that its reader sees. */

/** `columnSpan` and `rowSpan` are 1 when they are left out. `isHeader` and `isBold` are what the document says itself. */
export type TableCell = {
  text: string;
  columnSpan?: number;
  rowSpan?: number;
  isHeader?: boolean;
  isBold?: boolean;
};
/** The cells that the document writes: one that spans rows or columns stands once, where it begins. */
export type TableRow = { cells: readonly TableCell[]; page?: number | null };

/** What stands in a place. A cell that spans several is the same object in all of them. */
export type Cell = { text: string; columnSpan: number; rowSpan: number; isHeader: boolean; isBold: boolean };
/**
 * `written`: how many cells the document wrote there, without those that reach in from above. `isAfterBlank`: the row
 * before it said nothing.
 */
export type GridRow = { cells: Cell[]; page: number | null; written: number; isAfterBlank: boolean };

/** As in HTML's own rules. */
const WIDEST_SPAN = 1_000;
/** Spans that would make more than this are an attack or an accident: they count as none. */
const MOST_PLACES = 2_000_000;

const EMPTY: Cell = { text: "", columnSpan: 1, rowSpan: 1, isHeader: false, isBold: false };

/** Every row has all columns; a spanned value stands in every place that it spans. Rows without text are left out. */
export function toGrid(rows: readonly TableRow[]): GridRow[] {
  const filler = new Filler();
  const grid = rows.map((row, index) => filler.row(row, rows.length - index));
  const width = grid.reduce((most, { cells }) => Math.max(most, cells.length), 0);
  for (const { cells } of grid) while (cells.length < width) cells.push(EMPTY);
  for (const [place, row] of grid.entries()) row.isAfterBlank = place > 0 && isBlank(grid[place - 1]);
  return grid.filter((row) => !isBlank(row));
}

function isBlank(row: GridRow | undefined): boolean {
  return row?.cells.every(({ text }) => text === "") ?? false;
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** The different cells of a row, each once. */
export function distinctCells(cells: readonly Cell[]): Cell[] {
  return [...new Set(cells)].filter(({ text }) => text !== "");
}

/** Whether one text is all that a row of several columns says. */
export function isSpanned(cells: readonly Cell[]): boolean {
  return cells.length > 1 && cells.every((cell) => cell === cells[0]) && cells[0] !== EMPTY;
}

class Filler {
  /** Cells that reach down into the rows to come, by their column. */
  #hanging = new Map<number, { cell: Cell; rows: number }>();
  #places = 0;

  row({ cells, page }: TableRow, rowsLeft: number): GridRow {
    const filled: Cell[] = [];
    for (const written of cells) {
      this.#takeHanging(filled);
      this.#place(written, rowsLeft, filled);
    }
    this.#takeHanging(filled);
    for (const column of [...this.#hanging.keys()].sort((left, right) => left - right)) {
      while (filled.length < column) filled.push(EMPTY);
      this.#takeHanging(filled);
    }
    return { cells: filled, page: page ?? null, written: cells.length, isAfterBlank: false };
  }

  #place(written: TableCell, rowsLeft: number, filled: Cell[]): void {
    const cell = this.#cellOf(written, rowsLeft);
    for (let column = 0; column < cell.columnSpan; column++) {
      // What reaches down from above is not overwritten.
      if (column > 0 && this.#hanging.has(filled.length)) break;
      if (cell.rowSpan > 1) this.#hanging.set(filled.length, { cell, rows: cell.rowSpan });
      filled.push(cell);
      this.#countDown(filled.length - 1);
    }
  }

  #cellOf(written: TableCell, rowsLeft: number): Cell {
    const columnSpan = Math.min(Math.max(Math.floor(written.columnSpan ?? 1), 1), WIDEST_SPAN);
    const rowSpan = Math.min(Math.max(Math.floor(written.rowSpan ?? 1), 1), rowsLeft);
    this.#places += columnSpan * rowSpan;
    const isTooMany = this.#places > MOST_PLACES;
    return {
      text: oneLine(written.text),
      columnSpan: isTooMany ? 1 : columnSpan,
      rowSpan: isTooMany ? 1 : rowSpan,
      isHeader: written.isHeader ?? false,
      isBold: written.isBold ?? false,
    };
  }

  #takeHanging(filled: Cell[]): void {
    for (let above = this.#hanging.get(filled.length); above; above = this.#hanging.get(filled.length)) {
      filled.push(above.cell);
      this.#countDown(filled.length - 1);
    }
  }

  #countDown(column: number): void {
    const above = this.#hanging.get(column);
    if (above && --above.rows <= 0) this.#hanging.delete(column);
  }
}
