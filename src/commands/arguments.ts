import { parseArgs } from "node:util";
import { SETTINGS } from "../config.ts";
import { AppError } from "../errors.ts";

/**
 * Splits a command line into words and settings' flags.
 * @throws AppError USAGE for an unknown flag or a flag without its value
 */
export function parseArguments(argv: readonly string[]): {
  words: string[];
  flags: Record<string, string>;
  help: boolean;
} {
  const options = Object.fromEntries(
    SETTINGS.filter((setting) => setting.flag !== false).map(({ name, value }) => [
      name,
      { type: value === null ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: {
        ...options,
        help: { type: "boolean", short: "h" },
        version: { type: "boolean", short: "v" },
      },
      allowPositionals: true,
    });
    const { help, version, ...flags } = values;
    return {
      words: version ? ["version"] : positionals,
      flags: Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, String(value)])),
      help: help === true,
    };
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split(". ")[0] ?? "") : "";
    throw new AppError("USAGE", `${reason}. See parley --help.`, { cause });
  }
}
