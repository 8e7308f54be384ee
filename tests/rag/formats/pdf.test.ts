import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import PDFDocument from "pdfkit";
import { parseDocument } from "../../../src/rag/formats/parse.ts";
import { codeOf, parse, shape } from "./documents.ts";
import { aRawPdf, shown } from "./raw-pdf.ts";

const fixture = async (name: string): Promise<Uint8Array> =>
  new Uint8Array(await Bun.file(join(import.meta.dir, "../../fixtures", name)).arrayBuffer());

async function aPdf(draw: (pdf: PDFKit.PDFDocument) => void): Promise<Uint8Array> {
  const pdf = new PDFDocument();
  const parts: Buffer[] = [];
  pdf.on("data", (part: Buffer) => parts.push(part));
  const written = new Promise<void>((resolve) => pdf.on("end", resolve));
  draw(pdf);
  pdf.end();
  await written;
  return new Uint8Array(Buffer.concat(parts));
}

describe("PDF", () => {
  test("written by LibreOffice keeps pages, headings, lists and tables", async () => {
    const document = await parse(await fixture("handbook.pdf"), "pdf");

    expect(document.pageCount).toBe(2);
    expect(shape(document)).toContainEqual([
      "paragraph",
      "Harbour handbook > Shifts",
      "The early shift begins at 05:40 and ends at 13:50. The late shift begins at 13:40 and ends at 21:50. The ten minutes in which both shifts overlap are for the handover at the crane.",
    ]);
    expect(shape(document)).toContainEqual([
      "list",
      "Harbour handbook > Protective equipment",
      "- Helmet with chin strap\n- High-visibility vest, class 3\n- Safety boots, class S3",
    ]);
    const table = document.blocks.find(({ kind }) => kind === "table");
    expect(table?.page).toBe(2);
    expect(table?.text.split("\n")[1]).toBe("Crane: Berta; Greatest load: 65 tonnes; Wind limit: 16 m/s");
  });

  test("tells how far it is, page by page", async () => {
    const progress: unknown[] = [];
    await parseDocument(await fixture("handbook.pdf"), "a.pdf", "pdf", (each) => progress.push(each));

    expect(progress).toEqual([
      { done: 1, total: 2, unit: "page" },
      { done: 2, total: 2, unit: "page" },
    ]);
  });

  test("behind a password is refused as encrypted", async () => {
    expect(await codeOf(parse(await fixture("encrypted.pdf"), "pdf"))).toBe("ENCRYPTED");
  });

  test("of pictures has no text layer", async () => {
    expect(await codeOf(parse(await fixture("scanned.pdf"), "pdf"))).toBe("NO_TEXT_LAYER");
  });

  test("with some pages of pictures names them, and no empty ones", async () => {
    const picture = "q 500 0 0 700 40 60 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q ";
    const bytes = aRawPdf([
      shown("Page one.", 60, 700),
      picture,
      "",
      picture + shown("Scanned by Ada", 60, 20),
      picture +
        shown(
          "What text recognition found lies under the picture that it was found in, word for word.",
          60,
          600,
        ),
    ]);

    expect((await parse(bytes, "pdf")).warnings).toEqual([
      "Page 2 has no text that can be read; scanned pages need OCR.",
      "Page 4 has little text beside a picture that may hold more.",
    ]);
  });

  test("with a damaged page is read without it, and names it", async () => {
    const whole = aRawPdf(["First page.", "Second page.", "Third page."].map((text) => shown(text, 60, 700)));
    const damaged = Buffer.from(whole).toString("latin1").replace("104 0 obj\n<<", "104 0 obj\n((");

    const { blocks, warnings } = await parse(new Uint8Array(Buffer.from(damaged, "latin1")), "pdf");

    expect(blocks.map(({ text }) => text)).toEqual(["First page.", "Second page."]);
    expect(warnings).toEqual(["Page 3 has content that is damaged and cannot be read."]);
  });

  test("that was filled in has its values, whether or not they are drawn, and its comments", async () => {
    const field = (name: string, value: string, y: number, more = "") =>
      `<< /Type /Annot /Subtype /Widget /FT /Tx /T (${name}) /V (${value}) /Rect [200 ${y} 420 ${y + 16}] /F 4 ${more} >>`;
    const bytes = aRawPdf(
      [
        {
          content: ["Name:", "Serial number:", "Approved:"]
            .map((label, i) => shown(label, 60, 700 - i * 24))
            .join(""),
          entries: "/Annots [50 0 R 51 0 R 52 0 R 53 0 R 54 0 R]",
        },
      ],
      {
        catalog: "/AcroForm << /Fields [50 0 R 51 0 R 52 0 R 53 0 R] /DA (/Helv 0 Tf 0 g) >>",
        objects: [
          field("name", "Priya Raman", 697),
          field("serial", "LX-99-20431", 673),
          "<< /Type /Annot /Subtype /Widget /FT /Btn /T (ok) /V /Yes /AS /Yes /Rect [200 649 216 665] /F 4 /AP << /N << /Yes 55 0 R /Off 55 0 R >> >> >>",
          field("secret", "hunter2", 600, "/Ff 8192"),
          "<< /Type /Annot /Subtype /Text /Contents (Ask Bo first.) /Rect [500 700 520 720] >>",
          "<< /Type /XObject /Subtype /Form /BBox [0 0 16 16] /Length 0 >>\nstream\n\nendstream",
        ],
      },
    );

    const text = (await parse(bytes, "pdf")).blocks.map((block) => block.text).join("\n");

    for (const part of ["Name: Priya Raman", "Serial number: LX-99-20431", "Approved: ☒", "Ask Bo first."])
      expect(text).toContain(part);
    expect(text).not.toContain("hunter2");
  });

  test("what stands on every page is said once, and page numbers never", async () => {
    const bytes = await aPdf((pdf) => {
      for (let page = 1; page <= 4; page++) {
        if (page > 1) pdf.addPage();
        pdf.text(`Only page ${"abcd"[page - 1]} says this.`, 72, 300);
        pdf.text("Confidential", 72, 680);
        pdf.text(`Page ${page} of 4`, 400, 700);
      }
    });

    const { blocks } = await parse(bytes, "pdf");

    expect(blocks.map(({ text, page }) => [text, page])).toEqual([
      ["Only page a says this.", 1],
      ["Confidential", 1],
      ...["b", "c", "d"].map((letter, index) => [`Only page ${letter} says this.`, index + 2]),
    ]);
  });

  test("in codes that only a predefined table explains is read by Parley's own tables", async () => {
    const font = `<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light /Encoding /90ms-RKSJ-H /DescendantFonts [50 0 R] >>`;
    const system = "<< /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >>";
    const bytes = aRawPdf(["BT /J 14 Tf 60 700 Td <8c6f94ef> Tj ET"], {
      fonts: `/J ${font}`,
      objects: [
        `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light /CIDSystemInfo ${system} /FontDescriptor 51 0 R /DW 1000 >>`,
        "<< /Type /FontDescriptor /FontName /Ryumin-Light /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>",
      ],
    });

    expect((await parse(bytes, "pdf")).blocks.map(({ text }) => text)).toEqual(["経費"]);
  });

  test("cut off anywhere it is malformed and nothing worse", async () => {
    const whole = await fixture("handbook.pdf");
    for (let part = 1; part < 10; part++) {
      const code = await codeOf(parse(whole.slice(0, (whole.length * part) / 10), "pdf"));
      expect(["MALFORMED_DOCUMENT", "NO_TEXT_LAYER", "EMPTY_DOCUMENT", "none"]).toContain(code);
    }
    expect(await codeOf(parse("%PDF-1.7\nnothing", "pdf"))).toBe("MALFORMED_DOCUMENT");
  });
});
