/** Golden questions as files: JSON Lines, or a table as spreadsheets write it. */
import { parse } from "csv-parse/sync";
import { FORMULA, textCell } from "./csv.ts";
import { delimiterOf } from "./formats/shared/delimiter.ts";
import { decodeText } from "./formats/shared/encoding/decode.ts";

/** A source that answers, by its title or file name, and what its passage must contain. */
export type NamedSource = { name: string; passage: string | null };
export type FileQuestion = { text: string; relevant: NamedSource[] };
export type QuestionLine = FileQuestion & { line: number };
export type LineProblem = { line: number; message: string };
export type QuestionFormat = "csv" | "jsonl";

/** Between several sources in one cell. */
const SEPARATOR = "|";

/** The questions of a file and what is wrong with it, by line. Never throws. */
export function readQuestions(bytes: Uint8Array): { questions: QuestionLine[]; problems: LineProblem[] } {
  const { text } = decodeText(bytes);
  const read = /^\uFEFF?\s*\{/.test(text) ? readJsonLines(text) : readTable(text);
  return {
    questions: read.flatMap((each) => ("text" in each ? [each] : [])),
    problems: read.flatMap((each) => ("message" in each ? [each] : [])),
  };
}

export function writeQuestions(questions: readonly FileQuestion[], format: QuestionFormat): string {
  if (format === "jsonl") return questions.map((each) => `${JSON.stringify(toJson(each))}\n`).join("");
  const rows = questions.map(({ text, relevant }) => [
    text,
    relevant.map(({ name }) => name).join(` ${SEPARATOR} `),
    relevant.some(({ passage }) => passage !== null)
      ? relevant.map(({ passage }) => passage ?? "").join(` ${SEPARATOR} `)
      : "",
  ]);
  return [["text", "relevant", "passage"], ...rows]
    .map((row) => `${row.map(textCell).join(",")}\r\n`)
    .join("");
}

function toJson({ text, relevant }: FileQuestion) {
  return {
    text,
    relevant: relevant.map(({ name, passage }) => (passage === null ? name : { source: name, passage })),
  };
}

function fromCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}

function readJsonLines(text: string): (QuestionLine | LineProblem)[] {
  return text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .flatMap((content, index) => (content.trim() === "" ? [] : [readJson(content, index + 1)]));
}

function readJson(content: string, line: number): QuestionLine | LineProblem {
  try {
    const value: unknown = JSON.parse(content);
    const { text, relevant } = (value ?? {}) as { text?: unknown; relevant?: unknown };
    if (typeof text === "string" && Array.isArray(relevant)) {
      const sources = relevant.map(toNamedSource);
      const named = sources.flatMap((source) => source ?? []);
      if (named.length === sources.length) return { line, text, relevant: named };
    }
  } catch {
    // Said below, with the form that it should have.
  }
  return { line, message: 'It must be {"text": "…", "relevant": ["title or file name", …]}.' };
}

function toNamedSource(value: unknown): NamedSource | null {
  if (typeof value === "string") return { name: value, passage: null };
  const { source, passage = null } = (value ?? {}) as { source?: unknown; passage?: unknown };
  if (typeof source !== "string" || (passage !== null && typeof passage !== "string")) return null;
  return { name: source, passage };
}

type CsvRow = { record: string[]; info: { lines: number } };

function readTable(text: string): (QuestionLine | LineProblem)[] {
  let rows: CsvRow[];
  try {
    rows = parse(text, {
      ...{ delimiter: delimiterOf(text, ""), bom: true, info: true, trim: true },
      ...{ relax_column_count: true, skip_empty_lines: true },
    }) as unknown as CsvRow[];
  } catch (thrown) {
    const line = (thrown as { lines?: number }).lines ?? 1;
    return [{ line, message: "The table cannot be read from here on: its quotation marks do not match." }];
  }
  const head = (rows[0]?.record ?? []).map((cell) => cell.toLowerCase());
  if (!head.includes("text") || !head.includes("relevant")) {
    const message = "The first line must name the columns “text” and “relevant”, and may name “passage”.";
    return [{ line: 1, message }];
  }
  return rows.slice(1).map(({ record, info }) => {
    const cell = (column: string) => fromCell(record[head.indexOf(column)] ?? "");
    return toQuestion(info.lines, cell("text"), split(cell("relevant")), cell("passage"));
  });
}

/** Passages stand in the order of the sources; one alone is for all of them. */
function toQuestion(
  line: number,
  text: string,
  names: string[],
  passageCell: string,
): QuestionLine | LineProblem {
  const passages = passageCell === "" ? [] : passageCell.split(SEPARATOR).map((part) => part.trim());
  if (passages.length > 1 && passages.length !== names.length) {
    return { line, message: `It names ${names.length} sources and ${passages.length} passages.` };
  }
  const passageOf = (index: number) => (passages.length === 1 ? passages[0] : passages[index]) || null;
  return { line, text, relevant: names.map((name, index) => ({ name, passage: passageOf(index) })) };
}

function split(cell: string): string[] {
  return cell
    .split(SEPARATOR)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
