/** Bytes of a document to blocks of text, by the parser of its format. */
import type { DocumentFormat, ParsedDocument } from "../../domain/knowledge.ts";
import { AppError } from "../../errors.ts";
import { formatNamed } from "./catalog.ts";
import type { ParseProgress } from "./format.ts";
import { BlockWriter } from "./shared/block-writer.ts";
import { malformed } from "./shared/limits.ts";

/**
 * The text of a document in reading order, with headings, pages, lists and tables.
 *
 * @throws AppError ENCRYPTED · NO_TEXT_LAYER · EMPTY_DOCUMENT · MALFORMED_DOCUMENT · XML_DTD_FORBIDDEN ·
 *   RESOURCE_LIMIT · UNSUPPORTED_TYPE. Never anything else: what a library throws means that the document is
 *   malformed.
 */
export async function parseDocument(
  bytes: Uint8Array,
  filename: string,
  format: DocumentFormat,
  onProgress: (progress: ParseProgress) => void,
): Promise<ParsedDocument> {
  const parse = await formatNamed(format).parser();
  const writer = new BlockWriter();
  const pageCount = await parse({ bytes, filename, writer, onProgress }).catch((thrown: unknown) => {
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
