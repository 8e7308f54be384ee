/** What a file is: its content decides, its name only chooses among text formats. */
import type { DocumentFormat } from "../../domain/knowledge.ts";
import { AppError } from "../../errors.ts";

/** All the detection looks at. */
export const HEAD_BYTES = 4_096;

const READABLE = "Parley reads PDF, DOCX, TXT, Markdown, HTML and CSV.";

const TEXT_FORMAT_OF: Record<string, DocumentFormat> = {
  ...{ txt: "text", text: "text", log: "text" },
  ...{ md: "markdown", markdown: "markdown", mdown: "markdown", mkd: "markdown" },
  ...{ html: "html", htm: "html", xhtml: "html" },
  ...{ csv: "csv", tsv: "csv" },
};

/** Names that promise a container; over anything else they are a mistake or a trick. */
const CONTAINER_NAMES = new Set(
  ["pdf", "doc", "docx", "docm", "xls", "xlsx", "ppt", "pptx", "odt", "ods"].concat(["odp", "zip"]),
);
/** Text by their bytes, but their text is not what a person would read. */
const UNREADABLE_TEXT = new Set(["eml", "rtf", "svg", "ps", "mbox"]);

/**
 * The format of a document from its first bytes (at most HEAD_BYTES are looked at) and its name.
 *
 * @throws EMPTY_DOCUMENT for no bytes, TYPE_MISMATCH when a PDF, Office or ZIP name is over other content,
 *   ENCRYPTED for a Word file behind a password, UNSUPPORTED_TYPE for all that Parley cannot read
 */
export function detectFormat(head: Uint8Array, filename: string): DocumentFormat {
  if (head.length === 0) {
    throw new AppError("EMPTY_DOCUMENT", "The file is empty. Check that it was saved, then upload it again.");
  }
  const bytes = head.subarray(0, HEAD_BYTES);
  const extension = extensionOf(filename);
  if (isPdf(bytes)) return requireName(extension, ["pdf"], "pdf", "a PDF");
  if (startsWith(bytes, [0x50, 0x4b])) return detectZip(bytes, extension);
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) throw oldOffice(bytes, extension);
  if (CONTAINER_NAMES.has(extension)) throw mismatch(extension, "something else");
  if (!looksLikeText(bytes) || UNREADABLE_TEXT.has(extension) || isRichText(bytes)) {
    throw new AppError("UNSUPPORTED_TYPE", `Parley cannot read this kind of file. ${READABLE}`);
  }
  return TEXT_FORMAT_OF[extension] ?? (looksLikeHtml(bytes) ? "html" : "text");
}

function extensionOf(filename: string): string {
  return /\.([a-z0-9]{1,10})$/i.exec(filename.trim())?.[1]?.toLowerCase() ?? "";
}

/** A container's name must be its own; a text name or none gives way to the content. */
function requireName(
  extension: string,
  own: string[],
  format: DocumentFormat,
  content: string,
): DocumentFormat {
  if (CONTAINER_NAMES.has(extension) && !own.includes(extension)) throw mismatch(extension, content);
  return format;
}

function detectZip(bytes: Uint8Array, extension: string): DocumentFormat {
  const names = latin1(bytes);
  if (/xl\/|ppt\/|mimetypeapplication\//.test(names)) {
    if (extension === "docx" || extension === "pdf") throw mismatch(extension, "another kind of document");
  } else if (extension === "docx" || extension === "docm" || names.includes("word/")) {
    return requireName(extension, ["docx", "docm"], "docx", "a Word document");
  }
  if (["pdf", "doc", "xls", "ppt"].includes(extension)) throw mismatch(extension, "a ZIP archive");
  throw new AppError("UNSUPPORTED_TYPE", `Parley cannot read this kind of file yet. ${READABLE}`);
}

/** Word before 2007, and every Office file behind a password, is this container. */
function oldOffice(bytes: Uint8Array, extension: string): AppError {
  const isProtected = latin1(bytes).replaceAll("\0", "").includes("EncryptedPackage");
  if (isProtected) {
    return new AppError(
      "ENCRYPTED",
      "The file is protected with a password. Save it without one, then upload it again.",
    );
  }
  if (extension === "docx") {
    return new AppError(
      "TYPE_MISMATCH",
      "The file is called .docx but is an old Word file or protected with a password. Save it as DOCX without a password, then upload it again.",
    );
  }
  if (extension === "pdf") return mismatch(extension, "an old Office file");
  return new AppError(
    "UNSUPPORTED_TYPE",
    `Parley cannot read Office files from before 2007. Save it as DOCX or PDF, then upload it again. ${READABLE}`,
  );
}

function mismatch(extension: string, content: string): AppError {
  return new AppError(
    "TYPE_MISMATCH",
    `The file is called .${extension} but its content is ${content}. Save it again in the format its name says, then upload it.`,
  );
}

/** The header may come late, as readers have always allowed. */
function isPdf(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, 1_024)).includes("%PDF-");
}

function isRichText(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, 8)).startsWith("{\\rtf");
}

function looksLikeHtml(bytes: Uint8Array): boolean {
  return /^\s*(<!--[\s\S]*?-->\s*)*<(!doctype html|html|head|body)\b/i.test(
    latin1(bytes).replace(/^\u00ef\u00bb\u00bf/, ""),
  );
}

/** No control characters but those of text files; zero bytes only as halves of UTF-16. */
function looksLikeText(bytes: Uint8Array): boolean {
  if (isUtf16(bytes)) return true;
  let controls = 0;
  for (const byte of bytes) {
    if (byte === 0) return false;
    if (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b) controls++;
  }
  return controls * 100 <= bytes.length && !isImage(bytes);
}

/** A byte order mark, or zeros in (nearly) every other place as in European text. */
export function isUtf16(bytes: Uint8Array): boolean {
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])) {
    return hasTextUnits(bytes, bytes[0] === 0xff);
  }
  return bytes.length >= 8 && utf16WithoutMark(bytes) !== null;
}

/** "utf-16le" or "utf-16be" for text whose every other byte is zero, else null. */
export function utf16WithoutMark(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  const sample = bytes.subarray(0, HEAD_BYTES);
  const pairs = Math.floor(sample.length / 2);
  let low = 0;
  let high = 0;
  for (let i = 0; i + 1 < sample.length; i += 2) {
    if (sample[i] === 0) high++;
    if (sample[i + 1] === 0) low++;
  }
  if (low > pairs * 0.7 && high === 0) return "utf-16le";
  if (high > pairs * 0.7 && low === 0) return "utf-16be";
  return null;
}

/** Two bytes of a mark can begin any binary file; text has no NUL units and few control units. */
function hasTextUnits(bytes: Uint8Array, littleEndian: boolean): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let controls = 0;
  for (let i = 2; i + 1 < bytes.length; i += 2) {
    const unit = view.getUint16(i, littleEndian);
    if (unit === 0) return false;
    if (unit < 0x20 && !(unit >= 0x09 && unit <= 0x0d)) controls++;
  }
  return controls * 50 <= bytes.length;
}

function isImage(bytes: Uint8Array): boolean {
  return startsWith(bytes, [0xff, 0xd8, 0xff]) || startsWith(bytes, [0x89, 0x50, 0x4e, 0x47]);
}

function startsWith(bytes: Uint8Array, magic: number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
