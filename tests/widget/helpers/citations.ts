import type { PassageCitationView, ToolCitationView } from "../../../src/protocol/chat-protocol.ts";

export const HOTELS: PassageCitationView = {
  kind: "passage",
  n: 1,
  chunk: "chk_1",
  source: "src_1",
  title: "Travel policy",
  page: 6,
  headingPath: ["Travel", "Hotels"],
  text: "In Zurich the nightly limit is 190 euros including tax. Breakfast is part of the limit if it is on the room bill.",
};

export const OWNERS: PassageCitationView = {
  kind: "passage",
  n: 2,
  chunk: "chk_2",
  source: "src_2",
  title: "Cost centres",
  headingPath: ["Owners"],
  text: "Every cost centre has one owner, who approves what is above a limit.",
};

/** Begins with a name in Latin letters, as passages about products do. */
export const ARABIC: PassageCitationView = {
  ...HOTELS,
  n: 3,
  title: "سياسة السفر",
  headingPath: ["الفنادق"],
  text: "ERP: الحد الأقصى لليلة الواحدة في زيورخ هو 190 يورو شاملاً الضريبة. الفطور مشمول إذا كان مدرجاً في فاتورة الغرفة.",
};

/** Rows that a look-up gave. */
export const STOCK: ToolCitationView = {
  kind: "tool",
  n: 4,
  tool: "stock_by_city",
  label: "Stock by city",
  columns: [
    { name: "product", label: "Product", type: "text" },
    { name: "stock", label: "In stock", type: "integer", unit: "pcs" },
    { name: "price", label: "Price", type: "decimal", unit: "€" },
    { name: "counted", label: "Counted", type: "datetime" },
    { name: "listed", label: "Listed", type: "boolean" },
  ],
  rows: [
    ["Laptop 14″", 12, "1299.00", "2026-11-26T17:00:00Z", true],
    ["Laptop 16″", "9007199254740993", "1799.50", null, false],
  ],
  at: "2026-11-27T09:30:00.000Z",
};
