import { isRecord } from "./adapter.ts";
import { MAX_EVENT_BYTES } from "./framing.ts";
import { badResponse } from "./upstream-errors.ts";

/** Readers of untrusted JSON that refuse what is there and wrong, and let be what is absent. */
export type Shape = {
  record(value: unknown): Record<string, unknown>;
  /** Absent is an empty list. */
  list(value: unknown): unknown[];
  /** Absent is the empty text. An object here could be taken for markup further on, so it is refused. */
  text(value: unknown): string;
  /** The same, or a list of parts, of which only those that are text to be shown count: the others are thoughts. */
  content(value: unknown): string;
  /** Of such a list what the model thought; empty for anything else. */
  thoughts(value: unknown): string;
  /** Null for anything that is no count. */
  count(value: unknown): number | null;
  /** The text itself, unless a vendor went on adding to it without end. */
  bounded(text: string): string;
};

/** @throws AppError (each reader) UPSTREAM_BAD_RESPONSE that names `host` */
export function shapeOf(host: string): Shape {
  const fail = (): never => {
    throw badResponse({ host }, "sent a reply with a field of the wrong kind");
  };
  const record = (value: unknown) => (isRecord(value) ? value : fail());
  const text = (value: unknown) => (typeof value === "string" ? value : isAbsent(value) ? "" : fail());
  const textOfPart = (part: Record<string, unknown>) => (isTextPart(part) ? text(part.text) : "");
  /** `{thinking: "…"}`, or `{thinking: [{text: "…"}]}`. */
  const thoughtOfPart = ({ type, thinking }: Record<string, unknown>) => {
    if (type !== "thinking") return "";
    return Array.isArray(thinking)
      ? thinking.map((part) => text(record(part).text)).join("")
      : text(thinking);
  };
  return {
    record,
    list: (value) => (Array.isArray(value) ? value : isAbsent(value) ? [] : fail()),
    text,
    content: (value) =>
      Array.isArray(value) ? value.map((part) => textOfPart(record(part))).join("") : text(value),
    thoughts: (value) =>
      Array.isArray(value) ? value.map((part) => thoughtOfPart(record(part))).join("") : "",
    count: (value) => (Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : null),
    bounded: (text) => (text.length <= MAX_EVENT_BYTES ? text : fail()),
  };
}

function isTextPart({ type }: Record<string, unknown>): boolean {
  return type === "text" || type === "output_text";
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
