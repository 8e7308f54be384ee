/** Arguments of an MCP server's tool: from its JSON Schema to parameters as a catalogue has them, and back. Pure. */
import type { ArgumentValue, ToolArguments, ToolParameter } from "../../domain/tool.ts";
import { fit } from "../argument-value.ts";
import { type ArgumentProblem, invalidArguments } from "../arguments.ts";
import { patternProblem } from "../pattern.ts";
import { inlined, isObject, problemsOf } from "./json-schema.ts";
import { shortened, visible } from "./visible.ts";

/** No form is longer. */
const MOST_PARAMETERS = 30;
const MOST_DESCRIPTION = 1_000;
const MOST_TEXT = 4_000;
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,62}$/;

/** @throws Error with the end of a sentence that begins with the schema: “is no JSON Schema” */
export function parametersOf(inputSchema: Record<string, unknown>): ToolParameter[] {
  const schema = inlined(inputSchema);
  if (schema.type !== "object") throw new Error("is not that of an object");
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  if (properties.length > MOST_PARAMETERS) throw new Error(`has more than ${MOST_PARAMETERS} arguments`);
  const unnameable = properties.find(([name]) => !NAME.test(name));
  if (unnameable)
    throw new Error(
      `has an argument “${shortened(visible(unnameable[0]), 60)}”, whose name cannot be told to models`,
    );
  const required = Array.isArray(schema.required) ? schema.required : [];
  return properties.map(([name, part]) =>
    toParameter(name, isObject(part) ? part : {}, required.includes(name)),
  );
}

function toParameter(name: string, schema: Record<string, unknown>, required: boolean): ToolParameter {
  const description = shortened(
    visible(textOf(schema.description) ?? textOf(schema.title) ?? ""),
    MOST_DESCRIPTION,
  );
  const nothing = { values: [], valuesQuery: null, min: null, max: null, pattern: null, example: null };
  const parameter: ToolParameter = {
    ...{ name, description, required, default: null, boundTo: null, in: null },
    ...nothing,
    ...kindOf(withoutNull(schema)),
  };
  return { ...parameter, default: usualValue(parameter, schema.default) };
}

type Kind = Pick<ToolParameter, "type"> & Partial<ToolParameter>;

function kindOf(schema: Record<string, unknown>): Kind {
  const values = Array.isArray(schema.enum)
    ? schema.enum
    : schema.const === undefined
      ? null
      : [schema.const];
  if (values !== null) return isChoice(values) ? { type: "enum", values } : structured(schema);
  switch (schema.type) {
    case "string":
      return textKind(schema);
    case "integer":
      return { type: "integer", min: numberOf(schema.minimum), max: numberOf(schema.maximum) };
    case "number":
      return { type: "decimal", min: numberOf(schema.minimum), max: numberOf(schema.maximum) };
    case "boolean":
      return { type: "boolean" };
    default:
      return takesText(schema) ? { type: "text", max: MOST_TEXT } : structured(schema);
  }
}

function isChoice(values: readonly unknown[]): values is string[] {
  const isShort = (value: unknown) => typeof value === "string" && /^[^\p{C}]{1,200}$/u.test(value);
  return (
    values.length > 0 &&
    values.length <= 1_000 &&
    new Set(values).size === values.length &&
    values.every(isShort)
  );
}

function structured(schema: Record<string, unknown>): Kind {
  return { type: "text", schema: legible(schema) };
}

function textKind({ format, minLength, maxLength, pattern }: Record<string, unknown>): Kind {
  if (format === "date") return { type: "date" };
  if (format === "date-time") return { type: "datetime" };
  // Here a pattern matches a text whole; there it is found anywhere in it.
  const isWhole = typeof pattern === "string" && /^\^.*[^\\]\$$/s.test(pattern) && pattern.length <= 500;
  const max = numberOf(maxLength);
  return {
    ...{ type: "text", min: numberOf(minLength), max: max === null || max > MOST_TEXT ? MOST_TEXT : max },
    pattern: isWhole && patternProblem(pattern) === null ? pattern : null,
  };
}

/** Of several kinds of values, text is the one that a form and a model can always give. */
function takesText(schema: Record<string, unknown>): boolean {
  const kinds = [schema.anyOf ?? schema.oneOf ?? [], schema.type ?? []].flat();
  const isAnything = kinds.length === 0 && schema.properties === undefined && schema.items === undefined;
  return isAnything || kinds.some((kind) => kind === "string" || (isObject(kind) && kind.type === "string"));
}

/** That a value may be null as well says only that it may be left out. */
function withoutNull(schema: Record<string, unknown>): Record<string, unknown> {
  if (Array.isArray(schema.type)) {
    const types = schema.type.filter((type) => type !== "null");
    return types.length === 1 ? { ...schema, type: types[0] } : schema;
  }
  const keyword = Array.isArray(schema.anyOf) ? "anyOf" : "oneOf";
  const { [keyword]: choices, ...others } = schema;
  if (!Array.isArray(choices)) return schema;
  const left = choices.filter((choice) => !isObject(choice) || choice.type !== "null");
  return left.length === 1 && isObject(left[0]) ? { ...left[0], ...others } : schema;
}

/** Descriptions within it are read by models, too. */
function legible(schema: Record<string, unknown>): Record<string, unknown> {
  const read = (value: unknown, key: string): unknown => {
    if (typeof value === "string" && (key === "description" || key === "title"))
      return shortened(visible(value), MOST_DESCRIPTION);
    if (Array.isArray(value)) return value.map((each) => read(each, ""));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, read(each, name)]));
  };
  return read(schema, "") as Record<string, unknown>;
}

/** A value that does not fit its own schema is nobody's to send. */
function usualValue(parameter: ToolParameter, value: unknown): ArgumentValue {
  if (parameter.schema !== undefined || !["string", "number", "boolean"].includes(typeof value)) return null;
  const fitted = fit(parameter, value);
  return "problem" in fitted ? null : fitted.value;
}

const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
const numberOf = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;

/**
 * What is sent, once the server's whole schema has nothing against it. What has no value is left out.
 *
 * @throws AppError INVALID_ARGUMENT with an `ArgumentProblem[]` as details
 */
export function remoteArguments(
  inputSchema: Record<string, unknown>,
  parameters: readonly ToolParameter[],
  values: ToolArguments,
): Record<string, unknown> {
  const problems: ArgumentProblem[] = [];
  const given: [string, unknown][] = [];
  for (const parameter of parameters) {
    const value = values[parameter.name] ?? null;
    if (value === null) continue;
    const sent = remoteValue(parameter, value);
    if (sent === null)
      problems.push({ parameter: parameter.name, problem: "is too large to be exact as a number" });
    else given.push([parameter.name, sent]);
  }
  const sent = Object.fromEntries(given);
  if (problems.length === 0)
    for (const { path, problem } of problemsOf(inlined(inputSchema), sent))
      problems.push({ parameter: path === "" ? "the arguments" : shortened(path, 200), problem });
  if (problems.length > 0) throw invalidArguments(problems);
  return sent;
}

/** Null for a number that would be rounded on the way. */
function remoteValue({ type, schema }: ToolParameter, value: NonNullable<ArgumentValue>): unknown {
  if (schema !== undefined) return typeof value === "string" ? JSON.parse(value) : value;
  if (typeof value !== "string" || (type !== "integer" && type !== "decimal")) return value;
  const digits = value.replace(/^-|\./g, "").replace(/^0+/, "");
  return digits.length > 15 ? null : Number(value);
}
