/** Bytes of a document to blocks of text; one file per format beside this one. */
import type { DocumentFormat, ParsedDocument } from "../../domain/knowledge.ts";
import { AppError } from "../../errors.ts";
import { BlockWriter } from "./block-writer.ts";
import { parseCsv } from "./csv.ts";
import { decodeAs, decodeText } from "./decode.ts";
import { parseDocx } from "./docx.ts";
import { parseHtml } from "./html.ts";
import { MOST_TEXT_BYTES, malformed, resourceLimit } from "./limits.ts";
import { parseMarkdown } from "./markdown.ts";
import { parsePdf } from "./pdf.ts";
import { parseText } from "./text.ts";

export type ParseProgress = { done: number; total: number; unit: "page" | "part" };

/**
 * The text of a document in reading order, with headings, pages, lists and tables.
 *
 * @throws AppError ENCRYPTED · NO_TEXT_LAYER · EMPTY_DOCUMENT · MALFORMED_DOCUMENT · XML_DTD_FORBIDDEN ·
 *   RESOURCE_LIMIT. Never anything else: what a library throws means that the document is malformed.
 */
export async function parseDocument(
  bytes: Uint8Array,
  filename: string,
  format: DocumentFormat,
  onProgress: (progress: ParseProgress) => void,
): Promise<ParsedDocument> {
  const writer = new BlockWriter();
  const pageCount = await read(bytes, filename, format, writer, onProgress).catch((thrown: unknown) => {
    if (thrown instanceof AppError) throw thrown;
    throw malformed("The file is damaged and cannot be read.", thrown);
  });
  if (!writer.hasText()) {
    throw new AppError(
      "EMPTY_DOCUMENT",
      "The document holds no text. Check its content, then upload it again.",
    );
  }
  return { format, blocks: writer.blocks, pageCount, warnings: writer.warnings() };
}

async function read(
  bytes: Uint8Array,
  filename: string,
  format: DocumentFormat,
  writer: BlockWriter,
  onProgress: (progress: ParseProgress) => void,
): Promise<number | null> {
  switch (format) {
    case "pdf":
      return await parsePdf(bytes, writer, onProgress);
    case "docx":
      await parseDocx(bytes, writer, onProgress);
      break;
    case "csv":
      parseCsv(bytes, filename, writer);
      break;
    case "text":
      parseText(textOf(bytes), writer);
      break;
    case "markdown":
      parseMarkdown(textOf(bytes), writer);
      break;
    case "html":
      parseHtml(htmlTextOf(bytes), writer);
      break;
  }
  return null;
}

function textOf(bytes: Uint8Array): string {
  return decodeWithinLimits(bytes).text;
}

/** A page's own declaration counts when the bytes are not UTF-8. */
function htmlTextOf(bytes: Uint8Array): string {
  const { text, encoding } = decodeWithinLimits(bytes);
  if (encoding === "utf-8" || encoding.startsWith("utf-16")) return text;
  const declared = /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,30})/i.exec(text.slice(0, 4_096))?.[1];
  return (declared && decodeAs(bytes, declared)) || text;
}

function decodeWithinLimits(bytes: Uint8Array): { text: string; encoding: string } {
  if (bytes.length > MOST_TEXT_BYTES) throw resourceLimit("The document holds more than 20 MB of text.");
  return decodeText(bytes);
}
