import type { TextFormat } from "../format.ts";

export const json: TextFormat = {
  kind: "text",
  name: "json",
  label: "JSON",
  icon: "data",
  version: 1,
  takes:
    "Lists as rows that name their fields, everything else as a field and its value under the names above it. JSON Lines too.",
  extensions: ["json", "jsonl", "ndjson"],
  parser: async () => (await import("./parser.ts")).parseJson,
};
