/** What a call gave, as rows: what has a structure by its fields, text as text. Pure. */
import type { JsonValue } from "jsonpath-rfc9535";
import { z } from "zod";
import type { CatalogueTool } from "../../domain/tool.ts";
import { exactJson, type Found, toRows } from "../rest/rows.ts";
import type { RemoteResult } from "./client.ts";
import { isObject } from "./json-schema.ts";
import { shortened, visible } from "./visible.ts";

/** Of one piece of text: some pages, of which a model has to find what it needs. */
const MOST_TEXT = 16_000;

const pieceSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("image"), mimeType: z.string().default("image") }),
  z.object({ type: z.literal("audio"), mimeType: z.string().default("audio") }),
  z.object({ type: z.literal("resource_link"), uri: z.string(), name: z.string().default("") }),
  z.object({
    type: z.literal("resource"),
    resource: z.object({ uri: z.string(), text: z.string().nullish() }),
  }),
]);

export function rowsOf(
  told: Pick<CatalogueTool, "columns" | "rowLimit">,
  { content, structured }: Pick<RemoteResult, "content" | "structured">,
): Found {
  const texts = content.map(toText);
  const value = structure(structured, texts);
  if (value !== undefined) return toRows(told, null, listIn(value));
  const found = toRows(
    told,
    null,
    texts.map((text) => ({ text: shortened(text, MOST_TEXT) })),
  );
  return { ...found, truncated: found.truncated || texts.some((text) => text.length > MOST_TEXT) };
}

/** All text of a result, for what went wrong. */
export function textOf(content: readonly unknown[]): string {
  return content.map(toText).join("\n").trim();
}

/**
 * What has a structure, with whole numbers as they were written: beside it stands the same as text, which no parser has
 * rounded yet. Undefined where there is only text.
 */
function structure(structured: unknown, texts: readonly string[]): JsonValue | undefined {
  const written = texts.length === 1 ? exactJson(texts[0] ?? "") : undefined;
  if (structured === undefined || structured === null) return isStructure(written) ? written : undefined;
  const isSame = texts.length === 1 && Bun.deepEquals(parsed(texts[0] ?? ""), structured);
  return isSame && written !== undefined ? written : (structured as JsonValue);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isStructure(value: JsonValue | undefined): boolean {
  return typeof value === "object" && value !== null;
}

/** Servers wrap a list in an object, since the protocol wants one: its rows are meant. */
function listIn(value: JsonValue): JsonValue {
  if (!isObject(value)) return value;
  const [only, ...others] = Object.values(value);
  const isList = Array.isArray(only) && only.every(isObject);
  if (others.length === 0 && only !== undefined && (isList || Object.hasOwn(value, "result")))
    return only as JsonValue;
  return value as JsonValue;
}

/** What a person cannot see in it, neither they nor a model are given. */
function toText(given: unknown): string {
  const { data: piece } = pieceSchema.safeParse(given);
  switch (piece?.type) {
    case "text":
      return visible(piece.text);
    case "resource":
      return visible(piece.resource.text ?? piece.resource.uri);
    case "resource_link":
      return visible(`${piece.name} ${piece.uri}`.trim());
    case "image":
    case "audio":
      return `[${visible(piece.mimeType)}, which is not shown here]`;
    default:
      return "[something that is not shown here]";
  }
}
