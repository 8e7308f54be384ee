/** Comma, semicolon or tab separated values: every row becomes a line that names its columns. */
import { type CsvError, parse } from "csv-parse/sync";
import type { ParserInput } from "../format.ts";
import { delimiterOf, withoutDeclaration } from "../shared/delimiter.ts";
import { decodeDocument } from "../shared/encoding/decode.ts";
import { MOST_ROWS, malformed, resourceLimit } from "../shared/limits.ts";

const MOST_COLUMNS = 2_000;
/** The beginning of a larger file holds more rows than are read. */
const MOST_BYTES = 40 * 1024 * 1024;
const LONGEST_RECORD = 1024 * 1024;

export async function parseCsv({ bytes, filename, writer }: ParserInput): Promise<null> {
  const text = decodeDocument(bytes.subarray(0, MOST_BYTES)).text;
  const rows = readRows(withoutDeclaration(text), delimiterOf(text, filename));
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  if (columns > MOST_COLUMNS) {
    writer.warn(
      `The table has ${columns.toLocaleString("en")} columns: it is searched as text, in parts of a row, but cannot be counted or summed.`,
    );
  }
  if (rows.length > MOST_ROWS + 1) {
    writer.warn(`Only the first ${MOST_ROWS.toLocaleString("en")} rows are searchable.`);
  }
  const read = rows.slice(0, MOST_ROWS + 1);
  writer.table(
    { rows: read.map((row) => ({ cells: row.map((cell) => ({ text: cell })) })), habit: "usual" },
    null,
  );
  return null;
}

function readRows(text: string, delimiter: string): string[][] {
  try {
    return parse(text, {
      delimiter,
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      // Empty lines part a title from its table.
      skip_empty_lines: false,
      max_record_size: LONGEST_RECORD,
      to: MOST_ROWS + 2,
    });
  } catch (thrown) {
    if ((thrown as CsvError).code === "CSV_MAX_RECORD_SIZE") {
      throw resourceLimit("A row of the table is longer than 1 MB.");
    }
    throw malformed("The table cannot be read: its quotation marks do not match.", thrown);
  }
}
