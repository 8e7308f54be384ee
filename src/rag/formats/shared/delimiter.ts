/** Enough lines to tell, and none of them need be read twice. */
const SAMPLE = 65_536;
const SAMPLE_LINES = 50;
/** Where several part the lines as evenly: a comma is also within numbers and sentences. */
const DELIMITERS = ["\t", ";", "|", ","];
/** A line that Excel writes and reads for itself. */
const DECLARATION = /^\ufeff?"?sep=(.)"?[ \t]*(?:\r\n|\r|\n)/i;

/** The separator that most of the first lines hold as often as each other; titles above a table hold none. */
export function delimiterOf(text: string, filename: string): string {
  const declared = DECLARATION.exec(text)?.[1];
  if (declared) return declared;
  if (/\.tsv$/i.test(filename)) return "\t";
  const lines = unquoted(text.slice(0, SAMPLE))
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== "")
    .slice(0, SAMPLE_LINES);
  let best = { delimiter: ",", lines: 0 };
  for (const delimiter of DELIMITERS) {
    const even = evenLines(lines.map((line) => line.split(delimiter).length - 1));
    if (even > best.lines) best = { delimiter, lines: even };
  }
  return best.delimiter;
}

/** The text without the line that only declares its separator. */
export function withoutDeclaration(text: string): string {
  return text.replace(DECLARATION, "");
}

/** How many lines hold the separator as often as most do that hold it. */
function evenLines(counts: readonly number[]): number {
  const lines = Map.groupBy(
    counts.filter((count) => count > 0),
    (count) => count,
  );
  return Math.max(0, ...[...lines.values()].map(({ length }) => length));
}

/** Quoted cells hold separators and line breaks of their own. */
function unquoted(text: string): string {
  return text.replace(/(^|[,;\t|])"(?:[^"]|"")*"(?=[,;\t|\r\n]|$)/gm, "$1");
}
