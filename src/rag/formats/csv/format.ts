import type { TextFormat } from "../format.ts";

export const csv: TextFormat = {
  kind: "text",
  name: "csv",
  label: "Table",
  icon: "table",
  version: 1,
  takes:
    "Rows, each with the names of its columns. The first 2,000 are searchable; a warning says so when there are more.",
  extensions: ["csv", "tsv"],
  parser: async () => (await import("./parser.ts")).parseCsv,
};
