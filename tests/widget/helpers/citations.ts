import type {
  ConfirmationView,
  LookupView,
  PassageCitationView,
  ToolCitationView,
} from "../../../src/protocol/chat-protocol.ts";

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

/** A look-up that lacks a city. */
export const STOCK_FORM: LookupView = {
  tool: "stock",
  label: "Stock in a city",
  parameters: [
    { ...aParameter("product"), type: "enum", values: ["Laptop", "Monitor", "Docking station"] },
    {
      ...aParameter("city"),
      type: "enum",
      values: ["Berlin", "Hamburg"],
      labels: { Berlin: "Berlin Mitte" },
    },
    { ...aParameter("since"), type: "date", required: false, description: "Counted since" },
    {
      ...aParameter("least"),
      type: "integer",
      required: false,
      min: 1,
      max: 99,
      description: "At least so many",
    },
  ],
  values: { product: "Laptop" },
};

function aParameter(name: string) {
  return {
    ...{ name, type: "text" as const, description: name[0]?.toUpperCase() + name.slice(1), required: true },
    ...{ values: [], min: null, max: null, pattern: null, example: null },
  };
}

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

/** A call that changes something, as a model asked for it. */
export const REFUND: ConfirmationView = {
  call: "tcl_1",
  tool: "refund_order",
  label: "Refund an order",
  arguments: { order: "4711", amount: "12.50" },
  words: [
    { label: "Order", value: "4711" },
    { label: "Amount in euros", value: "12.50" },
    { label: "Note to the customer", value: "We are sorry about the delay.\nThe money is on its way." },
  ],
  expiresAt: "2026-11-27T09:35:00.000Z",
  state: "pending_confirmation",
};
