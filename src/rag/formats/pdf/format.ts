import type { BinaryFormat } from "../format.ts";
import { latin1 } from "../shared/content.ts";

export const pdf: BinaryFormat = {
  kind: "binary",
  name: "pdf",
  label: "PDF",
  icon: "page",
  version: 1,
  takes: "The text, page by page, with headings, lists and tables where the layout shows them.",
  extensions: ["pdf"],
  content: "a PDF",
  // The header may come late, as readers have always allowed.
  recognises: (head) => latin1(head.subarray(0, 1_024)).includes("%PDF-"),
  parser: async () => (await import("./parser.ts")).parsePdf,
};
