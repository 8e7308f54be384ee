/** What is common to the guards of statements that a model wrote; each database has its own, after its own grammar. */
import { AppError } from "../errors.ts";

/** In an error: enough to choose from, and no page. */
const MAX_TOLD = 30;

/** @param why and what to do instead, without a full stop */
export function refusedStatement(why: string): AppError {
  return new AppError("UNSAFE_QUERY", `the statement was not run: ${why}.`);
}

/** @param names of the tables that are, as a statement has to write them */
export function notListed(name: string, names: readonly string[]): AppError {
  const told = names.slice(0, MAX_TOLD).join(", ");
  const more = names.length > MAX_TOLD ? ` and ${names.length - MAX_TOLD} others` : "";
  return new AppError(
    "TOOL_FORBIDDEN",
    `the statement was not run: “${name}” is not among the tables that may be asked. There are ${told}${more}.`,
  );
}

export function unknownFunction(name: string): AppError {
  return refusedStatement(
    `the function “${name.slice(0, 80)}” is not among those that may be used. Write it with common functions of text, numbers, dates and aggregates`,
  );
}
