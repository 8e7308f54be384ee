import { GENERAL_SETTINGS, LIMIT_SETTINGS, SETTINGS } from "../config.ts";

const COMMANDS: readonly [words: string, help: string][] = [
  ["serve", "start the server (also without any command)"],
  ["doctor", "check this machine, the data directory and the models"],
  ["doctor --offline-report", "print what was called and refused, signed: [--json]"],
  ["doctor --verify-report", "check such a report: FILE"],
  ["eval retrieval", "measure what is found: --corpus FILE --queries FILE [--json]"],
  ["index rebuild", "make indexes anew from the stored passages: [--tenant SLUG] [--vectors]"],
  ["model import", "check a model and copy it to the data directory: DIR or ZIP"],
  ["model list", "embedding models and rerankers in the data directory"],
  ["model remove", "delete a model: NAME"],
  ["user reset-password", "print a link that sets a new password, once: EMAIL"],
  ["config show", "print the effective settings and where each came from"],
  ["version", "print the version"],
];

const FLAG_WIDTH = Math.max(...SETTINGS.map(({ name, value }) => `--${name} ${value ?? ""}`.length));

/** The text of `parley --help`. */
export function helpText(): string {
  const commands = COMMANDS.map(([words, help]) => `  parley ${words.padEnd(24)} ${help}`);
  return [
    "Parley: AI chat for an intranet, in one file.",
    "",
    ...commands,
    "",
    "Settings, as flags, as PARLEY_* variables or in parley.toml, in that order:",
    "",
    ...flagLines(GENERAL_SETTINGS),
    "",
    "Limits, given the same way:",
    "",
    ...flagLines(LIMIT_SETTINGS),
    "",
  ].join("\n");
}

function flagLines(settings: typeof SETTINGS): string[] {
  return settings
    .filter(({ flag }) => flag !== false)
    .map(({ name, value, help, default: fallback }) => {
      const left = value === null ? `--${name}` : `--${name} ${value}`;
      return `  ${left.padEnd(FLAG_WIDTH)} ${help}${fallback && value !== null ? ` (${fallback})` : ""}`;
    });
}
