/** `{names}` in addresses and headers: what an admin wrote, with the places where values go. */
import type { ToolParameter } from "../../domain/tool.ts";
import { AppError } from "../../errors.ts";

/** What looks as if something would be filled in and is nobody's: variables of shells and of other products. */
const FOREIGN = /\$\{[^}]*\}|\{\{.*?\}\}|%[A-Za-z_][A-Za-z0-9_]*%|\$\([^)]*\)|<%.*?%>/;
const PLACE = /\{([^{}]*)\}/g;

export function placesIn(template: string): string[] {
  return [...template.matchAll(PLACE)].map(([, name = ""]) => name);
}

/**
 * The text with every place filled by what `textOf` says.
 *
 * @param textOf null for a parameter without a value
 */
export function filled(template: string, textOf: (name: string) => string | null): string {
  return template.replace(PLACE, (_, name: string) => textOf(name) ?? "");
}

/**
 * Only parameters are filled in; secrets are no parameters, and stand in no template.
 *
 * @param where the field, for whoever reads the error
 * @throws AppError UNKNOWN_PLACEHOLDER
 */
export function requireKnownPlaces(
  where: string,
  template: string,
  parameters: readonly Pick<ToolParameter, "name">[],
): void {
  const foreign = FOREIGN.exec(template)?.[0];
  if (foreign !== undefined) throw unknown(where, foreign, parameters);
  for (const name of placesIn(template))
    if (!parameters.some((parameter) => parameter.name === name))
      throw unknown(where, `{${name}}`, parameters);
  const left = template.replace(PLACE, "");
  if (/[{}]/.test(left)) throw unknown(where, left.includes("{") ? "{" : "}", parameters);
}

function unknown(
  where: string,
  placeholder: string,
  parameters: readonly Pick<ToolParameter, "name">[],
): AppError {
  const names = parameters.map(({ name }) => `{${name}}`).join(", ") || "none";
  const sentence = `${placeholder} in the ${where} is no parameter of this tool. There are ${names}. A secret is given as a credential.`;
  return new AppError("UNKNOWN_PLACEHOLDER", sentence, { details: { fields: { [where]: sentence } } });
}
