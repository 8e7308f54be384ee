import { expect, test } from "bun:test";
import PDFDocument from "pdfkit";
import { loadPdfParse } from "../../src/native/pdf-environment.ts";

async function aPdf(...pages: string[]): Promise<Uint8Array> {
  const pdf = new PDFDocument({ autoFirstPage: false });
  const parts: Buffer[] = [];
  pdf.on("data", (part: Buffer) => parts.push(part));
  const written = new Promise<void>((resolve) => pdf.on("end", resolve));
  for (const text of pages) pdf.addPage().text(text);
  pdf.end();
  await written;
  return new Uint8Array(Buffer.concat(parts));
}

test("text comes out of a PDF page by page without a browser's drawing classes", async () => {
  const { PDFParse } = await loadPdfParse();
  const parser = new PDFParse({
    data: await aPdf("Parental leave is 26 weeks.", "Dogs are welcome on Fridays."),
  });

  const { pages } = await parser.getText();
  await parser.destroy();

  expect(pages.map(({ num, text }) => [num, text.trim()])).toEqual([
    [1, "Parental leave is 26 weeks."],
    [2, "Dogs are welcome on Fridays."],
  ]);
});
