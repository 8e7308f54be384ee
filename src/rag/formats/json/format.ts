import type { TextFormat } from "../format.ts";
import { asciiOf } from "../shared/content.ts";

export const json: TextFormat = {
  kind: "text",
  name: "json",
  label: "JSON",
  icon: "data",
  version: 1,
  takes:
    "Lists as rows that name their fields, everything else as a field and its value under the names above it. JSON Lines too.",
  extensions: ["json", "jsonl", "ndjson"],
  looksLike: (head) =>
    /^\s*(?:\{\s*"(?:[^"\\\n]|\\.)*"\s*:|\[\s*(?:\{\s*"|"(?:[^"\\\n]|\\.)*"\s*,|\[))/.test(asciiOf(head)),
  parser: async () => (await import("./parser.ts")).parseJson,
};
