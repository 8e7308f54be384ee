/** Bytes of a document to blocks of text, by the parser of its format. */
import type { DocumentBlock, DocumentFormat, ParsedDocument } from "../../domain/knowledge.ts";
import { AppError } from "../../errors.ts";
import { formatNamed } from "./catalog.ts";
import type { ParseProgress } from "./format.ts";
import { BlockWriter } from "./shared/block-writer.ts";
import { malformed } from "./shared/limits.ts";
import { isReadable } from "./shared/readable.ts";

/**
 * The text of a document in reading order, with headings, pages, lists and tables.
 *
 * @throws AppError ENCRYPTED · NO_TEXT_LAYER · EMPTY_DOCUMENT · UNREADABLE_TEXT · MALFORMED_DOCUMENT · XML_DTD_FORBIDDEN ·
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
  const blocks = readableBlocks(writer);
  return { format, blocks, pageCount, warnings: writer.warnings() };
}

/**
 * The blocks without those of pages whose characters make no words.
 *
 * @throws UNREADABLE_TEXT when that is all of them
 */
function readableBlocks(writer: BlockWriter): DocumentBlock[] {
  const pages = Map.groupBy(writer.blocks, ({ page }) => page);
  const unreadable = new Set<number | null>();
  for (const [page, blocks] of pages) {
    if (!isReadable(blocks.map(({ text }) => text).join("\n"))) unreadable.add(page);
  }
  if (unreadable.size === pages.size) {
    throw new AppError(
      "UNREADABLE_TEXT",
      "The characters of the document make no words: its fonts or its encoding do not say which letters they are. Save it as UTF-8 or make the PDF anew from the original, or run text recognition (OCR) over it; then upload that.",
    );
  }
  for (const page of unreadable) writer.leaveOut("Text whose characters make no words", page);
  return writer.blocks.filter(({ page }) => !unreadable.has(page));
}
