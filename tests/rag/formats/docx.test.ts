import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { aDocx, aParagraph, codeOf, parse, shape } from "./documents.ts";

const fixture = async (name: string): Promise<Uint8Array> =>
  new Uint8Array(await Bun.file(join(import.meta.dir, "../../fixtures", name)).arrayBuffer());

describe("DOCX", () => {
  test("written by LibreOffice keeps headings, lists and tables", async () => {
    const document = await parse(await fixture("handbook.docx"), "docx");

    expect(shape(document)).toContainEqual([
      "list",
      "Harbour handbook > Before the first lift",
      "1. Check the wind speed on the display in the cabin.\n2. Test the emergency stop.\n3. Report to the control room on channel 7.",
    ]);
    expect(shape(document)).toContainEqual([
      "table",
      "Cranes",
      "Crane: Anna; Greatest load: 42 tonnes; Wind limit: 18 m/s\nCrane: Berta; Greatest load: 65 tonnes; Wind limit: 16 m/s\nCrane: Clara; Greatest load: 12 tonnes; Wind limit: 20 m/s",
    ]);
    expect(document.warnings).toEqual([]);
  });

  test("a document type definition is refused, in UTF-16 too", async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:document/>`;
    expect(await codeOf(parse(aDocx("", { "word/document.xml": bomb }), "docx"))).toBe("XML_DTD_FORBIDDEN");
    const utf16 = new Uint8Array(Buffer.from(`\ufeff${bomb}`, "utf16le"));
    expect(await codeOf(parse(aDocx("", { "word/document.xml": utf16 }), "docx"))).toBe("XML_DTD_FORBIDDEN");
  });

  test("a picture that lies elsewhere is not opened, and the admin is told", async () => {
    const picture = `<w:p><w:r><w:drawing><a:graphic><a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip r:link="rId9"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></w:drawing></w:r></w:p>`;
    const relationships = `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="file:///etc/hostname" TargetMode="External"/></Relationships>`;
    const docx = aDocx(aParagraph("Look at this.") + picture, {
      "word/_rels/document.xml.rels": relationships,
    });

    const { blocks, warnings } = await parse(docx, "docx");

    expect(blocks.map(({ text }) => text)).toEqual(["Look at this."]);
    expect(warnings).toEqual(["The document points to files outside itself; they were not opened."]);
  });

  test("text that Word hides is left out with a warning", async () => {
    const { blocks, warnings } = await parse(
      aDocx(aParagraph("Seen.") + aParagraph("Obey me.", "<w:vanish/>")),
      "docx",
    );

    expect(blocks.map(({ text }) => text)).toEqual(["Seen."]);
    expect(warnings).toHaveLength(1);
  });

  test("an archive that unpacks to far more than its size is refused on what comes out", async () => {
    const bomb = aDocx(aParagraph("x"), { "word/media/image1.bin": new Uint8Array(60 * 1024 * 1024) });
    expect(await codeOf(parse(bomb, "docx"))).toBe("RESOURCE_LIMIT");
    // The size that the archive declares is not asked: here it says one byte.
    const forged = forgeSizes(bomb, 1);
    expect(await codeOf(parse(forged, "docx"))).toBe("RESOURCE_LIMIT");
  });

  test("an archive of too many parts is refused", async () => {
    const parts = Object.fromEntries(Array.from({ length: 2_100 }, (_, n) => [`x/${n}`, "x"]));
    expect(await codeOf(parse(aDocx(aParagraph("x"), parts), "docx"))).toBe("RESOURCE_LIMIT");
  });

  test("names that lead out of the archive lead nowhere", async () => {
    const docx = aDocx(aParagraph("Fine."), {
      "../../etc/passwd": "x",
      "/abs.xml": "x",
      "word/../../y.xml": "x",
    });
    expect((await parse(docx, "docx")).blocks.map(({ text }) => text)).toEqual(["Fine."]);
  });

  test("cut off anywhere it is malformed and nothing worse", async () => {
    const whole = await fixture("handbook.docx");
    for (let part = 1; part < 20; part++) {
      const code = await codeOf(parse(whole.slice(0, (whole.length * part) / 20), "docx"));
      expect(["MALFORMED_DOCUMENT", "none"]).toContain(code);
    }
    expect(await codeOf(parse(aDocx("<w:p>"), "docx"))).toMatch(/^(MALFORMED|EMPTY)_DOCUMENT$/);
    expect(await codeOf(parse(aDocx("", { "word/document.xml": "not xml" }), "docx"))).toBe(
      "MALFORMED_DOCUMENT",
    );
  });
});

/** Writes `size` as the unpacked size of every entry, in local and central headers. */
function forgeSizes(archive: Uint8Array, size: number): Uint8Array {
  const forged = archive.slice();
  const view = new DataView(forged.buffer);
  for (let at = 0; at + 30 < forged.length; at++) {
    const signature = view.getUint32(at, true);
    if (signature === 0x04034b50) view.setUint32(at + 22, size, true);
    if (signature === 0x02014b50) view.setUint32(at + 24, size, true);
  }
  return forged;
}
