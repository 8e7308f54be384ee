/** One value of one parameter: fitting, or what is wrong with it. */
import { type ArgumentValue, labelOf, type ToolParameter } from "../domain/tool.ts";
import { matchesWhole } from "./pattern.ts";

export type Fitted = { value: ArgumentValue } | { problem: string };

/** What nobody limited. Enough for a name, a number or a line of text, and nothing to hide a page in. */
const USUAL_TEXT_LENGTH = 200;
/** Whatever an admin allows. */
const MAX_TEXT_LENGTH = 4000;
/** A list or an object, as JSON. */
const MAX_STRUCTURE_LENGTH = 8_000;
/** No database counts further; texts of numbers are as long as this at most. */
const MAX_DIGITS = 60;
/** Of an enum, in an error. */
const MAX_TOLD_VALUES = 20;

const CANONICAL_INTEGER = /^(?:0|-?[1-9]\d*)$/;
const CANONICAL_DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** @param value is not null */
export function fit(parameter: ToolParameter, value: unknown): Fitted {
  if (parameter.schema !== undefined) return structure(value);
  switch (parameter.type) {
    case "text":
      return text(parameter, value);
    case "integer":
      return integer(parameter, value);
    case "decimal":
      return decimal(parameter, value);
    case "date":
      return isDate(value) ? { value } : { problem: "must be a date that exists, as YYYY-MM-DD" };
    case "datetime":
      return isDateTime(value)
        ? { value }
        : { problem: "must be a time that exists, as 2026-11-27T09:30:00Z" };
    case "boolean":
      return typeof value === "boolean" ? { value } : { problem: "must be true or false" };
    case "enum":
      return oneOf(parameter, value);
  }
}

/** Models and forms give it as it is or as JSON text; whether it fits its schema is seen with all the others. */
function structure(value: unknown): Fitted {
  try {
    const text = JSON.stringify(typeof value === "string" ? JSON.parse(value) : value);
    return text.length <= MAX_STRUCTURE_LENGTH ? { value: text } : { problem: "is too long" };
  } catch {
    return { problem: "must be JSON, as its schema says, without numbers too large to be exact" };
  }
}

function text({ min, max, pattern }: ToolParameter, value: unknown): Fitted {
  if (typeof value !== "string") return { problem: "must be text" };
  const longest = Math.min(max ?? USUAL_TEXT_LENGTH, pattern === null ? MAX_TEXT_LENGTH : USUAL_TEXT_LENGTH);
  // Before anything reads the text whole.
  if (value.length > 2 * longest || [...value].length > longest)
    return { problem: `must have ${longest} characters at most` };
  if ([...value].length < (min ?? 0)) return { problem: `must have ${min} characters at least` };
  if (!value.isWellFormed() || value.includes("\0")) return { problem: "has characters that are not text" };
  if (pattern === null || matchesWhole(pattern, value)) return { value };
  return { problem: `must match ${pattern}` };
}

function integer(parameter: ToolParameter, value: unknown): Fitted {
  const written = writtenInteger(value);
  if (written === null) return { problem: "must be a whole number" };
  if (written === "rounded") return { problem: "is too large to be exact as a number: write it as text" };
  if (written.length > MAX_DIGITS) return { problem: "has too many digits" };
  const outside = outsideOf(parameter, written);
  if (outside !== null) return { problem: outside };
  const exact = Number(written);
  return { value: Number.isSafeInteger(exact) ? exact : written };
}

function writtenInteger(value: unknown): string | "rounded" | null {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "string") return CANONICAL_INTEGER.test(value) ? value : null;
  if (typeof value !== "number" || !Number.isInteger(value)) return null;
  return Number.isSafeInteger(value) ? plainDecimal(value) : "rounded";
}

function decimal(parameter: ToolParameter, value: unknown): Fitted {
  const written = writtenDecimal(value);
  if (written === null) return { problem: "must be a number" };
  if (written.length > MAX_DIGITS) return { problem: "has too many digits" };
  const outside = outsideOf(parameter, written);
  return outside === null ? { value: written } : { problem: outside };
}

function writtenDecimal(value: unknown): string | null {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "string") return CANONICAL_DECIMAL.test(value) ? value : null;
  return typeof value === "number" && Number.isFinite(value) ? plainDecimal(value) : null;
}

/** A number's shortest decimal text without an exponent: `1e-7` is `0.0000001`. */
export function plainDecimal(value: number): string {
  const [digits = "0", exponent] = String(value === 0 ? 0 : value).split("e");
  if (exponent === undefined) return digits;
  const [whole = "0", fraction = ""] = digits.replace("-", "").split(".");
  const sign = value < 0 ? "-" : "";
  const shift = Number(exponent);
  if (shift >= 0) return sign + whole + fraction.padEnd(shift, "0");
  return `${sign}0.${"0".repeat(-shift - 1)}${whole}${fraction}`;
}

function outsideOf({ min, max }: ToolParameter, written: string): string | null {
  if (min !== null && Number(written) < min) return `must be ${min} or more`;
  return max !== null && Number(written) > max ? `must be ${max} or less` : null;
}

function oneOf(parameter: ToolParameter, value: unknown): Fitted {
  const { values } = parameter;
  if (typeof value === "string" && values.includes(value)) return { value };
  const told = values
    .slice(0, MAX_TOLD_VALUES)
    .map((each) => toldValue(parameter, each))
    .join(", ");
  const others = values.length > MAX_TOLD_VALUES ? ` and ${values.length - MAX_TOLD_VALUES} others` : "";
  return { problem: `must be one of these, as written: ${told}${others}` };
}

/** With its label where it has one: `110 (Berlin)`. */
export function toldValue(parameter: ToolParameter, value: string): string {
  const label = labelOf(parameter, value);
  return label === value ? value : `${value} (${label})`;
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/;

function isDate(value: unknown): value is string {
  const [, year, month, day] = typeof value === "string" ? (DATE.exec(value) ?? []) : [];
  if (year === undefined || year === "0000") return false;
  const noon = new Date(`${year}-${month}-${day}T12:00:00Z`);
  // The engine reads 30 February as 2 March.
  return !Number.isNaN(noon.getTime()) && noon.getUTCDate() === Number(day);
}

function isDateTime(value: unknown): value is string {
  return typeof value === "string" && isDate(DATE_TIME.exec(value)?.[1]);
}
