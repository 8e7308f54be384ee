import { describe, expect, test } from "bun:test";
import { parse } from "./documents.ts";
import { aRawPdf, type RawPage, shown } from "./raw-pdf.ts";

type Options = Parameters<typeof aRawPdf>[1];

/** Kind and text of each block of a PDF with these pages. */
async function read(pages: readonly (string | RawPage)[], options?: Options): Promise<string[][]> {
  const { blocks } = await parse(aRawPdf(pages, options), "pdf");
  return blocks.map(({ kind, text }) => [kind, text]);
}

async function textOf(pages: readonly (string | RawPage)[], options?: Options): Promise<string> {
  return (await read(pages, options)).map(([, text]) => text).join("\n");
}

/** Lines from `y` down, `step` points apart. */
function lines(texts: readonly string[], x: number, y: number, step = 14, size = 11): string {
  return texts.map((text, index) => shown(text, x, y - index * step, size)).join("");
}

/** Rows of a table, cell by cell. */
function table(rows: readonly string[][], columns: readonly number[], y: number, step = 18): string {
  return rows
    .map((cells, row) =>
      cells.map((cell, column) => shown(cell, columns[column] ?? 0, y - row * step)).join(""),
    )
    .join("");
}

const STAFF = [
  ["Name", "Building", "Phone"],
  ["Adler", "House A", "ext. 4065"],
  ["Bauer", "House B", "ext. 4066"],
  ["Cerny", "House C", "ext. 4067"],
];

describe("running heads of a PDF", () => {
  test("are no body lines that differ by their digits", async () => {
    const pages = ["2,611.40", "2,598.17", "2,742.93"].map((pay, index) =>
      lines([`Payslip ${index + 1}`, "", `Net pay: ${pay} EUR`, "Ask payroll if it is wrong."], 60, 780),
    );

    expect(await textOf(pages)).toContain("2,598.17");
    expect(await textOf(pages)).toContain("2,742.93");
  });

  test("are not all that a page says, however alike the pages are", async () => {
    const pages = [4821, 7734, 9026].map((code, index) => shown(`Locker ${index}: code ${code}`, 60, 800));

    expect(await read(pages)).toEqual([
      ["paragraph", "Locker 0: code 4821"],
      ["paragraph", "Locker 1: code 7734"],
      ["paragraph", "Locker 2: code 9026"],
    ]);
  });

  test("are not counted up by more than the pages are", async () => {
    const pages = [4821, 7734, 9026].map(
      (code, index) => shown(`Code ${code}`, 60, 810) + shown(`Text of locker ${"abc"[index]}`, 60, 500),
    );

    expect(await textOf(pages)).toContain("Code 7734");
  });

  test("go where they come again, with page numbers of any shape", async () => {
    const pages = ["one", "two", "three", "four"].map(
      (word, index) =>
        shown("Works agreement 7", 60, 810) +
        shown(`Text ${word}.`, 60, 500) +
        shown(`- ${index + 1} -`, 280, 30),
    );

    expect((await textOf(pages)).split("\n")).toEqual([
      "Works agreement 7",
      "Text one.",
      "Text two.",
      "Text three.",
      "Text four.",
    ]);
  });
});

