/**
 * Whether a value is what a JSON Schema asks for. The schema is somebody else's, so nothing of it is compiled or run as
 * code, patterns are tried only where they end soon, and work is counted. Pure.
 */
import { patternProblem } from "../pattern.ts";

export type JsonSchema = boolean | { readonly [keyword: string]: unknown };
export type SchemaProblem = { path: string; problem: string };

/** Of one check; schemas that refer to each other can ask for any amount of it. */
const MOST_STEPS = 20_000;
const MOST_DEPTH = 40;
const MOST_PROBLEMS = 10;
/** Longer texts are left to the server: what a pattern costs is a power of them, and one more where it may begin anywhere. */
const MOST_MATCHED = { fromTheStart: 200, anywhere: 80 };

/** What asks for something that is not checked here; a value would be sent without anybody knowing whether it fits. */
const NOT_CHECKED = [
  ...["$dynamicRef", "$recursiveRef", "patternProperties", "unevaluatedProperties", "unevaluatedItems"],
  ...["dependentRequired", "dependentSchemas", "dependencies", "contains"],
];
const TYPES: ReadonlySet<unknown> = new Set([
  ...["string", "number", "integer", "boolean", "object", "array", "null"],
]);
const ONE = ["items", "additionalProperties", "propertyNames", "not", "if", "then", "else"];
const LISTS = ["anyOf", "oneOf", "allOf", "prefixItems"];

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "boolean" || isObject(value);
}

/**
 * The schema with its own definitions in place of references to them, so that each part can be read by itself.
 *
 * @throws Error with a sentence for what is no schema, asks for what is not checked here, refers to elsewhere or to itself
 */
export function inlined(root: Record<string, unknown>): Record<string, unknown> {
  let steps = 0;
  function inline(schema: unknown, depth: number): JsonSchema {
    if (!isSchema(schema)) throw new Error("is no JSON Schema");
    if (typeof schema === "boolean") return schema;
    if (++steps > 2_000 || depth > MOST_DEPTH) throw new Error("is too deep, or refers to itself");
    requireReadable(schema);
    const { $ref: reference, $defs: _, definitions: __, ...own } = schema;
    const target = reference === undefined ? {} : inline(referred(root, reference), depth + 1);
    if (typeof target === "boolean") return target;
    return { ...target, ...mapSchemas(own, (each) => inline(each, depth + 1)) };
  }
  const whole = inline(root, 0);
  return typeof whole === "boolean" ? {} : whole;
}

function requireReadable(schema: Record<string, unknown>): void {
  const foreign = NOT_CHECKED.find((keyword) => keyword in schema);
  if (foreign !== undefined) throw new Error(`asks for “${foreign}”, which Parley cannot check`);
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (!types.every((type) => TYPES.has(type))) throw new Error("has a type that there is not");
  const isList = (value: unknown) => value === undefined || Array.isArray(value);
  if (!isList(schema.required) || !isList(schema.enum)) throw new Error("is no JSON Schema");
}

function referred(root: Record<string, unknown>, reference: unknown): unknown {
  if (typeof reference !== "string" || !reference.startsWith("#"))
    throw new Error("refers to a schema somewhere else");
  const names = reference.slice(1).split("/").slice(1);
  let found: unknown = root;
  for (const name of names) {
    const key = name.replaceAll("~1", "/").replaceAll("~0", "~");
    if (!isObject(found) || !Object.hasOwn(found, key))
      throw new Error("refers to a schema that is not there");
    found = found[key];
  }
  return found;
}

/** Every part of a schema that is a schema, by `change`. */
export function mapSchemas(
  schema: Record<string, unknown>,
  change: (part: unknown) => JsonSchema,
): Record<string, unknown> {
  const changed: Record<string, unknown> = { ...schema };
  if (schema.properties !== undefined) {
    if (!isObject(schema.properties)) throw new Error("is no JSON Schema");
    changed.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, part]) => [name, change(part)]),
    );
  }
  for (const keyword of ONE) if (schema[keyword] !== undefined) changed[keyword] = change(schema[keyword]);
  for (const keyword of LISTS) {
    const parts = schema[keyword];
    if (parts === undefined) continue;
    if (!Array.isArray(parts)) throw new Error("is no JSON Schema");
    changed[keyword] = parts.map(change);
  }
  return changed;
}

