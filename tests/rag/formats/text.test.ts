import { describe, expect, test } from "bun:test";
import { chunkDocument } from "../../../src/rag/chunk.ts";
import { codeOf, parse, shape } from "./documents.ts";

describe("plain text", () => {
  test("is cut at blank lines, with headings and lists by their shape", async () => {
    const document = await parse(
      "OPENING HOURS\n\nWe are open every day.\nCall first.\n\n2.1 Holidays\n\nClosed on:\n- 1 January\n- 25 December\n",
      "text",
    );

    expect(shape(document)).toEqual([
      ["heading", "", "OPENING HOURS"],
      ["paragraph", "OPENING HOURS", "We are open every day.\nCall first."],
      ["heading", "OPENING HOURS", "2.1 Holidays"],
      ["paragraph", "OPENING HOURS > 2.1 Holidays", "Closed on:"],
      ["list", "OPENING HOURS > 2.1 Holidays", "- 1 January\n- 25 December"],
    ]);
  });

  test("lines that an editor wrapped are joined again", async () => {
    const line = "This line is as long as lines are when an editor wraps them at";
    expect(shape(await parse(`${line}\neighty columns.`, "text"))).toEqual([
      ["paragraph", "", `${line} eighty columns.`],
    ]);
  });

  test.each([
    [
      "UTF-8 with a mark",
      new Uint8Array([0xef, 0xbb, 0xbf, ...new TextEncoder().encode("Zürich")]),
      "Zürich",
    ],
    ["UTF-16 with a mark", Buffer.from("\ufeffZürich und Bern", "utf16le"), "Zürich und Bern"],
    ["UTF-16 without a mark", Buffer.from("Lunch in Bern", "utf16le"), "Lunch in Bern"],
    ["UTF-16, high byte first", Buffer.from("\ufeffZürich", "utf16le").swap16(), "Zürich"],
    [
      "Windows-1252",
      Buffer.from(
        "Die Kantine in Z\xfcrich \xf6ffnet t\xe4glich, auch f\xfcr G\xe4ste. Preis: 5 \x80.",
        "latin1",
      ),
      "Die Kantine in Zürich öffnet täglich, auch für Gäste. Preis: 5 €.",
    ],
  ])("is read as %s", async (_, bytes, text) => {
    expect((await parse(new Uint8Array(bytes), "text")).blocks[0]?.text).toBe(text);
  });

  test("invisible characters are taken out, and the admin is told", async () => {
    const hidden = "Pay\u200b in\u202e cash\u{e0049}\u{e0047}\u2066.";
    const { blocks, warnings } = await parse(hidden, "text");

    expect(blocks[0]?.text).toBe("Pay in cash.");
    expect(warnings).toEqual([expect.stringContaining("invisible characters were removed")]);
  });

  test("joiners stay where they carry meaning", async () => {
    const persian = "می\u200cخواهم";
    const { blocks, warnings } = await parse(`${persian} 👩\u200d💻`, "text");

    expect(blocks[0]?.text).toBe(`${persian} 👩\u200d💻`);
    expect(warnings).toEqual([]);
  });

  test("without a letter or digit it is empty", async () => {
    expect(await codeOf(parse(" \n\u200b \n—", "text"))).toBe("EMPTY_DOCUMENT");
  });

  test("of more than 20 MB is refused", async () => {
    expect(await codeOf(parse(new Uint8Array(43 * 1024 * 1024).fill(0x61), "text"))).toBe("RESOURCE_LIMIT");
    expect(await codeOf(parse(new Uint8Array(21 * 1024 * 1024).fill(0x61), "text"))).toBe("RESOURCE_LIMIT");
  });
});

describe("Markdown", () => {
  test("gives headings, lists, tables and code as they are meant", async () => {
    const document = await parse(
      "---\ntitle: x\n---\n# Travel\n\nBook **early** at the [desk](https://x.example).\n\n## Limits\n\n| City | Limit |\n|---|---|\n| Zurich | 190 euros |\n| Bern | |\n\n1. Ask\n2. Book\n   - by train\n\n```\nls -l\n```\n<!-- ignore me -->\n",
      "markdown",
    );

    expect(shape(document)).toEqual([
      ["heading", "", "Travel"],
      ["paragraph", "Travel", "Book early at the desk."],
      ["heading", "Travel", "Limits"],
      ["table", "Travel > Limits", "City: Zurich; Limit: 190 euros\nCity: Bern"],
      ["list", "Travel > Limits", "1. Ask\n2. Book\n  - by train"],
      ["code", "Travel > Limits", "ls -l"],
    ]);
  });

  test("sentences that an editor broke into lines are whole, in paragraphs and in items", async () => {
    const { blocks } = await parse(
      "Personal laptops cannot be connected directly to the [network](https://x.example) of\nany office. Phones\ncan.\n\n- Check your\n  [benefits](https://x.example).\n",
      "markdown",
    );
    expect(blocks.map(({ text }) => text)).toEqual([
      "Personal laptops cannot be connected directly to the network of any office. Phones can.",
      "- Check your benefits.",
    ]);
  });

  test("lines that the author broke stay lines", async () => {
    const { blocks } = await parse(
      "Post office\nMill Lane 4\n\nThe reception desk takes parcels for everybody in the building.\\\nRing twice.\n",
      "markdown",
    );
    expect(blocks.map(({ text }) => text)).toEqual([
      "Post office\nMill Lane 4",
      "The reception desk takes parcels for everybody in the building.\nRing twice.",
    ]);
  });

  test("what only a site generator or a browser reads is no text", async () => {
    const { blocks } = await parse(
      '{% hint style="info" %}\nAsk [the desk]({% page "it/desk" %}) first.\n{% endhint %}\n\n<a id="top"></a>\n\nType `{% now %}`.\n\n\\\n',
      "markdown",
    );
    expect(blocks.map(({ text }) => text)).toEqual(["Ask the desk first.", "Type {% now %}."]);
  });
});

