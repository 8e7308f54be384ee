/** DOCX: its parts are read as Word shows them, from the header of its first page to its endnotes. */
import type { ParserInput } from "../format.ts";
import type { BlockWriter } from "../shared/block-writer.ts";
import { Body } from "./body.ts";
import { type References, readParagraph } from "./inline.ts";
import { commentsIn, notesIn } from "./notes.ts";
import { Numbering } from "./numbering.ts";
import { WordPackage } from "./package.ts";
import { Styles } from "./styles.ts";
import { child, descendants, type XmlElement } from "./xml.ts";

export async function parseDocx({ bytes, writer, onProgress }: ParserInput): Promise<null> {
  const file = new WordPackage(bytes, writer);
  onProgress({ done: 1, total: 3, unit: "part" });
  const styles = new Styles(file.related("styles"));
  const references = referencesOf(file, styles);
  const main = file.part(file.main);
  onProgress({ done: 2, total: 3, unit: "part" });
  const body = child(main, "w:body");
  if (body) {
    const margins = marginsOf(file, body, styles);
    for (const text of margins.headers) writer.block("paragraph", text, null);
    new Body(writer, references, new Numbering(file.related("numbering"), styles)).write(body);
    writeFooters(margins.footers, writer);
  }
  onProgress({ done: 3, total: 3, unit: "part" });
  return null;
}

function referencesOf(file: WordPackage, styles: Styles): References {
  const links = file.targets(file.main);
  const plain: References = {
    styles,
    link: (id) => links.get(id)?.target ?? null,
    note: () => "",
    comment: () => "",
    hidesPageNumbers: false,
  };
  const read = (paragraph: XmlElement) => readParagraph(paragraph, plain).text;
  const notes = {
    footnote: notesIn(file.related("footnotes"), "footnote", read),
    endnote: notesIn(file.related("endnotes"), "endnote", read),
  };
  const comments = commentsIn(file.related("comments"), read);
  return {
    ...plain,
    note: (kind, id) => notes[kind].get(id) ?? "",
    comment: (id) => comments.get(id) ?? "",
  };
}

/** What stands above and below every page, once. */
function marginsOf(
  file: WordPackage,
  body: XmlElement,
  styles: Styles,
): { headers: string[]; footers: string[] } {
  const targets = file.targets(file.main);
  const sections = descendants(body, "w:sectPr");
  const of = (name: string): string[] => {
    const ids = sections.flatMap((section) =>
      descendants(section, name).map(({ attributes }) => attributes["r:id"] ?? ""),
    );
    const parts = [...new Set(ids.map((id) => targets.get(id)?.target ?? ""))].map((target) =>
      file.part(target),
    );
    const texts = parts.map((part) => (part ? marginText(part, styles) : ""));
    return [...new Set(texts)].filter((text) => /\p{L}/u.test(text));
  };
  const headers = of("w:headerReference");
  return { headers, footers: of("w:footerReference").filter((text) => !headers.includes(text)) };
}

/** "Page 1,234 of 1,250", and no more. */
const LONGEST_NUMBER = 40;
/** A line of nothing but a page's number says nothing of the document. */
const PAGE_NUMBER =
  /^[\s\p{P}\d]*(?:page|seite|pagina|página|sida|side|strona|стр\.?|страница|第)?[\s\p{P}\d]*(?:of|von|de|di|van|av|z|из)?[\s\p{P}\d]*(?:页|頁)?$/iu;

function marginText(part: XmlElement, styles: Styles): string {
  const references: References = {
    styles,
    link: () => null,
    note: () => "",
    comment: () => "",
    hidesPageNumbers: true,
  };
  const lines = descendants(part, "w:p").map((paragraph) => {
    const { text, boxes } = readParagraph(paragraph, references);
    return [text, ...boxes.map((box) => marginText(box, styles))]
      .join("\n")
      .replace(/[^\S\n]+/g, " ")
      .trim();
  });
  return lines.filter((line) => line.length > LONGEST_NUMBER || !PAGE_NUMBER.test(line)).join("\n");
}

/** They belong to the whole document and to none of its headings. */
function writeFooters(footers: readonly string[], writer: BlockWriter): void {
  if (footers.length > 0) writer.endHeadings();
  for (const text of footers) writer.block("paragraph", text, null);
}
