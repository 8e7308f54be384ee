import type { TextFormat } from "../format.ts";

export const text: TextFormat = {
  kind: "text",
  name: "text",
  label: "Text",
  icon: "text",
  version: 1,
  takes: "Paragraphs, and headings and lists by their shape. Encodings are detected.",
  extensions: ["txt", "text", "log"],
  looksLike: () => true,
  parser: async () => (await import("./parser.ts")).parsePlainText,
};
