/** Other readers of documents, which Parley is compared with: programs of Debian's packages, where they are installed. */
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { decodeText } from "../../../src/rag/formats/shared/encoding/decode.ts";

/** `read` gives the text of a file, null where it cannot. */
export type Reference = {
  name: string;
  formats: readonly string[];
  read(path: string, format: string): string | null;
};

const LONGEST_MS = 30_000;

export const REFERENCES: readonly Reference[] = [
  { name: "pdftotext", formats: ["pdf"], read: (path) => said(["pdftotext", "-enc", "UTF-8", path, "-"]) },
  {
    name: "pandoc",
    formats: ["docx", "html", "markdown"],
    read: (path, format) => said(["pandoc", "--from", format, "--to", "plain", "--wrap", "none", path]),
  },
  {
    name: "w3m",
    formats: ["html"],
    read: (path) => said(["w3m", "-dump", "-cols", "1000", "-T", "text/html", path]),
  },
  { name: "csv-parse", formats: ["csv"], read: readCsv },
];

/** Those that this machine has for a format. */
export function referencesFor(format: string): Reference[] {
  return REFERENCES.filter(({ name, formats }) => formats.includes(format) && isInstalled(name));
}

function isInstalled(name: string): boolean {
  return name === "csv-parse" || Bun.which(name) !== null;
}

function said(command: string[]): string | null {
  const { exitCode, stdout } = Bun.spawnSync(command, { stderr: "ignore", timeout: LONGEST_MS });
  return exitCode === 0 ? stdout.toString() : null;
}

function readCsv(path: string): string | null {
  try {
    const { text } = decodeText(new Uint8Array(readFileSync(path)));
    const delimiter = [",", ";", "\t"];
    const rows: string[][] = parse(text, {
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      bom: true,
    });
    return rows.map((row) => row.join(" ")).join("\n");
  } catch {
    return null;
  }
}
