/**
 * What stands between a model, a form or a program and whatever a tool does: every argument is what its parameter says
 * or nothing runs. Nothing is converted but canonical numeric text, which models send for numbers.
 */
import type { Visitor } from "../domain/conversation.ts";
import type { ArgumentValue, Binding, ToolArguments, ToolCall, ToolParameter } from "../domain/tool.ts";
import { AppError } from "../errors.ts";
import { fit, toldValue } from "./argument-value.ts";

/** What is wrong with one argument, in words that a model or a person can act on. */
export type ArgumentProblem = { parameter: string; problem: string };

/** Of the arguments of one call, as JSON text. None needs more; a megabyte of them is an attack or a model gone astray. */
const MAX_ARGUMENTS_BYTES = 64 * 1024;

/**
 * The arguments with which a tool may run: one value for each parameter, null where an optional one has none.
 *
 * @throws AppError INVALID_ARGUMENT with an `ArgumentProblem[]` as details, for keys that nobody declared and for those
 *   that only Parley sets, too · TOOL_REQUIRES_IDENTITY when a parameter is bound to what the visitor has not proved
 */
export function validArguments(
  parameters: readonly ToolParameter[],
  given: Readonly<Record<string, unknown>>,
  visitor: Visitor | null,
): ToolArguments {
  if (!hasIdentityFor(parameters, visitor)) throw identityMissing();
  const bound = parameters.filter(({ boundTo }) => boundTo !== null);
  const boundValues = bound.map((parameter) => [parameter.name, boundValue(parameter, visitor)] as const);
  const free = parameters.filter(({ boundTo }) => boundTo === null);
  const problems = unknownKeys(free, given);
  const values = free.map((parameter) => {
    const fitted = givenValue(parameter, Object.hasOwn(given, parameter.name) ? given[parameter.name] : null);
    if ("problem" in fitted) problems.push({ parameter: parameter.name, problem: fitted.problem });
    return [parameter.name, "problem" in fitted ? null : fitted.value] as const;
  });
  if (problems.length > 0) throw invalidArguments(problems);
  return Object.fromEntries<ArgumentValue>([...values, ...boundValues]);
}

/**
 * What a model wrote as its arguments. Whole numbers that JavaScript cannot hold come as bigint, so that none is rounded.
 *
 * @throws AppError INVALID_ARGUMENT for anything but a JSON object
 */
export function parseArguments({ arguments: json }: Pick<ToolCall, "arguments">): Record<string, unknown> {
  if (json.length > MAX_ARGUMENTS_BYTES)
    throw new AppError("INVALID_ARGUMENT", "the arguments are too long. Give only what the tool asks for.");
  // Some models send nothing at all for a tool without parameters.
  const parsed = json.trim() === "" ? {} : parseExactly(json);
  if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))
    return Object.fromEntries(Object.entries(parsed));
  throw new AppError("INVALID_ARGUMENT", "the arguments must be a JSON object with the tool's parameters.");
}

export function invalidArguments(problems: readonly ArgumentProblem[]): AppError {
  const told = problems.map(({ parameter, problem }) => `${parameter} ${problem}`).join("; ");
  return new AppError("INVALID_ARGUMENT", `${told}.`, { details: problems });
}

/** Whether a tool with these parameters can run for the visitor at all; it is offered to no other. */
export function hasIdentityFor(parameters: readonly ToolParameter[], visitor: Visitor | null): boolean {
  return parameters.every(
    (parameter) => parameter.boundTo === null || boundValue(parameter, visitor) !== null,
  );
}

/** JSON Schema of the arguments that may be given. What is bound to the visitor is not part of it. */
export function parametersSchema(parameters: readonly ToolParameter[]): Record<string, unknown> {
  const free = parameters.filter(({ boundTo }) => boundTo === null);
  return {
    type: "object",
    properties: Object.fromEntries(free.map((parameter) => [parameter.name, valueSchema(parameter)])),
    required: free
      .filter(({ required, default: taken }) => required && taken === null)
      .map(({ name }) => name),
    additionalProperties: false,
  };
}

