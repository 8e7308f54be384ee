import { describe, expect, test } from "bun:test";
import type { ChunkId, SourceId } from "../../src/domain/ids.ts";
import { chunkDocument } from "../../src/rag/chunk.ts";
import { extractAnswer } from "../../src/rag/extract.ts";
import { aDocx, parse } from "./formats/documents.ts";

type Cell = { text: string; columns: number; rows: number; isHeader: boolean };
type Format = "csv" | "html" | "docx" | "markdown" | "json";
type Case = { shape: string; table: string; question: string; answer: string; not?: string; in: Format[] };

/** Rows of cells between bars; `!` before what the format may mark as a header, `>2` and `^2` behind what spans. */
const CASES: Case[] = [
  {
    shape: "names of columns",
    table: "!Plant|!Foreman|!Phone\nGera|Ida Holm|4101\nJena|Tom Li|4102\nWeimar|Jane Roe|4103",
    question: "What is the phone of Jena?",
    answer: "4102",
    not: "4103",
    in: ["csv", "html", "docx", "markdown", "json"],
  },
  {
    shape: "years",
    table: "Plant|2023|2024|2025\nGera|310|355|402\nJena|120|98|141",
    question: "What was the output of Gera in 2024?",
    answer: "355",
    in: ["csv", "html", "docx"],
  },
  {
    shape: "quarters under years",
    table: "Site^2|2024>2|2025>2\nQ1|Q2|Q1|Q2\nHull|11|12|13|14\nYork|21|22|23|24",
    question: "How many did York have in Q2 2025?",
    answer: "24",
    not: "14",
    in: ["csv", "html", "docx"],
  },
  {
    shape: "names of rows and their values",
    table: "Manager|Jane Roe\nDeputy|Tom Li\nOffice|Annex B, second floor\nBudget|40,000 euros",
    question: "Who is the deputy?",
    answer: "Tom Li",
    not: "Jane Roe: Tom Li",
    in: ["csv", "html", "docx"],
  },
  {
    shape: "no names at all",
    table: "Monday|Lentil soup|Pasta bake\nTuesday|Greek salad|Fried fish\nWednesday|Tomato soup|Risotto",
    question: "What is for lunch on Tuesday?",
    answer: "Fried fish",
    not: "Monday: Tuesday",
    in: ["csv", "html", "docx"],
  },
  {
    shape: "merged rows",
    table: "!Depot|!Day|!Gate\nHull^2|Monday|G4\nThursday|G9\nYork^2|Tuesday|G1\nFriday|G2",
    question: "Which gate does York use on Friday?",
    answer: "G2",
    in: ["html", "docx"],
  },
  {
    shape: "merged columns",
    table: "!Pool|!Saturday|!Sunday\nNorth|closed>2\nSouth|09:00 to 12:00|10:00 to 14:00",
    question: "When is the south pool open on Sunday?",
    answer: "10:00 to 14:00",
    in: ["html", "docx"],
  },
  {
    shape: "sections",
    table: "!City|!Hotel limit\nGermany>2\nBerlin|120 euros\nSwitzerland>2\nBerne|190 euros",
    question: "What is the hotel limit in Berne?",
    answer: "190 euros",
    in: ["html", "docx"],
  },
  {
    shape: "a title above",
    table: "Parking permits>3\n!Zone|!Price|!Valid\nBlue|12 euros|one day\nRed|90 euros|one year",
    question: "How much is a permit for the red zone?",
    answer: "90 euros",
    in: ["csv", "html", "docx"],
  },
  {
    shape: "explanations",
    table:
      "Code|Meaning\nE-17|The paper tray at the back is empty.\nE-18|The cover of the fuser stands open.",
    question: "What does E-18 mean?",
    answer: "The cover of the fuser stands open",
    in: ["csv", "html", "docx", "markdown", "json"],
  },
  {
    shape: "decimal commas",
    table: "Artikel|Preis|Bestand\nHelm|12,50 €|14\nWeste|8,90 €|3",
    question: "Was kostet eine Weste?",
    answer: "8,90 €",
    in: ["csv", "html", "docx", "markdown"],
  },
  {
    shape: "wages by role",
    table: "!Role|!Hourly rate|!Overtime\nHelper|17.20|25 %\nFitter|19.90|30 %\nWelder|22.40|35 %",
    question: "What is the hourly rate of a fitter?",
    answer: "19.90",
    in: ["csv", "html", "docx", "markdown", "json"],
  },
];

