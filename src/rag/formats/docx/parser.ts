/** DOCX: a bounded, cleaned copy of its XML goes to mammoth, whose HTML is walked like any other. */
import { strFromU8, strToU8, zipSync } from "fflate";
import mammoth from "mammoth";
import { AppError } from "../../../errors.ts";
import type { ParserInput } from "../format.ts";
import { writeHtml } from "../html/parser.ts";
import type { BlockWriter } from "../shared/block-writer.ts";
import { malformed } from "../shared/limits.ts";
import { readArchive } from "../shared/zip.ts";

const MAIN_PART = "word/document.xml";
/** mammoth's own names for the headings; a document's title is its outermost heading. */
const STYLE_MAP = ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => p:fresh"];

export async function parseDocx({ bytes, writer, onProgress }: ParserInput): Promise<null> {
  const parts = readArchive(bytes, isWanted);
  if (
    !parts.has("[Content_Types].xml") ||
    ![...parts.keys()].some((name) => /^word\/document\d*\.xml$/.test(name))
  ) {
    throw malformed("The file is not a complete Word document.");
  }
  onProgress({ done: 1, total: 3, unit: "part" });
  const clean: Record<string, Uint8Array> = {};
  for (const [name, part] of parts) clean[name] = strToU8(cleanPart(name, xmlText(part), writer));
  const copy = Buffer.from(zipSync(clean, { level: 0 }));
  const { value: html } = await mammoth.convertToHtml(
    { buffer: copy },
    { styleMap: STYLE_MAP, externalFileAccess: false, convertImage: withoutImages },
  );
  onProgress({ done: 2, total: 3, unit: "part" });
  writeHtml(html, writer);
  onProgress({ done: 3, total: 3, unit: "part" });
  return null;
}

/** Pictures, fonts and embedded files are counted while unpacking, but nothing of them is kept. */
function isWanted(name: string): boolean {
  return /^(\[Content_Types\]\.xml|_rels\/\.rels|word\/[\w-]+\.xml|word\/_rels\/[\w.-]+\.rels)$/.test(name);
}

const withoutImages = mammoth.images.imgElement(async () => ({ src: "" }));

/** XML as UTF-8 text, so that no encoding hides what is looked for below. */
function xmlText(part: Uint8Array): string {
  const isUtf16 = (part[0] === 0xff && part[1] === 0xfe) || (part[0] === 0xfe && part[1] === 0xff);
  if (!isUtf16) return strFromU8(part).replace(/^\ufeff/, "");
  const text = new TextDecoder(part[0] === 0xff ? "utf-16le" : "utf-16be").decode(part);
  return text.replace(/^(<\?xml[^>]*?)\s+encoding\s*=\s*["'][^"']*["']/, "$1");
}

function cleanPart(name: string, xml: string, writer: BlockWriter): string {
  // A raw "<" is only ever markup, so this cannot be the document's own text.
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) {
    throw new AppError(
      "XML_DTD_FORBIDDEN",
      "The document holds XML definitions that no Word file needs and that attacks are made of. Save it again in Word, then upload that.",
    );
  }
  if (name.endsWith(".rels")) return withoutExternalTargets(xml, writer);
  return name === MAIN_PART ? withoutHiddenRuns(xml, writer) : xml;
}

/** Linked pictures, templates and objects lie elsewhere: on another server, or in this one's files. */
function withoutExternalTargets(xml: string, writer: BlockWriter): string {
  return xml.replace(/<[\w:]*Relationship\s[^>]*>/g, (relationship) => {
    if (!/TargetMode\s*=\s*["']External["']/i.test(relationship)) return relationship;
    // A hyperlink is only ever text here.
    if (/Type\s*=\s*["'][^"']*\/hyperlink["']/i.test(relationship)) return relationship;
    writer.warn("The document points to files outside itself; they were not opened.");
    return relationship.replace(/\sTarget\s*=\s*(?:"[^"]*"|'[^']*')/g, ' Target="removed"');
  });
}

/** Word's "hidden" text is invisible in Word, so it is not part of what people approved. */
function withoutHiddenRuns(xml: string, writer: BlockWriter): string {
  if (!xml.includes("<w:vanish")) return xml;
  let clean = "";
  let from = 0;
  for (const { index } of xml.matchAll(/<w:r[ >]/g)) {
    if (index < from) continue;
    const end = xml.indexOf("</w:r>", index);
    if (end === -1) break;
    const run = xml.slice(index, end);
    const isWhole = !/<w:r[ >]/.test(run.slice(4));
    if (isWhole && /<w:vanish(?![^>]*w:val="(?:0|false|off)")[^>]*>/.test(run)) {
      clean += xml.slice(from, index);
      from = end + "</w:r>".length;
      writer.warn("Text that the document hides from its readers was left out.");
    }
  }
  return clean + xml.slice(from);
}
