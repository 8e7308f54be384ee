/** What a server says of a tool, as Parley takes it: legible, within bounds, and known again by its fingerprint. Pure. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { RemoteDefinition, RemoteTool } from "../../domain/mcp-server.ts";
import type { ToolParameter } from "../../domain/tool.ts";
import { AppError } from "../../errors.ts";
import { requireSoundDefinition } from "../definition.ts";
import { isObject } from "./json-schema.ts";
import { parametersOf } from "./parameters.ts";
import { hasUnseen, shortened, visible } from "./visible.ts";

/** What a model may be told of a tool. */
const MOST_DESCRIPTION = 2_000;
const MOST_SCHEMA_BYTES = 32 * 1024;
const MOST_DEPTH = 60;
/** Of names, as the protocol advises them. */
const REMOTE_NAME = /^[A-Za-z0-9_./:-]{1,128}$/;

const toldSchema = z.object({
  name: z.string(),
  title: z.string().nullish(),
  description: z.string().nullish(),
  inputSchema: z.unknown(),
  annotations: z
    .object({
      title: z.string().nullish(),
      readOnlyHint: z.boolean().nullish(),
      destructiveHint: z.boolean().nullish(),
    })
    .nullish(),
});
type Told = z.output<typeof toldSchema>;

/** Null for what is no tool at all. */
export function readTool(given: unknown): RemoteTool | null {
  const { data } = toldSchema.safeParse(given);
  if (data === undefined) return null;
  const told = isShallow(data.inputSchema, MOST_DEPTH) ? data : { ...data, inputSchema: null };
  const { parameters, problem } = readSchema(told);
  return {
    ...definitionOf(told),
    ...{ name: shortened(visible(told.name), 128), parameters, warnings: warningsOf(told) },
    problem: REMOTE_NAME.test(told.name) ? problem : "Its name has signs that no name of a tool has.",
  };
}

function definitionOf(told: Told): RemoteDefinition {
  const { annotations } = told;
  const title = told.title ?? annotations?.title;
  return {
    title: title ? shortened(visible(title), 100) : null,
    description: shortened(visible(told.description ?? ""), MOST_DESCRIPTION),
    inputSchema: isObject(told.inputSchema) && isSmall(told.inputSchema) ? told.inputSchema : {},
    readOnly: annotations?.readOnlyHint ?? null,
    destructive: annotations?.destructiveHint ?? null,
    fingerprint: fingerprintOf(told),
  };
}

/** All that a person would judge it by, down to signs that nobody sees; not the order in which it stands. */
function fingerprintOf({ name, description, inputSchema, annotations }: Told): string {
  const hints = [annotations?.readOnlyHint ?? null, annotations?.destructiveHint ?? null];
  return createHash("sha256")
    .update(JSON.stringify(ordered([name, description ?? "", inputSchema ?? null, hints])))
    .digest("hex");
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isObject(value)) return value;
  const names = Object.keys(value).toSorted();
  return names.map((name) => [name, ordered(value[name])]);
}

function readSchema({ inputSchema }: Told): { parameters: ToolParameter[]; problem: string | null } {
  try {
    if (!isObject(inputSchema)) throw new Error("is no JSON Schema");
    if (!isSmall(inputSchema)) throw new Error(`is larger than ${MOST_SCHEMA_BYTES / 1024} KB`);
    const parameters = parametersOf(inputSchema);
    if (!isSmall(parameters)) throw new Error(`is larger than ${MOST_SCHEMA_BYTES / 1024} KB`);
    requireSoundDefinition({ parameters });
    return { parameters, problem: null };
  } catch (thrown) {
    if (thrown instanceof AppError) return { parameters: [], problem: `Its arguments: ${thrown.message}` };
    if (thrown instanceof Error)
      return { parameters: [], problem: `The schema of its arguments ${thrown.message}.` };
    throw thrown;
  }
}

function isSmall(value: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(value)) <= MOST_SCHEMA_BYTES;
}

/** Deeper ones no function that calls itself can read. */
function isShallow(value: unknown, left: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return left > 0 && Object.values(value).every((each) => isShallow(each, left - 1));
}

function warningsOf({ name, title, description, inputSchema }: Told): string[] {
  const texts = [name, title ?? "", description ?? "", JSON.stringify(inputSchema) ?? ""];
  const isHiding = texts.some(hasUnseen) || /\\u00[01]/.test(texts.at(-1) ?? "");
  return [
    ...(isHiding
      ? ["It has signs that nobody sees. They are left out here, and what models read has none of them."]
      : []),
    ...((description ?? "").length > MOST_DESCRIPTION ? ["Its description is very long, and is cut."] : []),
    ...((description ?? "").trim() === "" ? ["It does not say what it does."] : []),
  ];
}