type Check = (expected: unknown, value: unknown, at: At) => SchemaProblem[];
type At = { path: string; depth: number; schema: Record<string, unknown>; budget: { steps: number } };

/** @param schema one that `inlined` gave. No problems: it fits */
export function problemsOf(schema: JsonSchema, value: unknown): SchemaProblem[] {
  return check(schema, value, { path: "", depth: 0, budget: { steps: 0 } });
}

function check(schema: unknown, value: unknown, place: Omit<At, "schema">): SchemaProblem[] {
  const { path, depth, budget } = place;
  if (++budget.steps > MOST_STEPS || depth > MOST_DEPTH)
    return [{ path, problem: "is too much to be checked" }];
  if (schema === true) return [];
  if (!isObject(schema)) return [{ path, problem: "may not be given" }];
  const at = { ...place, depth: depth + 1, schema };
  const found: SchemaProblem[] = [];
  for (const [keyword, expected] of Object.entries(schema)) {
    found.push(...(CHECKS[keyword]?.(expected, value, at) ?? []));
    if (found.length >= MOST_PROBLEMS) break;
  }
  return found;
}

const below = (at: At, name: string | number): Omit<At, "schema"> => ({
  ...at,
  path: typeof name === "number" ? `${at.path}[${name}]` : at.path === "" ? name : `${at.path}.${name}`,
});
const unless = (isFine: boolean, { path }: At, problem: string): SchemaProblem[] =>
  isFine ? [] : [{ path, problem }];
const same = (left: unknown, right: unknown): boolean => Bun.deepEquals(left, right, true);
const told = (value: unknown): string => JSON.stringify(value).slice(0, 200);
const fits = (schema: unknown, value: unknown, at: At): boolean => check(schema, value, at).length === 0;

const ofText =
  (isFine: (text: string, expected: number) => boolean, words: (expected: number) => string): Check =>
  (expected, value, at) =>
    unless(
      typeof value !== "string" || typeof expected !== "number" || isFine(value, expected),
      at,
      words(Number(expected)),
    );
const ofNumber =
  (isFine: (value: number, expected: number) => boolean, words: string): Check =>
  (expected, value, at) =>
    unless(
      typeof value !== "number" || typeof expected !== "number" || isFine(value, expected),
      at,
      `must be ${words} ${expected}`,
    );
const ofSize =
  (
    isFine: (size: number, expected: number) => boolean,
    words: string,
    isOf: (value: unknown) => boolean,
  ): Check =>
  (expected, value, at) => {
    const size = Array.isArray(value) ? value.length : isObject(value) ? Object.keys(value).length : 0;
    const isFitting = !isOf(value) || typeof expected !== "number" || isFine(size, expected);
    return unless(isFitting, at, `must have ${words} ${expected} entries`);
  };

const atLeast = (value: number, expected: number) => value >= expected;
const atMost = (value: number, expected: number) => value <= expected;

