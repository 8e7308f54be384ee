/** PDF through pdf.js, page by page: what it would draw is laid out, and what is there to be seen but is no text is told. */
import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { AppError } from "../../../errors.ts";
import { loadPdfParse, pdfResources } from "../../../native/pdf-environment.ts";
import type { ParserInput } from "../format.ts";
import type { BlockWriter } from "../shared/block-writer.ts";
import { MOST_PAGES, MOST_TEXT, malformed, resourceLimit } from "../shared/limits.ts";
import { pageAnnotations } from "./annotations.ts";
import { writePages } from "./blocks.ts";
import { layPages, type RoughPage, roughPage } from "./layout.ts";
import { type PageContent, pageContent } from "./page-content.ts";

/** Of a page: a smaller picture on a page without text is a mark. */
const PICTURE_SHARE = 0.1;
/** Of a page that was scanned; few words on it are a stamp, and more are the text that OCR laid under it. */
const SCAN_SHARE = 0.6;
const FEW_WORDS = 12;

const NO_PAGE: RoughPage = { rows: [], rulings: [], height: 1, others: [], picture: 0, comments: [] };

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
    const broken: number[] = [];
    let characters = 0;
    for (let number = 1; number <= pdf.numPages; number++) {
      // One damaged page does not take the others along.
      const page = await contentOf(pdf, number, OPS).catch(() => null);
      characters += countCharacters(page ?? NO_PAGE);
      if (characters > MOST_TEXT) throw resourceLimit("The document holds more than 20 MB of text.");
      if (page === null) broken.push(number);
      pages.push(page ?? NO_PAGE);
      onProgress({ done: number, total: pdf.numPages, unit: "page" });
    }
    if (broken.length === pages.length) throw malformed("The PDF is damaged and cannot be read.");
    if (broken.length > 0) writer.warn(`${pageList(broken)} content that is damaged and cannot be read.`);
    tellPictures(pages, writer);
    writePages(layPages(pages), writer);
    return pdf.numPages;
  } finally {
    await task.destroy();
  }
}

async function contentOf(
  pdf: PDFDocumentProxy,
  number: number,
  ops: Parameters<typeof pageContent>[1],
): Promise<RoughPage> {
  const page = await pdf.getPage(number);
  const content = await pageContent(page, ops);
  const { glyphs, unread, comments } = await pageAnnotations(page, drawnAnnotations(content));
  page.cleanup();
  content.glyphs = [...content.glyphs.filter(({ annotation }) => !unread.has(annotation ?? "")), ...glyphs];
  return { ...roughPage(content), comments };
}

function countCharacters({ rows, others }: RoughPage): number {
  let characters = 0;
  for (const { words } of [...rows, ...others.flat()]) {
    for (const { glyphs } of words) for (const glyph of glyphs) characters += glyph.length;
  }
  return characters;
}

function drawnAnnotations({ glyphs }: PageContent): Set<string> {
  return new Set(glyphs.flatMap(({ annotation }) => annotation ?? []));
}

/**
 * Names the pages that are pictures, as from a scanner.
 *
 * @throws NO_TEXT_LAYER where no page has text
 */
function tellPictures(pages: readonly RoughPage[], writer: BlockWriter): void {
  const words = pages.map(countWords);
  if (words.every((count) => count === 0) && pages.every(({ comments }) => comments.length === 0)) {
    throw new AppError(
      "NO_TEXT_LAYER",
      "The PDF holds pictures of pages but no text. Run it through text recognition (OCR), then upload it again.",
    );
  }
  const numbersOf = (isOne: (page: RoughPage, count: number) => boolean): number[] =>
    pages.flatMap((page, index) => (isOne(page, words[index] ?? 0) ? [index + 1] : []));
  const pictures = numbersOf(({ picture }, count) => count === 0 && picture >= PICTURE_SHARE);
  if (pictures.length > 0)
    writer.warn(`${pageList(pictures)} no text that can be read; scanned pages need OCR.`);
  const stamped = numbersOf(({ picture }, count) => count > 0 && count < FEW_WORDS && picture >= SCAN_SHARE);
  if (stamped.length > 0)
    writer.warn(`${pageList(stamped)} little text beside a picture that may hold more.`);
}

function countWords({ rows, others }: RoughPage): number {
  const words = [...rows, ...others.flat()].flatMap((row) => row.words);
  return words.filter(({ glyphs }) => /[\p{L}\p{N}]/u.test(glyphs.join(""))).length;
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
