import type { BinaryFormat } from "../format.ts";
import { isZip, packageOf } from "../shared/content.ts";

export const docx: BinaryFormat = {
  kind: "binary",
  name: "docx",
  label: "Word",
  icon: "page",
  version: 1,
  takes:
    "Headings, paragraphs, lists with their numbers, tables, text boxes, formulas, notes and comments where they stand, headers and footers once. Changes count as accepted; struck-out text is marked with ~~.",
  extensions: ["docx", "docm"],
  content: "a Word document",
  // A writer may put the telling parts further down than is looked; then the name is believed.
  recognises(head, extension) {
    if (!isZip(head)) return false;
    const found = packageOf(head);
    return found === "word" || (found === null && this.extensions.includes(extension));
  },
  parser: async () => (await import("./parser.ts")).parseDocx,
};
