/** Comma, semicolon or tab separated values: every row becomes a line that names its columns. */
import { type CsvError, parse } from "csv-parse/sync";
import type { ParserInput } from "../format.ts";
import { decodeText } from "../shared/decode.ts";
import { delimiterOf } from "../shared/delimiter.ts";
import { MOST_ROWS, malformed, resourceLimit } from "../shared/limits.ts";
import { oneLine, tableLines } from "../shared/table.ts";

const MOST_COLUMNS = 2_000;
/** The beginning of a larger file holds more rows than are read. */
const MOST_BYTES = 40 * 1024 * 1024;
const LONGEST_RECORD = 1024 * 1024;

export async function parseCsv({ bytes, filename, writer }: ParserInput): Promise<null> {
  const text = decodeText(bytes.subarray(0, MOST_BYTES)).text;
  const rows = readRows(text, delimiterOf(text, filename));
  if ((rows[0]?.length ?? 0) > MOST_COLUMNS) {
    throw resourceLimit(`The table has more than ${MOST_COLUMNS.toLocaleString("en")} columns.`);
  }
  if (rows.length > MOST_ROWS + 1) {
    writer.warn(`Only the first ${MOST_ROWS.toLocaleString("en")} rows are searchable.`);
  }
  const named = rows.slice(0, MOST_ROWS + 1).map((row) => row.map(oneLine));
  writer.block("table", tableLines(named, hasHeader(named)).join("\n"), null);
  return null;
}

function readRows(text: string, delimiter: string): string[][] {
  try {
    return parse(text, {
      delimiter,
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
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

/** Almost every table of this kind names its columns; one whose first row holds a number does not. */
function hasHeader(rows: readonly string[][]): boolean {
  const first = rows[0] ?? [];
  return rows.length > 1 && first.every((cell) => !/^[-+]?[\d.,]+$/.test(cell));
}
