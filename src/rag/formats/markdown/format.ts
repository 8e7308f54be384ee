import type { TextFormat } from "../format.ts";

export const markdown: TextFormat = {
  kind: "text",
  name: "markdown",
  label: "Markdown",
  icon: "text",
  version: 1,
  takes: "Headings, paragraphs, lists, tables and code, by their marks.",
  extensions: ["md", "markdown", "mdown", "mkd"],
  parser: async () => (await import("./parser.ts")).parseMarkdown,
};
