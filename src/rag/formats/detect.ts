/** What a file is: its content decides, its name only chooses among text formats. */
import type { DocumentFormat } from "../../domain/knowledge.ts";
import { AppError } from "../../errors.ts";
import { FORMATS, readableFormats } from "./catalog.ts";
import type { BinaryFormat, TextFormat } from "./format.ts";
import { html } from "./html/format.ts";
import {
  HEAD_BYTES,
  isZip,
  latin1,
  looksLikeText,
  looksLikeXml,
  packageOf,
  startsWith,
} from "./shared/content.ts";

/** What Parley does not read but knows by name, so that the refusal can say what is wrong. */
const OTHER_CONTAINERS = ["doc", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp", "zip"];
/** Of these, the ones that are no ZIP archives. */
const OLD_OFFICE_NAMES = ["doc", "xls", "ppt"];
/** Text by their bytes, but their text is not what a person would read. */
const UNREADABLE_TEXT = ["eml", "rtf", "svg", "ps", "mbox"];

const BINARY = FORMATS.filter((format): format is BinaryFormat => format.kind === "binary");
const TEXT = FORMATS.filter((format): format is TextFormat => format.kind === "text");
const PLAIN = TEXT.at(-1);
const BINARY_NAMES = new Set(BINARY.flatMap(({ extensions }) => extensions));
/** Names that promise a container; over anything else they are a mistake or a trick. */
const CONTAINER_NAMES = new Set([...BINARY_NAMES, ...OTHER_CONTAINERS]);

/**
 * The format of a document from its first bytes (at most HEAD_BYTES are looked at) and its name.
 *
 * @throws EMPTY_DOCUMENT for no bytes, TYPE_MISMATCH when a PDF, Office or ZIP name is over other content,
 *   ENCRYPTED for an Office file behind a password, UNSUPPORTED_TYPE for all that Parley cannot read
 */
export function detectFormat(head: Uint8Array, filename: string): DocumentFormat {
  if (head.length === 0) {
    throw new AppError("EMPTY_DOCUMENT", "The file is empty. Check that it was saved, then upload it again.");
  }
  const bytes = head.subarray(0, HEAD_BYTES);
  const extension = extensionOf(filename);
  const binary = BINARY.find((format) => format.recognises(bytes, extension));
  if (binary) return requireName(extension, binary);
  if (isZip(bytes)) throw otherArchive(bytes, extension);
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) throw oldOffice(bytes, extension);
  if (CONTAINER_NAMES.has(extension)) throw mismatch(extension, "something else");
  return detectText(bytes, extension);
}

function extensionOf(filename: string): string {
  return /\.([a-z0-9]{1,10})$/i.exec(filename.trim())?.[1]?.toLowerCase() ?? "";
}

/** A container's name must be its own; a text name or none gives way to the content. */
function requireName(extension: string, { name, content, extensions }: BinaryFormat): DocumentFormat {
  if (CONTAINER_NAMES.has(extension) && !extensions.includes(extension)) throw mismatch(extension, content);
  return name;
}

function detectText(bytes: Uint8Array, extension: string): DocumentFormat {
  const named = TEXT.find(({ extensions }) => extensions.includes(extension));
  const isReadable = named !== undefined || !UNREADABLE_TEXT.includes(extension);
  // What is called plain text may be anything that is written in text.
  const format = named && named !== PLAIN ? named : TEXT.find((each) => each.looksLike?.(bytes));
  if (!format || !isReadable || !looksLikeText(bytes) || isRichText(bytes)) throw unsupported("");
  if (format.name !== html.name && looksLikeXml(bytes)) throw xml();
  return format.name;
}

function xml(): AppError {
  return new AppError(
    "UNSUPPORTED_TYPE",
    "The file is XML, data for programs, whose markup Parley cannot tell from its text. Export it as CSV, JSON, HTML or PDF from the program it comes from, then upload that.",
  );
}

/** A ZIP that no format recognises. */
function otherArchive(bytes: Uint8Array, extension: string): AppError {
  const isPackage = packageOf(bytes) !== null;
  if (BINARY_NAMES.has(extension) || OLD_OFFICE_NAMES.includes(extension)) {
    return mismatch(extension, isPackage ? "another kind of document" : "a ZIP archive");
  }
  return unsupported(" yet");
}

/** Office files before 2007, and every one behind a password, are this container. */
function oldOffice(bytes: Uint8Array, extension: string): AppError {
  const isProtected = latin1(bytes).replaceAll("\0", "").includes("EncryptedPackage");
  if (isProtected) {
    return new AppError(
      "ENCRYPTED",
      "The file is protected with a password. Save it without one, then upload it again.",
    );
  }
  if (BINARY_NAMES.has(extension)) {
    return new AppError(
      "TYPE_MISMATCH",
      `The file is called .${extension} but is an Office file from before 2007 or protected with a password. Save it as ${extension.toUpperCase()} without a password, then upload it again.`,
    );
  }
  return new AppError(
    "UNSUPPORTED_TYPE",
    `Parley cannot read Office files from before 2007. Save it in today's format or as PDF, then upload it again. ${readableFormats()}`,
  );
}

function mismatch(extension: string, content: string): AppError {
  return new AppError(
    "TYPE_MISMATCH",
    `The file is called .${extension} but its content is ${content}. Save it again in the format its name says, then upload it.`,
  );
}

function unsupported(yet: string): AppError {
  return new AppError("UNSUPPORTED_TYPE", `Parley cannot read this kind of file${yet}. ${readableFormats()}`);
}

function isRichText(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, 8)).startsWith("{\\rtf");
}
