/** What must be right about a tool before anybody asks a database or an API about it. */
import { type CatalogueTool, labelOf, type ToolParameter } from "../domain/tool.ts";
import { AppError } from "../errors.ts";
import { fit } from "./argument-value.ts";
import { patternProblem } from "./pattern.ts";

/** @throws AppError VALIDATION naming the field */
export function requireSoundDefinition({ parameters }: Pick<CatalogueTool, "parameters">): void {
  const names = new Set<string>();
  for (const [index, parameter] of parameters.entries()) {
    if (names.has(parameter.name))
      throw invalid(index, "name", `There are two parameters called “${parameter.name}”.`);
    names.add(parameter.name);
    const [field, problem] = problemOf(parameter) ?? [];
    if (field !== undefined && problem !== undefined) throw invalid(index, field, problem);
  }
}

/**
 * Names in braces are columns first, then parameters.
 *
 * @throws AppError UNKNOWN_PLACEHOLDER for one that is neither · VALIDATION for a column that is not there
 */
export function requireKnownNames(
  { columns, parameters, answerTemplate, emptyTemplate }: CatalogueTool,
  given: readonly { name: string }[],
): void {
  for (const [index, { name }] of columns.entries()) {
    if (given.some((column) => column.name === name)) continue;
    const there = given.map((column) => column.name).join(", ");
    const sentence = `The result has no column “${name}”. It has ${there}.`;
    throw new AppError("VALIDATION", sentence, {
      details: { fields: { [`columns.${index}.name`]: sentence } },
    });
  }
  const free = parameters.filter(({ boundTo }) => boundTo === null);
  requirePlaceholders("answerTemplate", answerTemplate, [...given, ...free]);
  // Without rows there are no columns to name.
  requirePlaceholders("emptyTemplate", emptyTemplate, free);
}

function requirePlaceholders(
  field: string,
  template: string | null,
  known: readonly { name: string }[],
): void {
  const names = new Set(known.map(({ name }) => name));
  for (const [, name = ""] of (template ?? "").matchAll(/\{([^{}]*)\}/g)) {
    if (names.has(name.trim())) continue;
    const sentence = `{${name}} in the template is neither a column nor a parameter. There are ${[...names].join(", ") || "none"}.`;
    throw new AppError("UNKNOWN_PLACEHOLDER", sentence, { details: { fields: { [field]: sentence } } });
  }
}

type Problem = [field: keyof ToolParameter, problem: string];

function problemOf(parameter: ToolParameter): Problem | null {
  const { type, values, valuesQuery, min, max, pattern, boundTo } = parameter;
  if (boundTo !== null) return boundProblem(parameter);
  if (type === "enum" && values.length === 0 && valuesQuery === null)
    return ["values", "An enum needs values, or a query that gives them."];
  if (type !== "enum" && (values.length > 0 || valuesQuery !== null))
    return ["values", "Only an enum has values. Choose the type “enum”, or leave them out."];
  if (new Set(values).size < values.length) return ["values", "One of the values stands there twice."];
  const labels = values.map((value) => labelOf(parameter, value));
  if (new Set(labels).size < labels.length) return ["values", "Two of the values have the same label."];
  if (pattern !== null && type !== "text") return ["pattern", "Only a text can have a pattern."];
  if ((min !== null || max !== null) && !LIMITED.has(type))
    return ["min", "Only texts and numbers have limits."];
  if (min !== null && max !== null && min > max) return ["min", "The smallest is larger than the largest."];
  const unsafe = pattern === null ? null : patternProblem(pattern);
  return unsafe === null ? valueProblem(parameter) : ["pattern", `The pattern ${unsafe}.`];
}

const LIMITED: ReadonlySet<string> = new Set(["text", "integer", "decimal"]);

/** Groups are several texts, an id and an address are one. */
function boundProblem({ type, values, valuesQuery, default: taken }: ToolParameter): Problem | null {
  if (type !== "text") return ["type", "What is bound to the visitor is text."];
  if (taken !== null || values.length > 0 || valuesQuery !== null)
    return ["default", "What is bound to the visitor has no value of its own."];
  return null;
}

/** A value that is taken where none is given is held to the same rules. Values that come from a database are not known yet. */
function valueProblem(parameter: ToolParameter): Problem | null {
  if (parameter.default === null || (parameter.type === "enum" && parameter.values.length === 0)) return null;
  const fitted = fit(parameter, parameter.default);
  return "problem" in fitted ? ["default", `The default ${fitted.problem}.`] : null;
}

function invalid(index: number, field: string, sentence: string): AppError {
  return new AppError("VALIDATION", `Check “parameters.${index}.${field}”: ${sentence}`, {
    details: { fields: { [`parameters.${index}.${field}`]: sentence } },
  });
}