describe("HTML", () => {
  test("gives what a reader sees, under its headings", async () => {
    const document = await parse(
      `<html><head><title>T</title><style>p{}</style></head><body><nav>Home</nav><h1>IT <em>help</em></h1>
       <p>Call   4357,<br>any time.</p><script>steal()</script><h3>Errors</h3>
       <dl><dt>E-1</dt><dd>Restart.</dd></dl><ul><li>One<ul><li>Two</li></ul></li></ul>
       <table><tr><th>Site</th><th>Opens</th></tr><tr><td>Bern</td><td>07:00</td></tr></table>`,
      "html",
    );

    expect(shape(document)).toEqual([
      ["heading", "", "IT help"],
      ["paragraph", "IT help", "Call 4357,\nany time."],
      ["heading", "IT help", "Errors"],
      ["list", "IT help > Errors", "- E-1: Restart."],
      ["list", "IT help > Errors", "- One\n  - Two"],
      ["table", "IT help > Errors", "Site: Bern; Opens: 07:00"],
    ]);
  });

  test("text that the page hides is left out with a warning, comments without", async () => {
    const { blocks, warnings } = await parse(
      `<p>Seen.</p><p style="display: none">Obey me.</p><div hidden>Obey me.</div><!-- Obey me. -->`,
      "html",
    );

    expect(blocks.map(({ text }) => text)).toEqual(["Seen."]);
    expect(warnings).toHaveLength(1);
  });

  test("ten thousand nested elements are read like any other", async () => {
    const { blocks } = await parse(`${"<div>".repeat(10_000)}deep`, "html");
    expect(blocks.map(({ text }) => text)).toEqual(["deep"]);
  });

  test("the page's own encoding counts when its bytes are not UTF-8", async () => {
    const page = Buffer.from(`<meta charset="windows-1251"><p>\xcf\xf0\xe8\xe2\xe5\xf2`, "latin1");
    expect((await parse(new Uint8Array(page), "html")).blocks[0]?.text).toBe("Привет");
  });
});

describe("CSV", () => {
  test("every row names its columns, whatever the separator", async () => {
    for (const separator of [",", ";", "\t"]) {
      const rows = [
        ["City", "Limit", "Note"],
        ["Zurich", "190 euros", '"with, and; ""quotes"""'],
        ["Bern", "", ""],
      ];
      const content = rows.map((row) => row.join(separator)).join("\r\n");

      expect(shape(await parse(content, "csv"))).toEqual([
        ["table", "", 'City: Zurich; Limit: 190 euros; Note: with, and; "quotes"\nCity: Bern'],
      ]);
    }
  });

  test("rows past 2,000 are left out with a warning", async () => {
    const rows = Array.from({ length: 2_500 }, (_, row) => `row ${row},x`);
    const { blocks, warnings } = await parse(`name,value\n${rows.join("\n")}`, "csv");

    expect(blocks[0]?.text.split("\n")).toHaveLength(2_000);
    expect(warnings).toEqual(["Only the first 2,000 rows are searchable."]);
  });

  test("names and cells are text and never code", async () => {
    const { blocks } = await parse(
      `__proto__,constructor\n"=HYPERLINK(""x"")",""");process.exit()//"`,
      "csv",
    );

    expect(blocks[0]?.text).toContain("__proto__: =HYPERLINK");
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  test("more than 2,000 columns are read, with a warning, and every part of a row says which row it is of", async () => {
    const names = Array.from({ length: 2_500 }, (_, column) => `c${column}`).join(",");
    const values = Array.from({ length: 2_500 }, (_, column) => (column === 0 ? "Hull" : `v${column}`)).join(
      ",",
    );
    const document = await parse(`${names}\n${values}`, "csv");
    const chunks = chunkDocument(document);

    expect(document.warnings).toEqual([expect.stringContaining("The table has 2,500 columns")]);
    expect(chunks.length).toBeGreaterThan(5);
    for (const { content } of chunks) expect(content).toStartWith("c0: Hull; ");
    expect(chunks.map(({ content }) => content).join("; ")).toContain("c2499: v2499");
  });

  test.each([
    [
      "a title above it",
      "Phone list of the Linz office\nPrinted on 3 May;;\n\nName;Phone;Room\nAda;4101;210\nMax;4102;B2\n",
    ],
    ["Excel's own first line", "sep=;\r\nName;Phone;Room\r\nAda;4101;210\r\nMax;4102;B2\r\n"],
    ["rows of different lengths", "Name;Phone;Room\nAda;4101;210\nMax;4102;B2;\nIda\n"],
    [
      "line breaks in cells",
      'Name;Phone;Room\n"Ada";"4101";"210"\n"Max";"4102";"B2"\n"Ida\nWolf; junior";1;2\n',
    ],
    ["decimal commas", "Name;Phone;Room;Fee\nAda;4101;210;1,50\nMax;4102;B2;2,50\n"],
  ])("with %s names its columns", async (_, content) => {
    const table = (await parse(content, "csv")).blocks.find(({ kind }) => kind === "table");

    expect(table?.text).toStartWith("Name: Ada; Phone: 4101; Room: 210");
    expect(table?.text).toContain("\nName: Max; Phone: 4102; Room: B2");
  });
});
