/** Documents for the parser's tests. */
import { strToU8, zipSync } from "fflate";
import type { DocumentBlock, DocumentFormat, ParsedDocument } from "../../../src/domain/knowledge.ts";
import { parseDocument } from "../../../src/rag/formats/parse.ts";

export async function parse(
  content: string | Uint8Array,
  format: DocumentFormat,
  filename = `document.${format}`,
): Promise<ParsedDocument> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return await parseDocument(bytes, filename, format, () => {});
}

export async function codeOf(parsing: Promise<unknown>): Promise<string> {
  return await parsing.then(
    () => "none",
    (thrown: { code?: string }) => thrown.code ?? String(thrown),
  );
}

/** Kind, headings and text of each block, headings joined by " > ". */
export function shape({ blocks }: { blocks: DocumentBlock[] }): string[][] {
  return blocks.map(({ kind, headingPath, text }) => [kind, headingPath.join(" > "), text]);
}

const CONTENT_TYPES = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`;
const RELATIONSHIPS = `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`;

/** A DOCX of these parts beside the usual ones; `body` is WordprocessingML. */
export function aDocx(body: string, parts: Record<string, string | Uint8Array> = {}): Uint8Array {
  const document = `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><w:body>${body}</w:body></w:document>`;
  const all = {
    "[Content_Types].xml": CONTENT_TYPES,
    "_rels/.rels": RELATIONSHIPS,
    "word/document.xml": document,
    ...parts,
  };
  return zipSync(
    Object.fromEntries(
      Object.entries(all).map(([name, part]) => [name, typeof part === "string" ? strToU8(part) : part]),
    ),
  );
}

export const aParagraph = (text: string, properties = ""): string =>
  `<w:p><w:r>${properties ? `<w:rPr>${properties}</w:rPr>` : ""}<w:t>${text}</w:t></w:r></w:p>`;
