/** Untrusted input to typed values. Everything that does not fit is one 400 that names the fields. */
import type { z } from "zod";
import { type IdKind, type IdOf, isId } from "../domain/ids.ts";
import { AppError } from "../errors.ts";
import type { AppContext } from "./env.ts";

/** Bodies that are no upload. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * The JSON body as `schema` has it.
 * @throws AppError UNSUPPORTED_MEDIA_TYPE · PAYLOAD_TOO_LARGE · VALIDATION
 */
export async function jsonBody<Schema extends z.ZodType>(
  c: AppContext,
  schema: Schema,
): Promise<z.output<Schema>> {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new AppError(
      "UNSUPPORTED_MEDIA_TYPE",
      "Send the body as JSON, with Content-Type: application/json.",
    );
  }
  if (Number(c.req.header("content-length") ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  return check(schema, parseJson(await bodyBytes(c)));
}

/** The query as `schema` has it; a parameter given twice is an error, not an array. */
export function queryOf<Schema extends z.ZodType>(c: AppContext, schema: Schema): z.output<Schema> {
  // Not by way of a URL: its host is what the caller says, and may be none.
  const parameters = new URLSearchParams(/\?([^#]*)/.exec(c.req.url)?.[1]);
  const names = [...parameters.keys()];
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw invalid({ [repeated]: "Give this parameter once." });
  return check(schema, Object.fromEntries(parameters));
}

/** The id in the path. @throws AppError VALIDATION when it cannot be one */
export function pathId<Kind extends IdKind>(c: AppContext, kind: Kind, name = "id"): IdOf<Kind> {
  const text = c.req.param(name) ?? "";
  if (!isId(kind, text))
    throw new AppError("VALIDATION", "This address holds no valid id. Open the list and choose again.");
  return text;
}

/** `value` as `schema` has it. @throws AppError VALIDATION naming the fields */
export function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalid(fieldsOf(result.error));
}

function fieldsOf(error: z.ZodError): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) {
    const path = issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : issue.path;
    const field = path.join(".") || "body";
    fields[field] ??= issue.code === "unrecognized_keys" ? "This field is not known." : issue.message;
  }
  return fields;
}

function invalid(fields: Record<string, string>): AppError {
  const [[field, problem] = ["body", "It is not valid."]] = Object.entries(fields);
  return new AppError("VALIDATION", `Check “${field}”: ${problem}`, { details: { fields } });
}

/** Reads no more than a body may have: one that comes in chunks does not say beforehand how long it is. */
async function bodyBytes(c: AppContext): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of c.req.raw.body ?? []) {
      length += piece.length;
      if (length > MAX_BODY_BYTES) throw tooLarge();
      pieces.push(piece);
    }
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw new AppError("VALIDATION", "The body ended before it was whole. Send it again.", { cause: thrown });
  }
  return Buffer.concat(pieces);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AppError("VALIDATION", "The body is not valid JSON in UTF-8.", { cause });
  }
}

function tooLarge(): AppError {
  return new AppError("PAYLOAD_TOO_LARGE", "The body is larger than 1 MB.");
}
