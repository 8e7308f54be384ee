import { AppError } from "../errors.ts";
import type { AppContext } from "./env.ts";

/**
 * The files of a multipart body, in the order of its `file` parts. Names and types that the client gives
 * are text; nothing is decided by them here.
 * @throws AppError UNSUPPORTED_MEDIA_TYPE · PAYLOAD_TOO_LARGE · VALIDATION when there is none
 */
export async function filesOf(
  c: AppContext,
  maxBytes: number,
): Promise<{ filename: string; bytes: Uint8Array }[]> {
  if (!/^multipart\/form-data\b/i.test(c.req.header("content-type") ?? "")) {
    throw new AppError("UNSUPPORTED_MEDIA_TYPE", "Send the files as multipart/form-data.");
  }
  if (Number(c.req.header("content-length") ?? 0) > maxBytes) {
    throw new AppError(
      "PAYLOAD_TOO_LARGE",
      `These files are larger than ${Math.round(maxBytes / 1024 / 1024)} MB together. Upload fewer at once.`,
    );
  }
  const form = await readForm(c);
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

async function readForm(c: AppContext) {
  try {
    return await c.req.raw.formData();
  } catch (cause) {
    throw new AppError("VALIDATION", "The upload is not valid multipart/form-data. Try again.", { cause });
  }
}
