import { describe, expect, test } from "bun:test";
import { lookupAnswer } from "../../../src/rag/lookup/answer.ts";
import { continueLookup, findLookup } from "../../../src/rag/lookup/find.ts";
import { aCatalogueTool, aParameter } from "../../helpers/catalogue-tools.ts";

const TODAY = "2026-11-27";
const CITIES = ["Berlin", "Hamburg", "Munich", "Paris", "Madrid", "New York"];
const PRODUCTS = ["Laptop", "Monitor", "Docking station", "Headset", "Office chair", "Keyboard"];

const TOOLS = [
  aCatalogueTool({
    name: "stock_by_city",
    label: "Stock in a city",
    description: "How many pieces of a product are in stock in one of our cities. Not for orders.",
    parameters: [
      aParameter("product", { type: "enum", values: PRODUCTS }),
      aParameter("city", { type: "enum", values: CITIES }),
    ],
    exampleQuestions: ["How many laptops are in stock in Berlin?", "Are there headsets in Hamburg?"],
  }),
  aCatalogueTool({
    name: "stock_total",
    label: "Stock in all cities",
    description: "How many pieces of a product there are in all warehouses together.",
    parameters: [aParameter("product", { type: "enum", values: PRODUCTS })],
    exampleQuestions: ["How many laptops do we have in total?"],
  }),
  aCatalogueTool({
    name: "order_status",
    label: "Status of an order",
    parameters: [aParameter("order", { type: "integer", min: 1000, max: 999_999 })],
    exampleQuestions: ["Where is order 4711?", "When does order 4711 arrive?"],
  }),
  aCatalogueTool({
    name: "leave_left",
    label: "Days of leave left",
    parameters: [aParameter("email", { boundTo: "visitor.email" })],
    exampleQuestions: ["How many days of leave have I left?"],
  }),
  aCatalogueTool({
    name: "ticket",
    label: "A ticket of the help desk",
    parameters: [aParameter("ticket", { pattern: "INC-\\d{4,6}" })],
    exampleQuestions: ["What is the state of ticket INC-2041?", "Who works on INC-2041?"],
  }),
  aCatalogueTool({
    name: "phone_of",
    label: "Phone number of a colleague",
    parameters: [aParameter("name", { example: "Anna Schmidt" })],
    exampleQuestions: ["What is the phone number of Anna Schmidt?"],
  }),
  aCatalogueTool({
    name: "orders_between",
    label: "Orders in a period",
    parameters: [aParameter("from_date", { type: "date" }), aParameter("to_date", { type: "date" })],
    exampleQuestions: ["How many orders were there in March 2026?"],
  }),
];

const SITES = aCatalogueTool({
  name: "people_at",
  label: "People at a site",
  description: "How many people work at a site.",
  parameters: [
    aParameter("site", {
      ...{ type: "enum", values: ["110", "120", "MUC"] },
      labels: { "110": "Berlin Mitte", "120": "Hamburg", MUC: "München" },
    }),
  ],
  answerTemplate: "{people} people work in {site}.",
  exampleQuestions: ["How many people work in Hamburg?"],
});

describe("values with labels", () => {
  test.each([
    ["How many people work in Berlin Mitte?", { site: "110" }],
    ["How many people work in hamburgg?", { site: "120" }],
    ["How many people work in Muenchen?", { site: "MUC" }],
    ["How many people work at MUC?", { site: "MUC" }],
    // A number could be of anything.
    ["How many people work at 110?", undefined],
  ])("“%s” is %j", (question, values) => {
    expect(findLookup(question, [SITES], TODAY)?.calls[0]).toEqual(values);
  });

  test("are told by them", () => {
    const columns = [{ name: "people", label: "People", type: "integer", unit: null }] as const;
    const table = { columns: [...columns], rows: [[7]], rowCount: 1, truncated: false };

    expect(lookupAnswer(SITES, { site: "110" }, table, 1, "eng")).toBe("7 people work in Berlin Mitte. [1]");
    expect(lookupAnswer(SITES, { site: "110" }, { ...table, rows: [] }, 1, "eng")).toContain("Berlin Mitte");
  });
});

/** What would be run, and what would be asked for. */
function told(question: string) {
  const found = findLookup(question, TOOLS, TODAY);
  if (found === null) return null;
  return found.calls.length > 0
    ? { [found.tool.name]: found.calls }
    : { asks: found.tool.name, ...found.values };
}

