import { describe, expect, test } from "bun:test";
import { BlockWriter } from "../../../src/rag/formats/shared/block-writer.ts";
import { type TableCell, type TableSource, tableText } from "../../../src/rag/formats/shared/table/table.ts";
import { shape } from "./documents.ts";

/** Cells between bars: `!` before a header, `*` before bold; behind it `>2` spans columns and `^2` rows. */
function aTable(text: string, habit: TableSource["habit"] = "unknown"): TableSource {
  const rows = text
    .trim()
    .split("\n")
    .map((line) => ({ cells: line.split("|").map(aCell) }));
  return { rows, habit };
}

function aCell(written: string): TableCell {
  const [, mark, text = ""] = /^\s*([!*]?)(.*?)(?:[>^]\d)*\s*$/.exec(written) ?? [];
  return {
    text,
    isHeader: mark === "!",
    isBold: mark === "*",
    columnSpan: Number(/>(\d)/.exec(written)?.[1] ?? 1),
    rowSpan: Number(/\^(\d)/.exec(written)?.[1] ?? 1),
  };
}

const linesOf = (source: TableSource): string[] =>
  tableText(source).sections.flatMap(({ rows }) => rows.map(({ text }) => text));

/** Whatever a format's habit is. */
const lines = (text: string): string[] => {
  const either = linesOf(aTable(text));
  expect(linesOf(aTable(text, "usual"))).toEqual(either);
  return either;
};

describe("the first row names the columns", () => {
  test.each([
    ["the document marks it", "!Room|!Colour\nOak|red\nElm|blue"],
    ["it is the only one in bold", "*Room|*Colour\nOak|red\nElm|blue"],
    ["it says what is in them in words that call things", "Room|Owner\nOak|red\nElm|blue"],
  ])("when %s", (_, text) => {
    expect(lines(text)[0]).toMatch(/^Room: Oak; (Colour|Owner): red$/);
  });

  test("when numbers stand under words", () => {
    expect(lines("Berth|Draught\nNorth|12 m\nSouth|9 m")).toEqual([
      "Berth: North; Draught: 12 m",
      "Berth: South; Draught: 9 m",
    ]);
  });

  test("when explanations stand under words", () => {
    const text =
      "Gate|What it is\nNorth|Lorries come in here and are weighed.\nWest|Here everybody on foot comes in.";
    expect(lines(text)[1]).toBe("Gate: West; What it is: Here everybody on foot comes in.");
  });

  test.each([
    ["years", "Plant|2023|2024\nGera|310|355", "Plant: Gera; 2023: 310; 2024: 355"],
    ["quarters", "Item|Q1|Q2|Total\nInk|4|5|9", "Item: Ink; Q1: 4; Q2: 5; Total: 9"],
    ["weeks", "Team|KW 31|KW 32\nNord|4|5", "Team: Nord; KW 31: 4; KW 32: 5"],
    ["months", "|Jan|Feb|Mar\nInk|4|5|6", "Ink; Jan: 4; Feb: 5; Mar: 6"],
    ["days", "|Montag|Dienstag\nAda|früh|spät", "Ada; Montag: früh; Dienstag: spät"],
  ])("when they are %s", (_, text, first) => {
    expect(lines(text)).toEqual([first]);
  });

  test("in a file of values unless something speaks against it", () => {
    const text = "Country|Capital\nFrance|Paris\nSpain|Madrid";
    expect(linesOf(aTable(text, "usual"))[0]).toBe("Country: France; Capital: Paris");
    expect(linesOf(aTable(text))[0]).toBe("Country | Capital");
  });
});

describe("no header is invented", () => {
  test.each([
    ["rows begin with days", "Monday|Lentil soup|Pasta\nTuesday|Salad|Fish\nWednesday|Soup|Rice"],
    ["the first row has numbers like the others", "Anna|Kitchen|4101\nBo|Office|4102"],
    ["a value of the first row comes again", "Anna|Kitchen|Linz\nBo|Office|Graz\nCy|Store|Linz"],
    ["everything is marked as a header", "!Anna|!Kitchen|!410\n!Bo|!Office|!411"],
  ])("when %s", (_, text) => {
    const plain = text.replaceAll("!", "").split("\n");
    expect(lines(text)).toEqual(plain.map((line) => line.replaceAll("|", " | ")));
  });

  test("of two columns, where the first calls what is in the second", () => {
    const sheet = ["Manager: Jane Roe", "Deputy: Tom Li", "Budget: 40,000"];
    expect(lines("Manager|Jane Roe\nDeputy|Tom Li\nBudget|40,000")).toEqual(sheet);
    expect(lines("Manager:|Jane Roe\nDeputy:|Tom Li\nBudget:|40,000")).toEqual(sheet);
    expect(lines("!Manager|Jane Roe\n!Deputy|Tom Li\n!Budget|40,000")).toEqual(sheet);
    expect(lines("*Manager|Jane Roe\n*Deputy|Tom Li\n*Budget|40,000")).toEqual(sheet);
  });

  test("where the first column names rows, these come first", () => {
    expect(linesOf(aTable("!Rent|100|200\n!Power|30|40"))).toEqual(["Rent: 100; 200", "Power: 30; 40"]);
    expect(linesOf(aTable("!Chair|Ada|!Phone|4711\n!Deputy|Tom|!Room|B2"))).toEqual([
      "Chair: Ada; Phone: 4711",
      "Deputy: Tom; Room: B2",
    ]);
  });

  test("for a table of one row or one column", () => {
    expect(lines("Country|Capital")).toEqual(["Country | Capital"]);
    expect(lines("apple\npear")).toEqual(["apple", "pear"]);
  });
});

