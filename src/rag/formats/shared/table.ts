/** Tables as text in which every row can stand alone: "City: Zurich; Hotel limit: 190 euros". */

/** Rows of cells to lines. The first row names the columns when it looks like it or `hasHeader` says so. */
export function tableLines(rows: readonly string[][], hasHeader: boolean | "unknown"): string[] {
  const cells = rows.map((row) => row.map(oneLine)).filter((row) => row.some((cell) => cell !== ""));
  const [first, ...rest] = cells;
  if (!first) return [];
  const named = hasHeader === true || (hasHeader === "unknown" && looksLikeHeader(first, rest));
  if (!named || rest.length === 0) return cells.map((row) => row.filter((cell) => cell !== "").join(" | "));
  return rest.map((row) => rowLine(first, row)).filter((line) => line !== "");
}

/** One row with the names of its columns; empty cells are left out. */
export function rowLine(header: readonly string[], row: readonly string[]): string {
  return row
    .map((cell, column) => {
      const name = header[column] ?? "";
      if (cell === "") return "";
      return name === "" || name === cell ? cell : `${name}: ${cell}`;
    })
    .filter((cell) => cell !== "")
    .join("; ");
}

export function oneLine(cell: string): string {
  return cell.replace(/\s+/g, " ").trim();
}

/** Names are short, all there, all different, and no numbers. */
function looksLikeHeader(first: readonly string[], rest: readonly string[][]): boolean {
  if (rest.length === 0 || first.length < 2) return false;
  const distinct = new Set(first.map((cell) => cell.toLowerCase()));
  return (
    first.every(
      (cell, column) => (cell !== "" || column === 0) && cell.length <= 60 && !/^[\d.,€$%\s-]+$/.test(cell),
    ) && distinct.size === first.length
  );
}
