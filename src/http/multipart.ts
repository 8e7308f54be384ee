/** The files of a form, all of them in memory. */
import { AppError } from "../errors.ts";
import type { AppContext } from "./env.ts";
import { delimiterOf, fileNameOf, MOST_HEADER_BYTES, nothingChosen, notMultipart } from "./form-part.ts";

export type UploadedFile = { filename: string; bytes: Uint8Array };

/** Each becomes a row, also one that is empty. */
const MOST_FILES = 2_000;

/**
 * The files of a multipart body, in the order of its `file` parts. Names and types that the client gives
 * are text; nothing is decided by them here.
 * @throws AppError UNSUPPORTED_MEDIA_TYPE · PAYLOAD_TOO_LARGE · VALIDATION when there is none
 */
export async function filesOf(c: AppContext, maxBytes: number): Promise<UploadedFile[]> {
  const delimiter = delimiterOf(c);
  if (Number(c.req.header("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const parts = partsOf(await wholeBody(c, maxBytes), delimiter);
  if (parts.length === 0) throw new AppError("VALIDATION", "Attach at least one file as “file”.");
  const files = parts.flatMap(({ head, bytes }) => {
    const filename = fileNameOf(head);
    return filename === null ? [] : [{ filename, bytes }];
  });
  // One of several inputs may be left empty, not all of them.
  if (files.length === 0) throw nothingChosen();
  return files;
}

type Part = { head: Buffer; bytes: Buffer };

function partsOf(body: Buffer, delimiter: Buffer): Part[] {
  const parts: Part[] = [];
  // The first delimiter has no line before it.
  let at = body.indexOf(delimiter.subarray(2)) + delimiter.length - 2;
  if (at < delimiter.length - 2) throw notMultipart();
  while (body.toString("latin1", at, at + 2) !== "--") {
    const headEnd = body.indexOf("\r\n\r\n", at);
    const end = headEnd < 0 ? -1 : body.indexOf(delimiter, headEnd + 4);
    if (end < 0 || headEnd - at > MOST_HEADER_BYTES) throw notMultipart();
    parts.push({ head: body.subarray(at, headEnd), bytes: body.subarray(headEnd + 4, end) });
    if (parts.length > MOST_FILES) throw tooMany();
    at = end + delimiter.length;
  }
  return parts;
}

/** One that comes in chunks does not say beforehand how long it is. */
async function wholeBody(c: AppContext, maxBytes: number): Promise<Buffer> {
  try {
    if (c.req.header("content-length") !== undefined) return Buffer.from(await c.req.raw.arrayBuffer());
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of c.req.raw.body ?? []) {
      length += piece.length;
      if (length > maxBytes) throw tooLarge(maxBytes);
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  } catch (cause) {
    throw cause instanceof AppError ? cause : notMultipart(cause);
  }
}

function tooMany(): AppError {
  return new AppError("PAYLOAD_TOO_LARGE", `These are more than ${MOST_FILES} files. Upload fewer at once.`);
}

function tooLarge(maxBytes: number): AppError {
  return new AppError(
    "PAYLOAD_TOO_LARGE",
    `These files are larger than ${Math.round(maxBytes / 1024 / 1024)} MB together. Upload fewer at once.`,
  );
}
