/** The parts of a form: where one begins, how it is called, and which file it is. */
import { AppError } from "../errors.ts";
import type { AppContext } from "./env.ts";

/** Headers of a part are a name and a type. */
export const MOST_HEADER_BYTES = 16 * 1024;
const MOST_BOUNDARY_CHARACTERS = 70;

/** A parameter of a header: bare, or in quotation marks in which a backslash stands before another one. */
const PARAMETER = /;\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:\\"|[^"])*)"|([^\s;"]*))/g;
/** What browsers write for what may not stand in a name. */
const ESCAPED: Record<string, string> = { "%22": '"', "%0D": "\r", "%0A": "\n" };

/**
 * What stands between two parts of the call's form.
 * @throws AppError UNSUPPORTED_MEDIA_TYPE · VALIDATION
 */
export function delimiterOf(c: AppContext): Buffer {
  const type = c.req.header("content-type") ?? "";
  if (!/^multipart\/form-data\b/i.test(type))
    throw new AppError("UNSUPPORTED_MEDIA_TYPE", "Send files as multipart/form-data.");
  const boundary = parametersOf(type).get("boundary") ?? "";
  if (boundary === "" || boundary.length > MOST_BOUNDARY_CHARACTERS) throw notMultipart();
  return Buffer.from(`\r\n--${boundary}`);
}

/**
 * The file name of a part by its headers; null for a file input in which nobody chose one.
 * @throws AppError VALIDATION for a part that is not called “file” or is no file
 */
export function fileNameOf(head: Buffer): string | null {
  const disposition = /^content-disposition:\s*form-data(;.*)$/im.exec(decoded(head))?.[1] ?? "";
  const parameters = parametersOf(disposition);
  const name = parameters.get("name") ?? "";
  if (name !== "file")
    throw new AppError("VALIDATION", `The part “${name.slice(0, 100)}” is not known. Send files as “file”.`);
  // The encoded one is exact; the other is what its sender could make of the name without it.
  const filename =
    fromExtended(parameters.get("filename*")) ??
    parameters.get("filename")?.replace(/%(?:22|0D|0A)/gi, (code) => ESCAPED[code.toUpperCase()] ?? code);
  if (filename === undefined)
    throw new AppError("VALIDATION", "The part “file” must be a file, with a file name.");
  return filename === "" ? null : filename;
}

export function nothingChosen(): AppError {
  return new AppError("VALIDATION", "No file was chosen. Choose one, then send the form again.");
}

export function notMultipart(cause?: unknown): AppError {
  return new AppError("VALIDATION", "The upload is not valid multipart/form-data. Try again.", { cause });
}

/** By name in small letters; the first one counts when there are two. */
function parametersOf(header: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = "", quoted, bare = ""] of header.matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    if (!found.has(key)) found.set(key, quoted?.replaceAll('\\"', '"') ?? bare);
  }
  return found;
}

/** `UTF-8''na%C3%AFve.txt`, as RFC 5987 has it; undefined for none, or one that is not written like that. */
function fromExtended(text: string | undefined): string | undefined {
  const [, charset = "", encoded = ""] = /^([\w-]+)'[^']*'(.+)$/.exec(text ?? "") ?? [];
  const bytes = encoded.replace(/%([0-9a-f]{2})/gi, (_code, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  if (encoded === "" || !/^[\0-\xff]*$/.test(bytes)) return undefined;
  if (/^iso-8859-1$/i.test(charset)) return bytes;
  return /^utf-8$/i.test(charset) ? (utf8(Buffer.from(bytes, "latin1")) ?? undefined) : undefined;
}

/** Programs that are older than UTF-8 write names in the alphabet of their system. */
function decoded(bytes: Uint8Array): string {
  return utf8(bytes) ?? new TextDecoder("windows-1252").decode(bytes);
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