describe("names of groups", () => {
  test("stand before the names that they group", () => {
    expect(lines("Site^2|2024>2|2025>2\nH1|H2|H1|H2\nHull|1|2|3|4\nYork|5|6|7|8")).toEqual([
      "Site: Hull; 2024 H1: 1; 2024 H2: 2; 2025 H1: 3; 2025 H2: 4",
      "Site: York; 2024 H1: 5; 2024 H2: 6; 2025 H1: 7; 2025 H2: 8",
    ]);
  });

  test("reach to the next one in a file that has no spans", () => {
    expect(lines("|2024||2025|\nSite|H1|H2|H1|H2\nHull|1|2|3|4\nYork|5|6|7|8")[1]).toBe(
      "Site: York; 2024 H1: 5; 2024 H2: 6; 2025 H1: 7; 2025 H2: 8",
    );
  });
});

describe("merged cells", () => {
  test("say what they say to every row and column that they span", () => {
    expect(lines("!Depot|!Day|!Gate\nHull^2|Monday|G4\nThursday|G9\nYork|closed>2")).toEqual([
      "Depot: Hull; Day: Monday; Gate: G4",
      "Depot: Hull; Day: Thursday; Gate: G9",
      "Depot: York; Day: closed; Gate: closed",
    ]);
  });

  test("of a million letters are told from values at once", () => {
    const long = `1${"a".repeat(1_000_000)}!`;
    const rows = ["Name", "Max", "Ida"].map((name) => ({
      cells: [{ text: name }, { text: long }, { text: `${long}?` }],
    }));
    expect(linesOf({ rows: [...rows, { cells: [{ text: long }] }], habit: "usual" })).toHaveLength(3);
  });

  test("with spans of millions take neither time nor memory", () => {
    const cells = [{ text: "a", columnSpan: 1e9, rowSpan: 1e9 }, { text: "b" }];
    const rows = Array.from({ length: 5_000 }, () => ({ cells }));
    expect(linesOf({ rows, habit: "unknown" }).join("\n")).toContain("b");
  });
});

describe("what stands around the rows", () => {
  const source = aTable(
    "Hotel limits>2\n!City|!Limit\nNorth>2\nOslo|100\n!City|!Limit\nBergen|90\nSouth>2\nRome|120\nAll prices in euros.>2",
  );

  test("is a title above them, sections within and a note below, and names that come again are no row", () => {
    const writer = new BlockWriter();
    writer.heading(1, "Travel", null);
    writer.table(source, null);
    writer.block("paragraph", "Book early.", null);

    expect(shape(writer)).toEqual([
      ["heading", "", "Travel"],
      ["heading", "Travel", "Hotel limits"],
      ["heading", "Travel > Hotel limits", "North"],
      ["table", "Travel > Hotel limits > North", "City: Oslo; Limit: 100\nCity: Bergen; Limit: 90"],
      ["heading", "Travel > Hotel limits", "South"],
      ["table", "Travel > Hotel limits > South", "City: Rome; Limit: 120"],
      ["paragraph", "Travel > Hotel limits", "All prices in euros."],
      ["paragraph", "Travel", "Book early."],
    ]);
  });

  test("is the page that each row is on", () => {
    const writer = new BlockWriter();
    const [header, first, second] = aTable("!City|!Limit\nOslo|100\nRome|120").rows;
    const rows = [header, first, { cells: second?.cells ?? [], page: 2 }].filter((row) => row !== undefined);
    writer.table({ rows, habit: "unknown" }, 1);

    expect(writer.blocks.map(({ page, text }) => [page, text])).toEqual([
      [1, "City: Oslo; Limit: 100"],
      [2, "City: Rome; Limit: 120"],
    ]);
  });
});
