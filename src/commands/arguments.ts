import { parseArgs } from "node:util";
import { SETTINGS } from "../config.ts";
import { AppError } from "../errors.ts";

/** Options that only one command has. */
export const COMMAND_OPTIONS: Record<string, Record<string, { value: string | null; help: string }>> = {
  doctor: {
    "offline-report": { value: null, help: "print what was called and refused, signed" },
    "verify-report": { value: "FILE", help: "check such a report" },
    json: { value: null, help: "print the report as JSON" },
  },
  "eval retrieval": {
    corpus: { value: "FILE", help: "documents, a line each: {id, title?, text}" },
    queries: { value: "FILE", help: "questions, a line each: {id, text, relevant: [id]}" },
    json: { value: null, help: "print one line of JSON" },
  },
  "index rebuild": {
    tenant: { value: "SLUG", help: "only this tenant's" },
    vectors: { value: null, help: "make all vectors anew, too, at the next start" },
  },
};

/**
 * Splits a command line into words and settings' flags.
 * @throws AppError USAGE for an unknown flag or a flag without its value
 */
export function parseArguments(argv: readonly string[]): {
  words: string[];
  flags: Record<string, string>;
  help: boolean;
} {
  const options: Record<string, { type: "boolean" | "string" }> = Object.fromEntries(
    [...SETTINGS.filter((setting) => setting.flag !== false), ...commandOptions(() => true)].map(
      ({ name, value }) => [name, { type: value === null ? ("boolean" as const) : ("string" as const) }],
    ),
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
    const { help, version, ...rest } = values;
    const flags: Record<string, string | boolean | undefined> = rest;
    const command = positionals.join(" ");
    const own = Object.keys(COMMAND_OPTIONS[command] ?? {});
    const misplaced = commandOptions((other) => other !== command).find(
      ({ name }) => flags[name] !== undefined && !own.includes(name),
    );
    if (misplaced) throw new Error(`--${misplaced.name} belongs to parley ${misplaced.command}`);
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

function commandOptions(
  ofCommand: (command: string) => boolean,
): { command: string; name: string; value: string | null }[] {
  return Object.entries(COMMAND_OPTIONS)
    .filter(([command]) => ofCommand(command))
    .flatMap(([command, options]) =>
      Object.entries(options).map(([name, { value }]) => ({ command, name, value })),
    );
}
