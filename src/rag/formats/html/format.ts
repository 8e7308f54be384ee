import type { TextFormat } from "../format.ts";
import { asciiOf } from "../shared/content.ts";

export const html: TextFormat = {
  kind: "text",
  name: "html",
  label: "Web page",
  icon: "web",
  version: 1,
  takes:
    "Headings, paragraphs, lists, tables and formulas, by its markup, and the addresses behind links. Scripts, styles, navigation and struck-out text are left out.",
  extensions: ["html", "htm", "xhtml"],
  looksLike: (head) =>
    /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype html|html|head|body)\b/i.test(asciiOf(head)),
  parser: async () => (await import("./parser.ts")).parseHtml,
};