const CHECKS: Record<string, Check> = {
  type: (expected, value, at) =>
    unless(
      [expected].flat().some((type) => isOfType(type, value)),
      at,
      `must be of the type ${told(expected)}`,
    ),
  enum: (expected, value, at) =>
    unless(
      Array.isArray(expected) && expected.some((each) => same(each, value)),
      at,
      `must be one of ${told(expected)}`,
    ),
  const: (expected, value, at) => unless(same(expected, value), at, `must be ${told(expected)}`),
  minLength: ofText(
    (text, least) => [...text].length >= least,
    (least) => `must have ${least} characters at least`,
  ),
  maxLength: ofText(
    (text, most) => [...text].length <= most,
    (most) => `must have ${most} characters at most`,
  ),
  pattern,
  minimum: ofNumber(atLeast, "at least"),
  maximum: ofNumber(atMost, "at most"),
  exclusiveMinimum: ofNumber((value, limit) => value > limit, "more than"),
  exclusiveMaximum: ofNumber((value, limit) => value < limit, "less than"),
  multipleOf: ofNumber(isMultiple, "a multiple of"),
  minItems: ofSize(atLeast, "at least", Array.isArray),
  maxItems: ofSize(atMost, "at most", Array.isArray),
  minProperties: ofSize(atLeast, "at least", isObject),
  maxProperties: ofSize(atMost, "at most", isObject),
  uniqueItems: (expected, value, at) =>
    unless(
      expected !== true || !Array.isArray(value) || isUnique(value),
      at,
      "must not have one entry twice",
    ),
  required: (expected, value, at) =>
    !isObject(value) || !Array.isArray(expected)
      ? []
      : expected
          .filter((name) => typeof name === "string" && !Object.hasOwn(value, name))
          .map((name) => ({ path: below(at, String(name)).path, problem: "is missing" })),
  properties: (expected, value, at) =>
    !isObject(value) || !isObject(expected)
      ? []
      : Object.entries(expected)
          .filter(([name]) => Object.hasOwn(value, name))
          .flatMap(([name, part]) => check(part, value[name], below(at, name))),
  additionalProperties: (expected, value, at) => {
    const known = isObject(at.schema.properties) ? at.schema.properties : {};
    const others = isObject(value)
      ? Object.entries(value).filter(([name]) => !Object.hasOwn(known, name))
      : [];
    return others.flatMap(([name, each]) => check(expected, each, below(at, name)));
  },
  propertyNames: (expected, value, at) =>
    isObject(value) ? Object.keys(value).flatMap((name) => check(expected, name, below(at, name))) : [],
  prefixItems: (expected, value, at) =>
    Array.isArray(value) && Array.isArray(expected)
      ? expected.slice(0, value.length).flatMap((part, index) => check(part, value[index], below(at, index)))
      : [],
  items: (expected, value, at) => {
    const first = Array.isArray(at.schema.prefixItems) ? at.schema.prefixItems.length : 0;
    return Array.isArray(value)
      ? value.slice(first).flatMap((each, index) => check(expected, each, below(at, first + index)))
      : [];
  },
  allOf: (expected, value, at) =>
    Array.isArray(expected) ? expected.flatMap((part) => check(part, value, at)) : [],
  anyOf: (expected, value, at) =>
    unless(countFitting(expected, value, at) > 0, at, "is none of what it may be"),
  oneOf: (expected, value, at) =>
    unless(countFitting(expected, value, at) === 1, at, "is not just one of what it may be"),
  not: (expected, value, at) => unless(!fits(expected, value, at), at, "is what it must not be"),
  if: (expected, value, at) => {
    const then = at.schema[fits(expected, value, at) ? "then" : "else"];
    return then === undefined ? [] : check(then, value, at);
  },
};

function isOfType(type: unknown, value: unknown): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isObject(value);
  if (type === "integer") return typeof value === "number" && Number.isInteger(value);
  return typeof value === type;
}

/** In the language of JSON Schema a pattern is found anywhere in the text. */
function pattern(expected: unknown, value: unknown, at: At): SchemaProblem[] {
  if (typeof value !== "string" || typeof expected !== "string" || patternProblem(expected) !== null)
    return [];
  const most = expected.startsWith("^") ? MOST_MATCHED.fromTheStart : MOST_MATCHED.anywhere;
  if (value.length > most) return [];
  return unless(new RegExp(expected, "u").test(value), at, `must match ${expected.slice(0, 200)}`);
}

/** Sums of decimals are not exact: 0.3 is a multiple of 0.1. */
function isMultiple(value: number, of: number): boolean {
  const times = value / of;
  return of > 0 && Math.abs(times - Math.round(times)) < 1e-9;
}

function isUnique(values: readonly unknown[]): boolean {
  return new Set(values.map((each) => JSON.stringify(each))).size === values.length;
}

function countFitting(schemas: unknown, value: unknown, at: At): number {
  return Array.isArray(schemas) ? schemas.filter((each) => fits(each, value, at)).length : 0;
}
