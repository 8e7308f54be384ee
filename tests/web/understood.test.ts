import { describe, expect, test } from "bun:test";
import { partsOf } from "../../web/pages/knowledge/understood.ts";

describe("the text of a document, put together from its passages", () => {
  test("has headings and pages where they begin, and what passages repeat once", () => {
    const last = "Cars are left on level P2.";
    const parts = partsOf([
      { content: `Sign in at the desk. ${last}`, headingPath: ["Visitors"], page: 1 },
      { content: `${last} Badges are handed back.`, headingPath: ["Visitors"], page: 2 },
      { content: "Ask there.", headingPath: ["Visitors", "Keys"], page: 2 },
    ]);

    expect(parts).toEqual([
      { kind: "page", page: 1 },
      { kind: "heading", level: 1, text: "Visitors" },
      { kind: "text", text: `Sign in at the desk. ${last}` },
      { kind: "page", page: 2 },
      { kind: "text", text: "Badges are handed back." },
      { kind: "heading", level: 2, text: "Keys" },
      { kind: "text", text: "Ask there." },
    ]);
  });

  test("has tables as tables, with and without names of columns", () => {
    const of = (content: string) => partsOf([{ content, headingPath: [], page: null }]);

    expect(of("Depot: Hull; Gate: G4\nDepot: York; Gate: G1; Note: a: b")).toEqual([
      {
        kind: "table",
        names: ["Depot", "Gate", "Note"],
        rows: [
          ["Hull", "G4", ""],
          ["York", "G1", "a: b"],
        ],
      },
    ]);
    expect(of("Gera; 2023: 310; 2024: 355\nJena; 2023: 1; 2024: 2")).toEqual([
      {
        kind: "table",
        names: ["", "2023", "2024"],
        rows: [
          ["Gera", "310", "355"],
          ["Jena", "1", "2"],
        ],
      },
    ]);
    expect(of("Monday | Soup\nTuesday | Fish")).toEqual([
      {
        kind: "table",
        names: [],
        rows: [
          ["Monday", "Soup"],
          ["Tuesday", "Fish"],
        ],
      },
    ]);
    expect(of("Note: this is prose; it goes on.")).toEqual([
      { kind: "text", text: "Note: this is prose; it goes on." },
    ]);
  });
});