describe("a look-up runs at once where the question leaves no doubt", () => {
  test.each([
    ["How many laptops are in stock in Berlin?", { stock_by_city: [{ product: "Laptop", city: "Berlin" }] }],
    ["pls how many labtops r in stock in berlin", { stock_by_city: [{ product: "Laptop", city: "Berlin" }] }],
    [
      "How many docking stations in new york",
      { stock_by_city: [{ product: "Docking station", city: "New York" }] },
    ],
    [
      "Wie viele Laptops sind in Berlin auf Lager?",
      { stock_by_city: [{ product: "Laptop", city: "Berlin" }] },
    ],
    [
      "Wie viele Bildschirme gibt es in Hamburg?",
      { stock_by_city: [{ product: "Monitor", city: "Hamburg" }] },
    ],
    ["¿Cuántos portátiles hay en Madrid?", { stock_by_city: [{ product: "Laptop", city: "Madrid" }] }],
    ["How many laptops do we have in total?", { stock_total: [{ product: "Laptop" }] }],
    ["Where is order 4711?", { order_status: [{ order: 4711 }] }],
    ["Wo ist Bestellung 4711?", { order_status: [{ order: 4711 }] }],
    ["who works on inc-2041", { ticket: [{ ticket: "INC-2041" }] }],
    ["What is the phone number of Peter Lustig?", { phone_of: [{ name: "Peter Lustig" }] }],
    ["How many days of leave have I left?", { leave_left: [{}] }],
    ["How many orders last month?", { orders_between: [{ from_date: "2026-10-01", to_date: "2026-10-31" }] }],
    [
      "How many orders between 2026-01-01 and 2026-02-15?",
      { orders_between: [{ from_date: "2026-01-01", to_date: "2026-02-15" }] },
    ],
  ])("%s", (question, expected) => {
    expect(told(question)).toEqual(expected);
  });

  test("once for each of several values that are joined", () => {
    expect(told("How many monitors in Munich and Hamburg?")).toEqual({
      stock_by_city: [
        { product: "Monitor", city: "Munich" },
        { product: "Monitor", city: "Hamburg" },
      ],
    });
    expect(told("Where is order 4711 and order 4712?")).toEqual({
      order_status: [{ order: 4711 }, { order: 4712 }],
    });
  });
});

describe("nothing is run on a guess, but asked", () => {
  test.each([
    ["How many laptops are not in Berlin?", { asks: "stock_by_city", product: "Laptop", city: "Berlin" }],
    ["How many laptops were sold in Berlin?", { asks: "stock_by_city", product: "Laptop", city: "Berlin" }],
    [
      "How many laptops in stock in Berlin last year?",
      { asks: "stock_by_city", product: "Laptop", city: "Berlin" },
    ],
    ["where is my order", { asks: "order_status" }],
    ["How many laptops do we have in total in my city?", { asks: "stock_total", product: "Laptop" }],
    ["Where is order 12?", null],
    [
      "How many orders were cancelled in April 2026?",
      { asks: "orders_between", from_date: "2026-04-01", to_date: "2026-04-30" },
    ],
  ])("%s", (question, expected) => {
    expect(told(question)).toEqual(expected);
  });

  test("a number of another kind is no value", () => {
    expect(findLookup("Where is order 4711 from 2019?", TOOLS, TODAY)?.calls ?? []).toEqual([]);
  });

  test("two look-ups that fit alike are not told apart by chance", () => {
    const [stock] = TOOLS;
    if (stock === undefined) throw new Error("no tool");
    const twin = { ...stock, name: "stock_twin" };

    expect(findLookup("How many laptops are in stock in Berlin?", [stock, twin], TODAY)?.calls).toEqual([]);
  });

  test("a small word is no department that is called like it", () => {
    const headcount = aCatalogueTool({
      name: "headcount",
      label: "Colleagues in a department",
      parameters: [aParameter("department", { type: "enum", values: ["IT", "HR", "Sales"] })],
      exampleQuestions: ["How many colleagues are in IT?"],
    });

    expect(findLookup("How many colleagues are in it?", [headcount], TODAY)?.calls ?? []).toEqual([]);
    expect(findLookup("How many colleagues are in IT?", [headcount], TODAY)?.calls).toEqual([
      { department: "IT" },
    ]);
  });
});

describe("questions that no look-up answers", () => {
  test.each([
    "How do I order a laptop?",
    "What is the stock option plan?",
    "What is the password policy?",
    "Can I carry over days of leave?",
    "Hello",
    "",
    "???",
  ])("%s", (question) => {
    expect(findLookup(question, TOOLS, TODAY)).toBeNull();
  });
});

describe("a question that goes on with the one before", () => {
  const BEFORE = "How many laptops are in stock in Berlin?";

  test("keeps what it does not change", () => {
    expect(continueLookup("and in Hamburg?", BEFORE, TOOLS, TODAY)?.calls).toEqual([
      { product: "Laptop", city: "Hamburg" },
    ]);
    expect(continueLookup("Und Bildschirme?", BEFORE, TOOLS, TODAY)?.calls).toEqual([
      { product: "Monitor", city: "Berlin" },
    ]);
  });

  test("is another question where it says more", () => {
    expect(continueLookup("And who ordered them in Hamburg?", BEFORE, TOOLS, TODAY)).toBeNull();
    expect(continueLookup("thanks", BEFORE, TOOLS, TODAY)).toBeNull();
  });
});
