/**
 * How much of real documents Parley reads, against other readers: `bun run bench reading FOLDER …`. Every file of the
 * folders is read in this process as the parser child would; one line a file goes to tests/.output/reading.tsv.
 */
import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { AppError } from "../../../src/errors.ts";
import { chunkDocument } from "../../../src/rag/chunk.ts";
import { detectFormat } from "../../../src/rag/formats/detect.ts";
import { parseDocument } from "../../../src/rag/formats/parse.ts";
import { type Figure, median } from "../figure.ts";
import { referencesFor } from "./references.ts";
import { type Difference, difference } from "./words.ts";

type FileReading = Partial<Difference> & {
  path: string;
  format: string;
  /** The code of the error where it failed. */
  failed: string | null;
  /** Whether a reference finds text that Parley did not. */
  isWronglyEmpty: boolean;
  ms: number;
  pages: number;
};

const OUTPUT = join(import.meta.dir, "../../.output");
/** Fewer words say nothing about shares. */
const ENOUGH_WORDS = 20;
const SLOW_MS = 10_000;
const EMPTY_CODES = new Set(["EMPTY_DOCUMENT", "NO_TEXT_LAYER"]);
const WORST_SHOWN = 15;

export async function benchReading(folders: readonly string[]): Promise<Figure[]> {
  if (folders.length === 0) throw new Error("Say which folders: bun run bench reading FOLDER …");
  const readings: FileReading[] = [];
  for (const folder of folders) {
    for await (const name of new Bun.Glob("**/*").scan({ cwd: folder, onlyFiles: true })) {
      const reading = await readFile(join(folder, name));
      if (reading) readings.push(reading);
    }
  }
  await writeTable(readings);
  showWorst(readings);
  const formats = [...new Set(readings.map(({ format }) => format))].sort();
  return formats.flatMap((format) =>
    figuresOf(
      format,
      readings.filter((each) => each.format === format),
    ),
  );
}

/** Null for what Parley does not read. */
async function readFile(path: string): Promise<FileReading | null> {
  const bytes = new Uint8Array(await Bun.file(path).arrayBuffer());
  const format = formatOf(bytes, basename(path));
  if (format === null) return null;
  const texts = referencesFor(format).flatMap(({ read }) => read(path, format) ?? []);
  const startedAt = performance.now();
  let pages = 1;
  let own = "";
  let failed: string | null = null;
  try {
    const document = await parseDocument(bytes, basename(path), format, () => {});
    pages = document.pageCount ?? 1;
    own = chunkDocument(document)
      .map(({ headingPath, content }) => `${headingPath.join("\n")}\n${content}`)
      .join("\n");
  } catch (thrown) {
    failed = thrown instanceof AppError ? thrown.code : String(thrown);
  }
  const ms = performance.now() - startedAt;
  const compared = texts.length > 0 ? difference(own, texts) : null;
  const isWronglyEmpty = EMPTY_CODES.has(failed ?? "") && (compared?.words ?? 0) >= ENOUGH_WORDS;
  return { path, format, failed, isWronglyEmpty, ms, pages, ...(failed === null && compared) };
}

function formatOf(bytes: Uint8Array, name: string): string | null {
  try {
    return detectFormat(bytes.subarray(0, 4_096), name);
  } catch {
    return null;
  }
}

function figuresOf(format: string, readings: readonly FileReading[]): Figure[] {
  const ready = readings.filter(({ failed }) => failed === null);
  const compared = ready.filter(({ words = 0 }) => words >= ENOUGH_WORDS);
  const seconds = ready.reduce((sum, { ms }) => sum + ms, 0) / 1_000;
  const pages = ready.reduce((sum, each) => sum + each.pages, 0);
  const at = (measure: (each: FileReading) => number | undefined, part: number): string =>
    percent(
      percentile(
        compared.map((each) => measure(each) ?? 0),
        part,
      ),
    );
  return [
    {
      what: `${format}: files, ready, failed, slow`,
      measured: [
        readings.length,
        ready.length,
        readings.length - ready.length,
        readings.filter(({ ms }) => ms > SLOW_MS).length,
      ].join(" / "),
      target: "",
    },
    {
      what: `${format}: empty though a reference finds 20 words`,
      measured: String(readings.filter(({ isWronglyEmpty }) => isWronglyEmpty).length),
      target: "0",
    },
    {
      what: `${format}: words missing, median and 95th percentile`,
      measured: `${at(({ missing }) => missing, 0.5)} / ${at(({ missing }) => missing, 0.95)}`,
      target: "≤ 1 % / ≤ 5 %",
    },
    {
      what: `${format}: words invented, median and 95th percentile`,
      measured: `${at(({ invented }) => invented, 0.5)} / ${at(({ invented }) => invented, 0.95)}`,
      target: "≤ 0.5 %",
    },
    {
      what: `${format}: neighbours out of order, median and 95th percentile`,
      measured: `${at(({ outOfOrder }) => outOfOrder, 0.5)} / ${at(({ outOfOrder }) => outOfOrder, 0.95)}`,
      target: "",
    },
    {
      what: `${format}: median time, pages a second`,
      measured: `${median(ready.map(({ ms }) => ms)).toFixed(0)} ms / ${(pages / seconds).toFixed(0)}`,
      target: format === "pdf" ? "≥ 40 pages" : "",
    },
  ];
}

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

function showWorst(readings: readonly FileReading[]): void {
  const worst = readings
    .filter(
      ({ words = 0, missing = 0, isWronglyEmpty }) =>
        isWronglyEmpty || (words >= ENOUGH_WORDS && missing > 0.01),
    )
    .sort((left, right) => (right.missing ?? 1) - (left.missing ?? 1));
  for (const { path, failed, missing = 0, words = 0 } of worst.slice(0, WORST_SHOWN))
    console.log(`  ${failed ?? `${percent(missing)} of ${words} words missing`}  ${path}`);
}

async function writeTable(readings: readonly FileReading[]): Promise<void> {
  const columns = [
    "path",
    "format",
    "failed",
    "isWronglyEmpty",
    "words",
    "missing",
    "invented",
    "outOfOrder",
    "ms",
    "pages",
  ] as const;
  const lines = readings.map((reading) =>
    columns.map((column) => {
      const value = reading[column] ?? "";
      return typeof value === "number" && !Number.isInteger(value) ? value.toFixed(4) : String(value);
    }),
  );
  await mkdir(OUTPUT, { recursive: true });
  const path = join(OUTPUT, "reading.tsv");
  console.log(`  all files: ${path}`);
  await Bun.write(path, [columns, ...lines].map((line) => line.join("\t")).join("\n"));
}
