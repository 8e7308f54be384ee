import type { TextFormat } from "../format.ts";
import { latin1 } from "../shared/content.ts";

export const html: TextFormat = {
  kind: "text",
  name: "html",
  label: "Web page",
  icon: "web",
  version: 1,
  takes:
    "Headings, paragraphs, lists and tables, by its markup. Scripts, styles and navigation are left out.",
  extensions: ["html", "htm", "xhtml"],
  looksLike: (head) =>
    /^\s*(<!--[\s\S]*?-->\s*)*<(!doctype html|html|head|body)\b/i.test(
      latin1(head).replace(/^\u00ef\u00bb\u00bf/, ""),
    ),
  parser: async () => (await import("./parser.ts")).parseHtml,
};
