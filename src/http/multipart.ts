import { AppError } from "../errors.ts";
import type { AppContext } from "./env.ts";

export type UploadedFile = { filename: string; bytes: Uint8Array };

/**
 * The files of a multipart body, in the order of its `file` parts. Names and types that the client gives
 * are text; nothing is decided by them here.
 * @throws AppError UNSUPPORTED_MEDIA_TYPE · PAYLOAD_TOO_LARGE · VALIDATION when there is none
 */
export async function filesOf(c: AppContext, maxBytes: number): Promise<UploadedFile[]> {
  if (!/^multipart\/form-data\b/i.test(c.req.header("content-type") ?? "")) {
    throw new AppError("UNSUPPORTED_MEDIA_TYPE", "Send the files as multipart/form-data.");
  }
  if (Number(c.req.header("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const form = await readForm(c, maxBytes);
  const unknown = [...form.keys()].find((name) => name !== "file");
  if (unknown !== undefined)
    throw new AppError("VALIDATION", `The part “${unknown}” is not known. Send files as “file”.`);
  const files = form.getAll("file");
  if (files.length === 0) throw new AppError("VALIDATION", "Attach at least one file as “file”.");
  return Promise.all(
    files.map(async (file) => {
      if (typeof file === "string")
        throw new AppError("VALIDATION", "The part “file” must be a file, with a file name.");
      return { filename: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
    }),
  );
}

async function readForm(c: AppContext, maxBytes: number) {
  try {
    if (c.req.header("content-length") !== undefined || c.req.raw.body === null)
      return await c.req.raw.formData();
    // One that comes in chunks does not say beforehand how long it is, and a form is read whole.
    const headers = { "content-type": c.req.header("content-type") ?? "" };
    return await new Response(atMost(c.req.raw.body, maxBytes), { headers }).formData();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("VALIDATION", "The upload is not valid multipart/form-data. Try again.", { cause });
  }
}

function atMost(body: ReadableStream<Uint8Array>, maxBytes: number): ReadableStream<Uint8Array> {
  let length = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        length += piece.length;
        if (length > maxBytes) controller.error(tooLarge(maxBytes));
        else controller.enqueue(piece);
      },
    }),
  );
}

function tooLarge(maxBytes: number): AppError {
  return new AppError(
    "PAYLOAD_TOO_LARGE",
    `These files are larger than ${Math.round(maxBytes / 1024 / 1024)} MB together. Upload fewer at once.`,
  );
}
