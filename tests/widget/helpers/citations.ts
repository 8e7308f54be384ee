import type { CitationView } from "../../../src/protocol/chat-protocol.ts";

export const HOTELS: CitationView = {
  n: 1,
  chunk: "chk_1",
  source: "src_1",
  title: "Travel policy",
  page: 6,
  headingPath: ["Travel", "Hotels"],
  text: "In Zurich the nightly limit is 190 euros including tax. Breakfast is part of the limit if it is on the room bill.",
};

export const OWNERS: CitationView = {
  n: 2,
  chunk: "chk_2",
  source: "src_2",
  title: "Cost centres",
  headingPath: ["Owners"],
  text: "Every cost centre has one owner, who approves what is above a limit.",
};

/** Begins with a name in Latin letters, as passages about products do. */
export const ARABIC: CitationView = {
  ...HOTELS,
  n: 3,
  title: "سياسة السفر",
  headingPath: ["الفنادق"],
  text: "ERP: الحد الأقصى لليلة الواحدة في زيورخ هو 190 يورو شاملاً الضريبة. الفطور مشمول إذا كان مدرجاً في فاتورة الغرفة.",
};
