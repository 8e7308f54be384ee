import { describe, expect, test } from "bun:test";
import { chunkDocument } from "../../../src/rag/chunk.ts";
import { codeOf, parse, shape } from "./documents.ts";

/** As a font reads that does not say which letters it has. */
const shifted = [..."Every employee has thirty days of holiday, which are asked for in the portal. "]
  .map((letter) =>
    /[a-z]/.test(letter) ? String.fromCharCode(((letter.charCodeAt(0) - 97 + 19) % 26) + 97) : letter,
  )
  .join("");

/** In an encoding that only programs of another age write. */
const inCodePage = (text: string, letters: Record<string, number>): Uint8Array =>
  Uint8Array.from([...text].map((letter) => letters[letter] ?? letter.charCodeAt(0)));
const GERMAN = "Die Öffnungszeiten der Küche: täglich bis fünf. Für Gäste höher. Größe, Büro Süd.";

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

  test("numbered lines that count on are steps, and headings have something under them", async () => {
    const document = await parse(
      "How to restart the printer\n\nWhen the red lamp is on:\n\n1. Switch it off\n\n2. Open flap C\n\nIt is serviced twice a year.\n\nBLOOD DONATION\n\nTUESDAY IN THE GYM\n\nBring a card.\n\nBOOK WITH NURSE ADA, EXT. 2020",
      "text",
    );
    const title = "How to restart the printer";

    expect(shape(document)).toEqual([
      ["heading", "", title],
      ["paragraph", title, "When the red lamp is on:"],
      ["list", title, "1. Switch it off\n2. Open flap C"],
      ["paragraph", title, "It is serviced twice a year."],
      ["heading", title, "BLOOD DONATION"],
      ["heading", `${title} > BLOOD DONATION`, "TUESDAY IN THE GYM"],
      ["paragraph", `${title} > BLOOD DONATION > TUESDAY IN THE GYM`, "Bring a card."],
      ["paragraph", `${title} > BLOOD DONATION > TUESDAY IN THE GYM`, "BOOK WITH NURSE ADA, EXT. 2020"],
    ]);
  });

  test("a list's items are whole, and columns as programs print them are a table", async () => {
    const document = await parse(
      "- Badges are handed back at the\n  gate.\n- Keys too.\n\nName        Phone   Room\n----        -----   ----\nAda Huber   4101    210\nMax Moser   4102    B2",
      "text",
    );
    expect(shape(document)).toEqual([
      ["list", "", "- Badges are handed back at the gate.\n- Keys too."],
      ["table", "", "Name: Ada Huber; Phone: 4101; Room: 210\nName: Max Moser; Phone: 4102; Room: B2"],
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
    ["DOS code page 850", inCodePage(GERMAN, { Ö: 0x99, ü: 0x81, ä: 0x84, ö: 0x94, ß: 0xe1 }), GERMAN],
    ["Mac OS Roman", inCodePage(GERMAN, { Ö: 0x85, ü: 0x9f, ä: 0x8a, ö: 0x9a, ß: 0xa7 }), GERMAN],
    [
      "DOS code page 866",
      Buffer.from(
        "8ee2afe3e1aa20e1aee1e2a0a2abefa5e220a4a2a0a4e6a0e2ec20a2aee1a5acec20a4ada5a92e208fe0aeafe3e1aa20ada020afe0aee5aea4adaea92e",
        "hex",
      ),
      "Отпуск составляет двадцать восемь дней. Пропуск на проходной.",
    ],
    [
      "UTF-16 in Japanese without a mark",
      Buffer.from("有給休暇は入社六か月後に十日付与されます。", "utf16le"),
      "有給休暇は入社六か月後に十日付与されます。",
    ],
    [
      "UTF-8 with a damaged byte",
      Buffer.concat([
        Buffer.from("Die Küche öffnet täglich für Gäste. "),
        Buffer.from([0xc3]),
        Buffer.from(" Ja."),
      ]),
      "Die Küche öffnet täglich für Gäste. \ufffd Ja.",
    ],
  ])("is read as %s", async (_, bytes, text) => {
    expect((await parse(new Uint8Array(bytes), "text")).blocks[0]?.text).toBe(text);
  });

  test.each([
    [
      "EBCDIC",
      Buffer.from(
        "d781a8999693934099a495a240969540a3888540f2f1a2a34b40d781a8999693934099a495a240969540a3888540f2f1a2a34b40d781a8999693934099a495a240969540a3888540f2f1a2a34b40",
        "hex",
      ),
      "EBCDIC",
    ],
    ["letters that are shifted", Buffer.from(shifted.repeat(8)), "make no words"],
    ["private characters", Buffer.from("\ue001\ue002\ue003 abc ".repeat(20)), "make no words"],
    [
      "bytes of no encoding",
      Uint8Array.from({ length: 2_000 }, (_, n) => (n % 7 === 0 ? 0x20 : 0x80 + ((n * n * 31) % 128))),
      "encoding",
    ],
  ])("in %s is refused with a sentence", async (_, bytes, sentence) => {
    const reading = parse(new Uint8Array(bytes), "text");
    expect(await codeOf(reading)).toBe("UNREADABLE_TEXT");
    expect(reading).rejects.toThrow(sentence);
  });

  test("with a stray byte in it is read", async () => {
    const words = Buffer.from(`The gate opens at seven. ${"It closes at nine. ".repeat(20)}`);
    expect(await codeOf(parse(new Uint8Array(Buffer.concat([words, Buffer.from([0x8d])])), "text"))).toBe(
      "none",
    );
  });

  test("codes, abbreviations and text in any language are readable", async () => {
    for (const text of [
      "AAPL MSFT NVDA TSLA GOOGL XPRT BRKB TSMC ".repeat(20),
      "Szczegółowe przepisy wewnętrzne określają zasady bezpieczeństwa i higieny pracy. ".repeat(8),
      "Dovolená činí pět týdnů. Žádost se podává nadřízenému nejpozději týden předem. ".repeat(8),
      "550e8400-e29b-41d4-a716-446655440000 ".repeat(40),
    ])
      expect(await codeOf(parse(text, "text"))).toBe("none");
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
      '---\nlayout: page\ntitle: "Going away"\n---\n# Travel\n\nBook **early** at the [desk](https://x.example).\n\n## Limits\n\n| City | Limit |\n|---|---|\n| Zurich | 190 euros |\n| Bern | |\n\n1. Ask\n2. Book\n   - by train\n\n```\nls -l\n```\n<!-- ignore me -->\n',
      "markdown",
    );

    expect(shape(document)).toEqual([
      ["heading", "", "Going away"],
      ["heading", "Going away", "Travel"],
      ["paragraph", "Going away > Travel", "Book early at the desk (https://x.example)."],
      ["heading", "Going away > Travel", "Limits"],
      ["table", "Going away > Travel > Limits", "City: Zurich; Limit: 190 euros\nCity: Bern"],
      ["list", "Going away > Travel > Limits", "1. Ask\n2. Book\n  - by train"],
      ["code", "Going away > Travel > Limits", "ls -l"],
    ]);
  });

  test("sentences that an editor broke into lines are whole, in paragraphs and in items", async () => {
    const { blocks } = await parse(
      "Personal laptops cannot be connected directly to the [network](https://x.example) of\nany office. Phones\ncan.\n\n- Check your\n  [benefits](https://x.example).\n",
      "markdown",
    );
    expect(blocks.map(({ text }) => text)).toEqual([
      "Personal laptops cannot be connected directly to the network (https://x.example) of any office. Phones can.",
      "- Check your benefits (https://x.example).",
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

describe("Markdown, as people write it", () => {
  test("is called what its front matter says, once", async () => {
    const titles = async (text: string) => (await parse(text, "markdown")).blocks.map(({ text }) => text);

    expect(await titles("---\ntitle: 'It''s leave'\n---\nTwelve weeks.")).toEqual([
      "It's leave",
      "Twelve weeks.",
    ]);
    expect(await titles('+++\ntitle = "Leave"\n+++\nTwelve weeks.')).toEqual(["Leave", "Twelve weeks."]);
    expect(await titles("---\ntitle: Leave\n---\n# Leave\n\nTwelve weeks.")).toEqual([
      "Leave",
      "Twelve weeks.",
    ]);
    expect(await titles("---\ntitle: >-\n  Leave\n  for parents\nlayout: x\n---\nTwelve weeks.")).toEqual([
      "Leave for parents",
      "Twelve weeks.",
    ]);
    expect(await titles("---\ntitle:\n---\nTwelve weeks.")).toEqual(["Twelve weeks."]);
  });

  test("has every character reference as the character", async () => {
    const { blocks } = await parse(
      "Caf&eacute; 8&ndash;16 h &mdash; 2&nbsp;&#x20AC; &rarr; AT&T &unheard;",
      "markdown",
    );
    expect(blocks[0]?.text).toBe("Café 8–16 h — 2 € → AT&T &unheard;");
  });

  test("keeps the addresses that links lead to elsewhere, but for those that it shows and those in headings", async () => {
    const { blocks } = await parse(
      "# The [desk](https://x.test)\n\n[Write](mailto:pay@acme.test?subject=x) or see [here](../more.md), <https://acme.test/a> and [acme.test/b](https://www.acme.test/b/).",
      "markdown",
    );
    expect(blocks.map(({ text }) => text)).toEqual([
      "The desk",
      "Write (pay@acme.test) or see here, https://acme.test/a and acme.test/b.",
    ]);
  });

  test("that is struck out is left out, and the admin is told where", async () => {
    const { blocks, warnings } = await parse(
      "# Prices\n\nLunch is ~~5.20~~ 6.10.\n\n- Tea ~~1~~ 2",
      "markdown",
    );

    expect(blocks.slice(1).map(({ text }) => text)).toEqual(["Lunch is 6.10.", "- Tea 2"]);
    expect(warnings).toEqual(["Struck-out text was left out, 2 times: under “Prices”."]);
  });

  test("that an editor broke in narrow columns is whole", async () => {
    const { blocks } = await parse(
      "The lost badge is blocked at the\ngate, and a new one is printed at\nthe security office in building 4\nwhile you wait.\n",
      "markdown",
    );
    expect(blocks[0]?.text).toBe(
      "The lost badge is blocked at the gate, and a new one is printed at the security office in building 4 while you wait.",
    );
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
    [
      "lines above that an empty one parts from it",
      "Phone list\nCreated;2024-05-03\n\nName;Phone;Room\nAda;4101;210\nMax;4102;B2\n",
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