function cellsOf(table: string): Cell[][] {
  return table.split("\n").map((line) =>
    line.split("|").map((written) => ({
      text: written.replace(/^!|[>^]\d/g, ""),
      columns: Number(/>(\d)/.exec(written)?.[1] ?? 1),
      rows: Number(/\^(\d)/.exec(written)?.[1] ?? 1),
      isHeader: written.startsWith("!"),
    })),
  );
}

const WRITERS: Record<Format, (rows: Cell[][]) => string | Uint8Array> = {
  csv: (rows) =>
    grid(rows)
      .map((row) => row.map((text) => (/[;"]/.test(text) ? `"${text}"` : text)).join(";"))
      .join("\n"),
  markdown: ([header = [], ...rows]) =>
    [header, header.map(() => ({ text: "---" })), ...rows]
      .map((row) => `| ${row.map(({ text }) => text).join(" | ")} |`)
      .join("\n"),
  json: ([header = [], ...rows]) =>
    JSON.stringify(
      rows.map((row) =>
        Object.fromEntries(row.map(({ text }, column) => [header[column]?.text ?? "", text])),
      ),
    ),
  html: (rows) =>
    `<table>${rows.map((row) => `<tr>${row.map(({ text, columns, rows, isHeader }) => `<${isHeader ? "th" : "td"} colspan="${columns}" rowspan="${rows}">${text}</${isHeader ? "th" : "td"}>`).join("")}</tr>`).join("")}</table>`,
  docx: (rows) => aDocx(`<w:tbl><w:tblPr/>${wordRows(rows)}</w:tbl>`),
};

/** Word writes a cell in every row that it spans. */
function wordRows(rows: Cell[][]): string {
  const wordCell = ({ text, columns, isHeader }: Cell, merge: string) =>
    `<w:tc><w:tcPr><w:gridSpan w:val="${columns}"/>${merge}</w:tcPr><w:p><w:r><w:rPr>${isHeader ? "<w:b/>" : ""}</w:rPr><w:t>${text}</w:t></w:r></w:p></w:tc>`;
  let above: { cell: Cell; left: number } | null = null;
  return rows
    .map((row) => {
      const first = row[0];
      if (first && first.rows > 1) above = { cell: first, left: first.rows };
      const merged =
        above && above.left > 0 && above.cell !== first
          ? wordCell({ ...above.cell, text: "" }, "<w:vMerge/>")
          : "";
      if (above) above.left--;
      const cells = row.map((cell) => wordCell(cell, cell.rows > 1 ? '<w:vMerge w:val="restart"/>' : ""));
      return `<w:tr>${merged}${cells.join("")}</w:tr>`;
    })
    .join("");
}

/** As a spreadsheet saves it: a merged cell's text in its first place, the others empty. */
function grid(rows: Cell[][]): string[][] {
  const down = new Map<number, number>();
  return rows.map((row) => {
    const texts: string[] = [];
    const skip = () => {
      while ((down.get(texts.length) ?? 0) > 0) {
        down.set(texts.length, (down.get(texts.length) ?? 0) - 1);
        texts.push("");
      }
    };
    for (const { text, columns, rows: height } of row) {
      skip();
      if (height > 1) down.set(texts.length, height - 1);
      texts.push(text, ...Array<string>(columns - 1).fill(""));
    }
    skip();
    return texts;
  });
}

async function answerOf(content: string | Uint8Array, format: Format, question: string): Promise<string> {
  const chunks = chunkDocument(await parse(content, format));
  const passages = chunks.map(({ headingPath, page, content: text, ordinal }) => ({
    ...{ n: ordinal + 1, chunk: `chk_${ordinal}` as ChunkId, source: "src_1" as SourceId, title: "Sheet" },
    ...{ headingPath, page, text, relevance: 0.9 },
  }));
  return extractAnswer(question, passages);
}

describe("a question about a table is answered from its cell, without a model", () => {
  const asked = CASES.flatMap((each) => each.in.map((format) => [each.shape, format, each] as const));

  test("in forty tables", () => expect(asked.length).toBeGreaterThanOrEqual(40));

  test.each(asked)("with %s, as %s", async (_, format, { table, question, answer, not }) => {
    const reply = await answerOf(WRITERS[format](cellsOf(table)), format, question);

    expect(reply).toContain(answer);
    if (not !== undefined) expect(reply).not.toContain(not);
  });
});
