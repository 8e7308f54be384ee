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

const w = (text: string, properties = "") =>
  `<w:r><w:rPr>${properties}</w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;
const p = (content: string, properties = "") => `<w:p><w:pPr>${properties}</w:pPr>${content}</w:p>`;
const listed = (numId: number, depth: number) =>
  `<w:numPr><w:ilvl w:val="${depth}"/><w:numId w:val="${numId}"/></w:numPr>`;
const tc = (content: string, properties = "") => `<w:tc><w:tcPr>${properties}</w:tcPr>${content}</w:tc>`;
const W = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`;
const TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/** The relationships of the main part. */
const related = (...targets: [id: string, type: string, target: string][]) =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${targets
    .map(
      ([id, type, target]) =>
        `<Relationship Id="${id}" Type="${TYPE}/${type}" Target="${target}"${type === "hyperlink" ? ' TargetMode="External"' : ""}/>`,
    )
    .join("")}</Relationships>`;
const textsOf = async (body: string, parts: Record<string, string> = {}): Promise<string[]> =>
  (await parse(aDocx(body, parts), "docx")).blocks.map(({ text }) => text);

describe("a Word document, as Word shows it", () => {
  test("has formulas in one line, in and between sentences", async () => {
    const m = (content: string) =>
      `<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">${content}</m:oMath>`;
    const r = (text: string) => `<m:r><m:t>${text}</m:t></m:r>`;
    const fraction = `<m:f><m:num>${r("a")}${r("+b")}</m:num><m:den>${r("2")}</m:den></m:f>`;
    const power = `<m:sSup><m:e>${r("x")}</m:e><m:sup>${r("2")}</m:sup></m:sSup>`;
    const root = `<m:rad><m:deg/><m:e>${r("n")}</m:e></m:rad>`;
    const sum = `<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>${r("i=1")}</m:sub><m:sup>${r("n")}</m:sup><m:e>${r("i")}</m:e></m:nary>`;

    expect(
      await textsOf(
        p(w("Pay") + m(`${r("y=")}${fraction}`) + w("euros.")) + p(m(power + r("+") + root + r("=") + sum)),
      ),
    ).toEqual(["Pay y=(a+b)/2 euros.", "x^2+√(n)=∑_(i=1)^n i"]);
  });

  test("has headers and footers once, without page numbers, the header first", async () => {
    const margin = (name: string, content: string) => `<w:${name} ${W}>${content}</w:${name}>`;
    const number = `<w:fldSimple w:instr=" PAGE "><w:r><w:t>3</w:t></w:r></w:fldSimple>`;
    const parts = {
      "word/_rels/document.xml.rels": related(
        ["h1", "header", "header1.xml"],
        ["h2", "header", "header2.xml"],
        ["f1", "footer", "footer1.xml"],
      ),
      "word/header1.xml": margin("hdr", p(w("Instruction WI-2207"))),
      "word/header2.xml": margin("hdr", p(w("Instruction WI-2207"))),
      "word/footer1.xml": margin("ftr", p(w("Page ") + number + w(" of 9")) + p(w("Owner: ext. 6120"))),
    };
    const section = `<w:sectPr><w:headerReference r:id="h1"/><w:headerReference r:id="h2"/><w:footerReference r:id="f1"/></w:sectPr>`;

    expect(await textsOf(p(w("Check the brakes.")) + section, parts)).toEqual([
      "Instruction WI-2207",
      "Check the brakes.",
      "Owner: ext. 6120",
    ]);
  });

  test("has footnotes in the sentence, comments behind the paragraph, and addresses behind links", async () => {
    const notes = `<w:footnotes ${W}><w:footnote w:type="separator" w:id="0">${p(w("x"))}</w:footnote><w:footnote w:id="2">${p(w("on weekdays"))}</w:footnote></w:footnotes>`;
    const comments = `<w:comments ${W}><w:comment w:id="5" w:author="Ada">${p(w("Still so?"))}</w:comment></w:comments>`;
    const parts = {
      "word/_rels/document.xml.rels": related(
        ["n", "footnotes", "footnotes.xml"],
        ["c", "comments", "comments.xml"],
        ["l", "hyperlink", "mailto:pay@acme.test"],
      ),
      "word/footnotes.xml": notes,
      "word/comments.xml": comments,
    };
    const field = `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://acme.test/f" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>${w("the form")}<w:r><w:fldChar w:fldCharType="end"/></w:r>`;

    expect(
      await textsOf(
        p(
          `${w("Paid at 150 percent")}<w:r><w:footnoteReference w:id="2"/></w:r>${w(", ")}<w:hyperlink r:id="l">${w("ask us")}</w:hyperlink>${w(" or use ")}${field}${w(".")}<w:r><w:commentReference w:id="5"/></w:r>`,
        ),
        parts,
      ),
    ).toEqual([
      "Paid at 150 percent (on weekdays), ask us (pay@acme.test) or use the form (https://acme.test/f).",
      "Comment by Ada: Still so?",
    ]);
  });

  test("has text boxes, in whichever form they are written", async () => {
    const inside = (text: string) => `<w:txbxContent>${p(w(text))}</w:txbxContent>`;
    const drawing = (text: string) =>
      `<w:drawing><a:graphic><wps:txbx xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">${inside(text)}</wps:txbx></a:graphic></w:drawing>`;
    const both = `<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="wps">${drawing("Ring 4711.")}</mc:Choice><mc:Fallback><w:pict>${inside("Ring 4711.")}</w:pict></mc:Fallback></mc:AlternateContent>`;
    const alone = `<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="wps">${drawing("Ring 4712.")}</mc:Choice></mc:AlternateContent>`;

    expect(
      await textsOf(
        p(`${w("In a fire:")}<w:r>${both}</w:r><w:r>${alone}</w:r>`) +
          p(`<w:r><w:pict>${inside("Ring 4713.")}</w:pict></w:r>`),
      ),
    ).toEqual(["In a fire:", "Ring 4711.", "Ring 4712.", "Ring 4713."]);
  });

  test("has numbers as they are seen, also where a list goes on after a paragraph", async () => {
    const level = (depth: number, format: string, text: string) =>
      `<w:lvl w:ilvl="${depth}"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${text}"/></w:lvl>`;
    const numbering = `<w:numbering ${W}><w:abstractNum w:abstractNumId="0">${level(0, "decimal", "%1.")}${level(1, "decimal", "%1.%2")}${level(2, "lowerLetter", "(%3)")}</w:abstractNum><w:abstractNum w:abstractNumId="1">${level(0, "bullet", "·")}</w:abstractNum>
      <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num></w:numbering>`;
    const styles = `<w:styles ${W}><w:style w:type="paragraph" w:styleId="U2"><w:name w:val="heading 2"/><w:pPr>${listed(1, 1)}</w:pPr></w:style></w:styles>`;

    const body = [
      p(w("Leave the building."), listed(1, 0)),
      p(w("Do not use lifts.")),
      p(w("Go to car park B."), listed(1, 0)),
      p(w("By the stairs."), listed(1, 1)),
      p(w("Not the fire stairs."), listed(1, 2)),
      p(w("Assembly"), `<w:pStyle w:val="U2"/>`),
      p(w("A torch"), listed(2, 0)),
      p(w("Begin again."), listed(3, 0)),
    ].join("");
    expect(
      shape(await parse(aDocx(body, { "word/numbering.xml": numbering, "word/styles.xml": styles }), "docx")),
    ).toEqual([
      ["list", "", "1. Leave the building."],
      ["paragraph", "", "Do not use lifts."],
      ["list", "", "2. Go to car park B.\n  2.1 By the stairs.\n    (a) Not the fire stairs."],
      ["heading", "", "2.2 Assembly"],
      ["list", "2.2 Assembly", "- A torch\n1. Begin again."],
    ]);
  });

  test("has changes accepted, what is struck out marked, and content controls and hyphens like other text", async () => {
    const changed = p(
      `${w("Paid ")}<w:del>${`<w:r><w:delText>at 125</w:delText></w:r>`}</w:del><w:ins>${w("at 150")}</w:ins>${w(" percent.")}`,
    );
    const ended = p(w("Booked monthly"), `<w:rPr><w:del w:id="1"/></w:rPr>`) + p(w("and shown on the slip."));
    const struck = p(w("Lunch is ") + w("5.20 ", "<w:strike/>") + w("6.10."));
    const control = `<w:sdt><w:sdtPr/><w:sdtContent>${p(`<w:sdt><w:sdtContent>${w("Form A")}</w:sdtContent></w:sdt><w:r><w:noBreakHyphen/></w:r>${w("38")}`)}</w:sdtContent></w:sdt>`;
    const document = await parse(aDocx(changed + ended + struck + control), "docx");

    expect(document.blocks.map(({ text }) => text)).toEqual([
      "Paid at 150 percent.",
      "Booked monthly and shown on the slip.",
      "Lunch is ~~5.20~~ 6.10.",
      "Form A-38",
    ]);
    expect(document.warnings).toEqual([
      "Text that was deleted with changes tracked was left out, once: before the first heading.",
    ]);
  });

  test("has merged cells in every row that they span, and lists and tables in cells in their row", async () => {
    const row = (...cells: string[]) => `<w:tr>${cells.join("")}</w:tr>`;
    const cell = (text: string, properties = "") => tc(p(w(text)), properties);
    const inner = `<w:tbl>${row(cell("screen"))}${row(cell("camera"))}</w:tbl>`;
    const table = `<w:tbl><w:tblPr/>${row(cell("Room"), cell("Equipment", '<w:gridSpan w:val="2"/>'), cell("Seats"))}${row(cell("Oak", '<w:vMerge w:val="restart"/>'), tc(`${inner}<w:p/>`), cell("loop"), cell("14"))}${row(cell("", "<w:vMerge/>"), cell("phone"), cell("lamp"), cell("8"))}</w:tbl>`;

    expect(await textsOf(table)).toEqual([
      "Room: Oak; Equipment: screen, camera; Equipment: loop; Seats: 14\nRoom: Oak; Equipment: phone; Equipment: lamp; Seats: 8",
    ]);
  });

  test("has the text of a box that is drawn as a table of one cell", async () => {
    const box = `<w:tbl><w:tr>${tc(p(w("Mind the step.")) + p(w("It is high.")))}</w:tr></w:tbl>`;
    expect(await textsOf(box)).toEqual(["Mind the step.", "It is high."]);
  });

  test("is read whatever its program calls the namespaces, in strict form, too", async () => {
    const strict = `<d:document xmlns:d="http://purl.oclc.org/ooxml/wordprocessingml/main"><d:body><d:p><d:r><d:t>Read &amp; understood.</d:t></d:r></d:p></d:body></d:document>`;
    expect(await textsOf("", { "word/document.xml": strict })).toEqual(["Read & understood."]);
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