function unknownKeys(
  free: readonly ToolParameter[],
  given: Readonly<Record<string, unknown>>,
): ArgumentProblem[] {
  const known = new Set(free.map(({ name }) => name));
  const names = [...known].join(", ");
  const problem = names === "" ? "is no parameter: there are none" : `is no parameter: there are ${names}`;
  return Object.keys(given)
    .filter((key) => !known.has(key))
    .map((key) => ({ parameter: key.slice(0, 100), problem }));
}

function givenValue(parameter: ToolParameter, value: unknown): ReturnType<typeof fit> {
  const taken = value ?? parameter.default;
  if (taken !== null) return fit(parameter, taken);
  return parameter.required ? { problem: "is missing" } : { value: null };
}

const IDENTITY: Record<Binding, (visitor: Visitor) => string | readonly string[] | null> = {
  "visitor.email": ({ email }) => email,
  "visitor.id": ({ id }) => id,
  "visitor.groups": ({ groups }) => groups,
};

/** Null when the visitor has not proved it. What the host application says of them is not the model's to correct. */
function boundValue(parameter: ToolParameter, visitor: Visitor | null): ArgumentValue {
  const value = visitor === null || parameter.boundTo === null ? null : IDENTITY[parameter.boundTo](visitor);
  if (typeof value !== "string") return value;
  const fitted = fit(parameter, value);
  return "problem" in fitted ? null : fitted.value;
}

function identityMissing(): AppError {
  return new AppError(
    "TOOL_REQUIRES_IDENTITY",
    "this is told only to people who are signed in on this page. Say so, and do not call it again.",
  );
}

/** More values than this make every request long; which one it is, the error for a wrong one says. */
const MAX_TOLD_VALUES = 100;

function valueSchema(parameter: ToolParameter): Record<string, unknown> {
  if (parameter.schema !== undefined) return { ...parameter.schema, description: describe(parameter) };
  const { type, min, max, default: taken } = parameter;
  const limits = type === "text" ? { minLength: min, maxLength: max } : { minimum: min, maximum: max };
  return withoutNulls({
    ...JSON_TYPES[type],
    description: describe(parameter),
    enum: type === "enum" && parameter.values.length <= MAX_TOLD_VALUES ? parameter.values : null,
    ...(type === "text" || type === "integer" || type === "decimal" ? limits : {}),
    default: taken,
  });
}

const JSON_TYPES: Record<ToolParameter["type"], Record<string, unknown>> = {
  text: { type: "string" },
  integer: { type: "integer" },
  decimal: { type: "number" },
  date: { type: "string", format: "date" },
  datetime: { type: "string", format: "date-time" },
  boolean: { type: "boolean" },
  enum: { type: "string" },
};

/** Patterns stand in words: vendors read their own dialects of them, and some refuse what they cannot read. */
function describe(parameter: ToolParameter): string {
  const { description, type, values, labels, pattern, example } = parameter;
  const some = values
    .slice(0, MAX_TOLD_VALUES)
    .map((value) => toldValue(parameter, value))
    .join(", ");
  const isLong = values.length > MAX_TOLD_VALUES;
  return [
    description,
    type === "enum" && isLong ? `One of ${values.length} values, such as ${some}.` : "",
    type === "enum" && !isLong && labels ? `What they mean: ${some}.` : "",
    pattern === null ? "" : `Matches ${pattern}`,
    example === null ? "" : `Example: ${example}`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function withoutNulls(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

function parseExactly(json: string): unknown {
  const exactly: Reviver = (_, value, context) =>
    typeof value === "number" ? exactNumber(value, context?.source ?? "") : value;
  try {
    return JSON.parse(json, exactly);
  } catch (cause) {
    throw new AppError("INVALID_ARGUMENT", "the arguments are not valid JSON. Write them anew.", { cause });
  }
}

/** A number that JavaScript would round stays what was written: whole as bigint, others as text. */
function exactNumber(value: number, source: string): unknown {
  if (Number.isSafeInteger(value) || !/^-?\d+$/.test(source)) return value;
  return BigInt(source);
}