describe("columns of a PDF", () => {
  const LEFT = [
    "Holiday is booked in the portal at least",
    "two weeks ahead. Your manager answers",
    "within three days. Days that are left at",
    "the end of the year expire in March.",
  ];
  const RIGHT = [
    "Sick leave is reported by phone before",
    "nine. A note is needed from the third",
    "day on. Send it to the people team, not",
    "to your manager, and keep a copy of it.",
  ];

  test("are read one after the other though they were written line by line", async () => {
    const page = LEFT.map(
      (left, i) => shown(left, 60, 700 - i * 14) + shown(RIGHT[i] ?? "", 320, 700 - i * 14),
    );

    expect(await read([page.join("")])).toEqual([
      ["paragraph", LEFT.join(" ")],
      ["paragraph", RIGHT.join(" ")],
    ]);
  });

  test("need not share their lines, and there may be three", async () => {
    const third = RIGHT.map((line) => line.replace("Sick", "Parental").slice(0, 34));
    const page =
      lines(
        LEFT.map((line) => line.slice(0, 30)),
        40,
        700,
        14,
        9,
      ) +
      lines(
        RIGHT.map((line) => line.slice(0, 30)),
        220,
        695,
        14,
        9,
      ) +
      lines(third, 400, 691, 14, 9);

    const text = await textOf([page]);

    const places = ["Holiday is booked", "two weeks", "Sick leave", "nine. A note", "Parental leave"];
    expect(places.map((part) => text.indexOf(part))).toEqual(
      places.map((part) => text.indexOf(part)).sort((left, right) => left - right),
    );
    expect(text).not.toContain(" | ");
  });

  test("are not seen in justified prose", async () => {
    const prose = [
      "The keys of the vans hang in the",
      "porter lodge. Whoever takes a van",
      "writes the name and the time into",
      "the book that lies in the lodge",
      "and brings it back by the evening",
    ];
    const page = prose.map(
      (line, i) => `BT /F 10 Tf ${3 + ((i * 2) % 5)} Tw 60 ${700 - i * 13} Td (${line}) Tj ET\n`,
    );

    expect(await read([page.join("")])).toEqual([["paragraph", prose.join(" ")]]);
  });
});

describe("tables of a PDF", () => {
  const COLUMNS = [60, 210, 360];

  test("are read by rows though they were drawn column by column", async () => {
    const page = COLUMNS.map((x, column) =>
      lines(
        STAFF.map((row) => row[column] ?? ""),
        x,
        700,
        18,
      ),
    ).join("");

    expect(await textOf([page])).toContain("Name: Bauer; Building: House B; Phone: ext. 4066");
  });

  test("are read on pages that are turned, by the page or by the writer", async () => {
    const byPage = { content: `0 1 -1 0 595 0 cm ${table(STAFF, COLUMNS, 500)}`, entries: "/Rotate 90" };
    const byWriter = `0 1 -1 0 595 0 cm ${table(STAFF, COLUMNS, 500)}`;

    for (const page of [byPage, byWriter])
      expect(await textOf([page])).toContain("Name: Cerny; Building: House C; Phone: ext. 4067");
  });

  test("that go on over the page are one, with the names said again or not", async () => {
    const further = [
      ["Dahl", "House D", "ext. 4068"],
      ["Ewald", "House E", "ext. 4069"],
    ];
    const bare = [table(STAFF, COLUMNS, 120), table(further, COLUMNS, 780)];
    const named = [table(STAFF, COLUMNS, 120), table([...STAFF.slice(0, 1), ...further], COLUMNS, 780)];

    for (const pages of [bare, named]) {
      const { blocks } = await parse(aRawPdf(pages), "pdf");
      expect(blocks.map(({ page, text }) => [page, text.split("\n")[0]])).toEqual([
        [1, "Name: Adler; Building: House A; Phone: ext. 4065"],
        [2, "Name: Dahl; Building: House D; Phone: ext. 4068"],
      ]);
    }
  });

  test("keep the wrapped lines of a cell in it", async () => {
    const page =
      table([["Item", "Meaning"]], [60, 200], 700) +
      lines(["Helmet"], 60, 680) +
      lines(["worn wherever a crane", "may carry loads"], 200, 680, 12) +
      lines(["Vest"], 60, 646) +
      lines(["worn on every road", "of the yard"], 200, 646, 12);

    const text = await textOf([page]);
    expect(text).toContain("worn wherever a crane may carry loads");
    expect(text).toContain("worn on every road of the yard");
  });

  test("drawn with lines have cells over several rows", async () => {
    const at = { xs: [50, 150, 250, 350], ys: [720, 700, 680, 660] };
    const level = at.ys.map((y, index) => `${index === 2 ? 150 : 50} ${y} m 350 ${y} l S `).join("");
    const upright = at.xs.map((x) => `${x} 720 m ${x} 660 l S `).join("");
    const page =
      level +
      upright +
      table([["Depot", "Day", "Gate"]], [55, 155, 255], 706) +
      shown("York", 55, 676) +
      table(
        [
          ["Thursday", "G9"],
          ["Friday", "G2"],
        ],
        [155, 255],
        686,
        20,
      );

    const text = await textOf([page]);
    expect(text).toContain("G2");
    expect(text).not.toContain("Depot: Friday");
  });
});

