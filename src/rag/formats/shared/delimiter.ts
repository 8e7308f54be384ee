/** The separator that the first lines hold most evenly. */
export function delimiterOf(text: string, filename: string): string {
  if (/\.tsv$/i.test(filename)) return "\t";
  const lines = text
    .slice(0, 65_536)
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .slice(0, 10);
  const declared = /^sep=(.)$/.exec(lines[0] ?? "")?.[1];
  if (declared) return declared;
  let best = { delimiter: ",", columns: 0 };
  for (const delimiter of [",", ";", "\t", "|"]) {
    const columns = Math.min(...lines.map((line) => unquoted(line).split(delimiter).length - 1));
    if (columns > best.columns) best = { delimiter, columns };
  }
  return best.delimiter;
}

function unquoted(line: string): string {
  return line.replace(/"[^"]*"/g, "");
}
