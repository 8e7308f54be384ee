/** One large file in a multipart body, handed on as it comes: nothing of it is kept. */
import { AppError } from "../errors.ts";
import type { AppContext } from "./env.ts";
import { delimiterOf, fileNameOf, MOST_HEADER_BYTES, nothingChosen, notMultipart } from "./form-part.ts";

/**
 * The bytes of the part `file`, which must be the only one.
 *
 * @throws AppError UNSUPPORTED_MEDIA_TYPE · PAYLOAD_TOO_LARGE · VALIDATION, also after the last piece
 */
export async function* filePart(c: AppContext, maxBytes: number): AsyncGenerator<Uint8Array> {
  const delimiter = delimiterOf(c);
  if (Number(c.req.header("content-length") ?? 0) > maxBytes + MOST_HEADER_BYTES) throw tooLarge(maxBytes);
  const body = bodyOf(c);
  let length = 0;
  try {
    let held = await skipHead(body, delimiter);
    for (;;) {
      const end = held.indexOf(delimiter);
      // What may be the beginning of the delimiter waits for the rest of it.
      const sure = end >= 0 ? end : Math.max(0, held.length - delimiter.length + 1);
      length += sure;
      if (length > maxBytes) throw tooLarge(maxBytes);
      if (sure > 0) yield held.subarray(0, sure);
      if (end >= 0) return await requireEnd(body, held.subarray(end + delimiter.length));
      held = Buffer.concat([held.subarray(sure), await nextPiece(body)]);
    }
  } finally {
    await body.return?.(undefined);
  }
}

/** Consumes the first delimiter and the headers of its part; what followed them. */
async function skipHead(body: AsyncIterator<Uint8Array>, delimiter: Buffer): Promise<Buffer> {
  // The first delimiter has no line before it.
  let held = Buffer.from("\r\n");
  for (;;) {
    const end = held.indexOf("\r\n\r\n");
    if (end >= 0) {
      requireFile(held.subarray(0, end), delimiter);
      return held.subarray(end + 4);
    }
    if (held.length > MOST_HEADER_BYTES) throw notMultipart();
    held = Buffer.concat([held, await nextPiece(body)]);
  }
}

function requireFile(head: Buffer, delimiter: Buffer): void {
  if (!head.subarray(0, delimiter.length).equals(delimiter)) throw notMultipart();
  if (fileNameOf(head.subarray(delimiter.length)) === null) throw nothingChosen();
}

async function requireEnd(body: AsyncIterator<Uint8Array>, rest: Buffer): Promise<void> {
  let held = rest;
  while (held.length < 2) held = Buffer.concat([held, await nextPiece(body)]);
  if (!held.subarray(0, 2).equals(Buffer.from("--")))
    throw new AppError("VALIDATION", "Send one file at a time, as “file” and nothing else.");
}

function bodyOf(c: AppContext): AsyncIterator<Uint8Array> {
  if (c.req.raw.body === null) throw notMultipart();
  return c.req.raw.body[Symbol.asyncIterator]();
}

async function nextPiece(body: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const next = await body.next().catch((cause: unknown) => {
    throw endedEarly(cause);
  });
  if (next.done) throw endedEarly();
  return next.value;
}

function endedEarly(cause?: unknown): AppError {
  return new AppError("VALIDATION", "The upload ended before it was whole. Send it again.", { cause });
}

function tooLarge(maxBytes: number): AppError {
  return new AppError(
    "PAYLOAD_TOO_LARGE",
    `The file is larger than ${Math.floor(maxBytes / 1024 ** 3)} GB. Import it on the server instead: parley model import FILE`,
  );
}