describe("lines of a PDF", () => {
  test("that are drawn twice to look bold are there once", async () => {
    const twice = [..."KX4821"]
      .map((letter, i) => shown(letter, 60 + i * 7, 700) + shown(letter, 60.35 + i * 7, 700))
      .join("");
    const shadow = shown("Access code", 60, 650) + shown("Access code", 60.5, 649.5);

    expect(await read([twice + shadow])).toEqual([
      ["paragraph", "KX4821"],
      ["paragraph", "Access code"],
    ]);
  });

  test("keep a big number with its label, above it or below", async () => {
    const labelFirst = ["Revenue", "Profit"].map(
      (label, i) => shown(label, 60, 700 - i * 60, 10) + shown(`EUR ${i}8.2 million`, 60, 676 - i * 60, 18),
    );
    const numberFirst = ["People", "Sites"].map(
      (label, i) => shown(`${i}12`, 60, 700 - i * 60, 24) + shown(label, 60, 684 - i * 60, 10),
    );

    expect(await textOf([labelFirst.join("")])).toBe("Revenue: EUR 08.2 million\nProfit: EUR 18.2 million");
    expect(await textOf([numberFirst.join("")])).toBe("People: 012\nSites: 112");
  });

  test("lose a hyphen at their end only where the document has no such word", async () => {
    const page = lines(
      [
        "The e-mail is sent to the well-known safety informa-",
        "tion desk. Write an e-",
        "mail for a well-",
        "known reason, or for the informa-",
        "tion alone.",
      ],
      60,
      700,
    );

    const text = (await textOf([page])).replaceAll("\n", " ");
    expect(text).toContain("safety information desk");
    expect(text).toContain("Write an e-mail for a well-known reason");
  });

  test("from right to left keep Latin words and numbers where they are read", async () => {
    const unicode =
      "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def 1 begincodespacerange <00> <FF> endcodespacerange 2 beginbfrange <61> <7a> <05D0> <30> <39> <0030> endbfrange endcmap end end";
    const hebrew =
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /ToUnicode 50 0 R >>";
    const word = (text: string, x: number, font: string) => shown(text, x, 700, 11, font);
    const page = word("cba", 160, "H") + word("VPN", 130, "F") + word("42", 110, "F") + word("fed", 80, "H");

    const text = await textOf([page], {
      fonts: `/H ${hebrew}`,
      objects: [`<< /Length ${unicode.length} >>\nstream\n${unicode}\nendstream`],
    });

    expect(text).toBe("אבג 42 VPN דהו");
  });

  test("that end early are lines of their own", async () => {
    const page = lines(
      ["Gross pay: 3,900.00", "Bonus: 0.00", "Paid on the last working day of the month, if it is right."],
      60,
      700,
    );

    expect(await read([page])).toEqual([
      [
        "paragraph",
        "Gross pay: 3,900.00\nBonus: 0.00\nPaid on the last working day of the month, if it is right.",
      ],
    ]);
  });

  test("keep what is raised apart from the number it stands at", async () => {
    expect(await textOf([shown("10", 60, 700) + shown("3", 72.3, 704, 6.5) + shown("parts", 80, 700)])).toBe(
      "10³ parts",
    );
  });
});
