/** What a look-up gave, as an answer: the admin's own sentence, or a small table. */
import {
  type CatalogueTool,
  type CellValue,
  type ToolArguments,
  type ToolTable,
  withLabels,
} from "../../domain/tool.ts";
import { lookupSayings } from "./sayings.ts";

/** A chat is no spreadsheet; the citation has more of them. */
const MOST_ROWS = 10;
const NAMES = /\{([^{}]+)\}/g;
const NO_VALUE = "–";

/**
 * Markdown that ends in its citation.
 *
 * @param given what was looked up, without what is bound to the visitor
 * @param language ISO 639-3, of Parley's own words
 */
export function lookupAnswer(
  tool: Pick<CatalogueTool, "label" | "parameters" | "answerTemplate" | "emptyTemplate">,
  given: ToolArguments,
  table: ToolTable,
  n: number,
  language: string,
): string {
  const cite = `[${n}]`;
  const values = withLabels(tool.parameters, given);
  const [first, ...others] = table.rows;
  if (first === undefined) {
    const sentence = tool.emptyTemplate === null ? null : filled(tool.emptyTemplate, values, table, []);
    return `${sentence ?? lookupSayings(language).nothing(inWords(tool, given))} ${cite}`;
  }
  if (others.length > 0 || table.truncated) return `${asTable(tool.label, table, language)} ${cite}`;
  if (tool.answerTemplate !== null) return `${filled(tool.answerTemplate, values, table, first)} ${cite}`;
  const lines = table.columns.map(
    ({ label, unit }, place) => `**${escaped(label)}:** ${withUnit(first[place] ?? null, unit)}`,
  );
  return `${lines.join("  \n")} ${cite}`;
}

/** A look-up as people say it: "Stock in a city: Laptop, Berlin". */
export function inWords(
  { label, parameters }: Pick<CatalogueTool, "label" | "parameters">,
  values: ToolArguments,
): string {
  const told = Object.values(withLabels(parameters, values)).filter(
    (value) => value !== null && value !== "",
  );
  return told.length === 0 ? label : `${label}: ${told.map(String).join(", ")}`;
}

/** A column of this name comes before a parameter of it. What is neither stays as it stands. */
function filled(
  template: string,
  values: ToolArguments,
  { columns }: ToolTable,
  row: readonly CellValue[],
): string {
  return template.replace(NAMES, (whole, name: string) => {
    const place = columns.findIndex((column) => column.name === name);
    if (place >= 0 && place < row.length) return shown(row[place] ?? null);
    return Object.hasOwn(values, name) ? shown(toCell(values[name])) : whole;
  });
}

function toCell(value: ToolArguments[string] | undefined): CellValue {
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? value.join(", ") : value;
}

function asTable(label: string, { columns, rows, truncated }: ToolTable, language: string): string {
  const body = rows
    .slice(0, MOST_ROWS)
    .map((row) => columns.map(({ unit }, place) => withUnit(row[place] ?? null, unit)));
  const lines = [columns.map((column) => escaped(column.label)), columns.map(() => "---"), ...body];
  const isCut = truncated || rows.length > MOST_ROWS;
  const note = isCut ? `\n\n${lookupSayings(language).more(body.length)}` : "\n\n";
  return `**${escaped(label)}**\n\n${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}${note}`;
}

function withUnit(value: CellValue, unit: string | null): string {
  return value === null || unit === null ? shown(value) : `${shown(value)} ${escaped(unit)}`;
}

function shown(value: CellValue): string {
  if (value === null || value === "") return NO_VALUE;
  return typeof value === "string" ? escaped(value) : String(value);
}

/** A value is what a database says and never how the chat looks. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]|<>#~]/g, String.raw`\$&`).replace(/\s*\n\s*/g, " ");
}
