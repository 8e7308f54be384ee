import type { Log } from "./deps.ts";

const LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LEVELS)[number];

/**
 * Writes one JSON line an event. JSON escapes control characters, so no value can forge a second line
 * or move the cursor of a terminal; U+2028 and U+2029 are line ends for some readers and are escaped too.
 */
export function createLog(level: LogLevel, write: (line: string) => void, now: () => number): Log {
  const threshold = LEVELS.indexOf(level);
  const at =
    (name: LogLevel) =>
    (event: string, fields: Record<string, unknown> = {}) => {
      if (LEVELS.indexOf(name) < threshold) return;
      const entry = { time: new Date(now()).toISOString(), level: name, event, ...describeErrors(fields) };
      write(`${JSON.stringify(entry).replace(/[\u2028\u2029\u007f-\u009f]/g, escapeCharacter)}\n`);
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

function describeErrors(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error ? describeError(value) : value,
    ]),
  );
}

function describeError(error: Error): Record<string, unknown> {
  return {
    name: error.name,
    message: error.message,
    stack: error.stack
      ?.split("\n")
      .slice(1, 8)
      .map((line) => line.trim()),
  };
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
