/** Tables of Word: cells merged both ways, and what their style sets off. */
import type { TableCell, TableRow } from "../shared/table/table.ts";
import type { Styles } from "./styles.ts";
import { child, elementsIn, isOn, settingOf, type XmlElement } from "./xml.ts";

/** What a cell says, in one line. */
export type CellText = { text: string; isBold: boolean };
type OpenCell = TableCell & { rowSpan: number };

/** Rows and cells may stand in content controls and marked changes. */
const WRAPPERS: ReadonlySet<string> = new Set(["w:sdt", "w:sdtContent", "w:ins", "w:moveTo", "w:customXml"]);

export function rowsOf(table: XmlElement): XmlElement[] {
  return within(table, "w:tr").filter((row) => child(row, "w:trPr", "w:del") === undefined);
}

export function cellsOf(row: XmlElement): XmlElement[] {
  return within(row, "w:tc").filter((cell) => child(cell, "w:tcPr", "w:cellDel") === undefined);
}

function within(parent: XmlElement, name: string): XmlElement[] {
  return elementsIn(parent).flatMap((element) => {
    if (element.name === name) return [element];
    return WRAPPERS.has(element.name) ? within(element, name) : [];
  });
}

export function tableRows(
  table: XmlElement,
  styles: Styles,
  read: (cell: XmlElement) => CellText,
): TableRow[] {
  const properties = child(table, "w:tblPr");
  const setsOff = (part: "firstRow" | "firstCol") =>
    looksAt(properties, part) && styles.setsOff(properties, part);
  const [hasFirstRow, hasFirstColumn] = [setsOff("firstRow"), setsOff("firstCol")];
  /** The cell that goes on downwards, by its first column. */
  const open = new Map<number, OpenCell>();
  return rowsOf(table).map((row, place) => {
    const cells: TableCell[] = [];
    const isHeader = isOn(child(row, "w:trPr"), "w:tblHeader") === true;
    let column = 0;
    const before = Number(settingOf(row, "w:trPr", "w:gridBefore") ?? 0);
    if (before > 0) cells.push({ text: "", columnSpan: before });
    column += before;
    for (const cell of cellsOf(row)) {
      const columnSpan = Number(settingOf(cell, "w:tcPr", "w:gridSpan") ?? 1) || 1;
      const merge = child(cell, "w:tcPr", "w:vMerge");
      const above = merge && merge.attributes["w:val"] !== "restart" ? open.get(column) : undefined;
      if (above) above.rowSpan++;
      else {
        const { text, isBold } = read(cell);
        const isSetOff = (hasFirstRow && place === 0) || (hasFirstColumn && column === 0);
        const written: OpenCell = { text, columnSpan, rowSpan: 1, isHeader, isBold: isBold || isSetOff };
        cells.push(written);
        if (merge) open.set(column, written);
        else open.delete(column);
      }
      column += columnSpan;
    }
    return { cells };
  });
}

/** A table may switch off parts of its style's look. */
function looksAt(properties: XmlElement | undefined, part: "firstRow" | "firstCol"): boolean {
  const look = child(properties, "w:tblLook")?.attributes ?? {};
  const named = look[part === "firstRow" ? "w:firstRow" : "w:firstColumn"];
  if (named !== undefined) return named === "1" || named === "true";
  const bits = Number.parseInt(look["w:val"] ?? "04A0", 16);
  return (bits & (part === "firstRow" ? 0x20 : 0x80)) !== 0;
}
