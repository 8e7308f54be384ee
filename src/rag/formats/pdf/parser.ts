/** PDF through pdf.js, page by page; pdf-layout makes paragraphs, headings and tables of its bits of text. */
import { AppError } from "../../../errors.ts";
import { loadPdfParse, pdfResources } from "../../../native/pdf-environment.ts";
import type { ParserInput } from "../format.ts";
import type { BlockWriter } from "../shared/block-writer.ts";
import { MOST_PAGES, MOST_TEXT, malformed, resourceLimit } from "../shared/limits.ts";
import { writePages } from "./blocks.ts";
import { layPages, type RoughPage, roughPage } from "./layout.ts";
import { pageContent } from "./page-content.ts";

export async function parsePdf({ bytes, writer, onProgress }: ParserInput): Promise<number> {
  // Sets up what pdf.js expects of a browser, and brings the same pdf.js along.
  await loadPdfParse();
  const { getDocument, OPS, VerbosityLevel } = await import("pdfjs-dist/legacy/build/pdf.mjs");
  const task = getDocument({
    // pdf.js takes the bytes over; the caller keeps its own.
    data: bytes.slice(),
    ...pdfResources(),
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    disableAutoFetch: true,
    disableRange: true,
    disableStream: true,
    enableXfa: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    // Pictures are never drawn; the smallest limit keeps them from being decoded.
    maxImageSize: 1,
    verbosity: VerbosityLevel.ERRORS,
  });
  try {
    const pdf = await task.promise.catch((thrown: unknown) => {
      throw toOpenError(thrown);
    });
    if (pdf.numPages > MOST_PAGES) throw resourceLimit("The document has more than 10,000 pages.");
    const pages: RoughPage[] = [];
    let characters = 0;
    for (let number = 1; number <= pdf.numPages; number++) {
      const page = await pdf.getPage(number);
      const content = await pageContent(page, OPS);
      page.cleanup();
      characters += content.glyphs.length;
      if (characters > MOST_TEXT) throw resourceLimit("The document holds more than 20 MB of text.");
      pages.push(roughPage(content));
      onProgress({ done: number, total: pdf.numPages, unit: "page" });
    }
    requireText(pages, writer);
    writePages(layPages(pages), writer);
    return pdf.numPages;
  } finally {
    await task.destroy();
  }
}

function requireText(pages: RoughPage[], writer: BlockWriter): void {
  const empty = pages.flatMap(({ rows }, index) =>
    rows.some(({ words }) => words.some(({ glyphs }) => /[\p{L}\p{N}]/u.test(glyphs.join(""))))
      ? []
      : [index + 1],
  );
  if (empty.length === pages.length) {
    throw new AppError(
      "NO_TEXT_LAYER",
      "The PDF holds pictures of pages but no text. Run it through text recognition (OCR), then upload it again.",
    );
  }
  if (empty.length > 0) writer.warn(`${pageList(empty)} no text that can be read; scanned pages need OCR.`);
}

function pageList(pages: number[]): string {
  const shown = pages.slice(0, 10).join(", ");
  if (pages.length === 1) return `Page ${shown} has`;
  return pages.length > 10 ? `Pages ${shown} and ${pages.length - 10} more have` : `Pages ${shown} have`;
}

function toOpenError(thrown: unknown): unknown {
  const name = thrown instanceof Error ? thrown.name : "";
  if (name === "PasswordException") {
    return new AppError(
      "ENCRYPTED",
      "The PDF is protected with a password. Save it without one, then upload it again.",
    );
  }
  return malformed("The PDF is damaged and cannot be read.", thrown);
}
