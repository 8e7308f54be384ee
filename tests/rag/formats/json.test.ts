import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { codeOf, parse, shape } from "./documents.ts";

const fixture = (name: string): Promise<Uint8Array> =>
  Bun.file(join(import.meta.dir, "../../fixtures", name)).bytes();

describe("JSON", () => {
  test("written by SQLite's shell becomes rows that name their fields, without the empty ones", async () => {
    const document = await parse(await fixture("contacts.json"), "json");

    expect(shape(document)).toEqual([
      [
        "table",
        "",
        [
          "name: Ada Brandt; role: Harbour master; phone: +49 40 555-0101; shifts: 3",
          'name: Bo Lindqvist; role: Crane operator; phone: +46 31 555-0142; shifts: 2; note: Speaks Swedish, German and "a little" Dutch',
          "name: Çağla Öz; role: First aid; phone: +49 40 555-0177; shifts: 5; note: Room 2.14",
        ].join("\n"),
      ],
    ]);
    expect(document.warnings).toEqual([]);
  });

  test("rows of other fields have the columns of all, and one field still names its values", async () => {
    const document = await parse(`[{"name": "Ada"}, {"name": "Bo", "room": "B2"}]`, "json");
    expect(shape(document)).toEqual([["table", "", "name: Ada\nname: Bo; room: B2"]]);
    expect(shape(await parse(`[{"name": "Ada"}, {"name": "Bo"}]`, "json"))).toEqual([
      ["table", "", "name: Ada\nname: Bo"],
    ]);
  });

  test("of objects in objects keeps the names above a value as its headings", async () => {
    const document = await parse(
      `{"site": "Harbour", "open": true, "cranes": {"anna": {"load": 42, "wind": null}, "colours": ["red", "blue"]}}`,
      "json",
    );

    expect(shape(document)).toEqual([
      ["table", "", "site: Harbour\nopen: true"],
      ["heading", "", "cranes"],
      ["table", "cranes", "colours: red, blue"],
      ["heading", "cranes", "anna"],
      ["table", "cranes > anna", "load: 42"],
    ]);
  });

  test("entries too deep for a row stand under what they are called", async () => {
    const document = await parse(
      `[{"title": "Leave", "rules": [{"who": "all", "days": 30}]}, {"rules": []}, "loose"]`,
      "json",
    );

    expect(shape(document)).toEqual([
      ["heading", "", "Leave"],
      ["table", "Leave", "title: Leave"],
      ["heading", "Leave", "rules"],
      ["table", "Leave > rules", "who: all; days: 30"],
      ["heading", "", "2"],
      ["heading", "", "3"],
      ["paragraph", "3", "loose"],
    ]);
  });

  test("lines of JSON are one list", async () => {
    const lines = `{"a": 1, "b": "x"}\n\n{"a": 2, "b": "y"}\r\n`;

    expect(shape(await parse(lines, "json", "log.jsonl"))).toEqual([["table", "", "a: 1; b: x\na: 2; b: y"]]);
  });

  test("a list of thousands is cut with a warning", async () => {
    const { blocks, warnings } = await parse(
      JSON.stringify(Array.from({ length: 2_500 }, (_, n) => n)),
      "json",
    );

    expect(blocks[0]?.text.split("\n")).toHaveLength(2_000);
    expect(warnings).toEqual(["Only the first 2,000 entries of a list are searchable."]);
  });

  test("what only looks like JSON is read as the text it is, with a warning", async () => {
    const { blocks, warnings } = await parse(`{\n  // Nobody lifts above 18 m/s.\n  "limit": 18,\n}`, "json");

    expect(blocks.map(({ text }) => text).join("\n")).toContain("Nobody lifts above 18 m/s.");
    expect(warnings).toEqual(["The file is not valid JSON, so it was read as plain text."]);
  });

  test("nesting without end and values without text are no trouble", async () => {
    const deep = `${'{"a":'.repeat(60)}"found"${"}".repeat(60)}`;
    expect((await parse(deep, "json")).blocks.at(-1)?.text).toContain("found");
    expect(await codeOf(parse(`${"[".repeat(200_000)}`, "json"))).toBe("EMPTY_DOCUMENT");
    expect(await codeOf(parse("[null, {}, []]", "json"))).toBe("none");
    expect(await codeOf(parse("{}", "json"))).toBe("EMPTY_DOCUMENT");
  });
});
