import { join } from "node:path";
import type { DocumentParser, Log } from "../deps.ts";
import { openParser } from "../workers/parser.ts";

/** Parley runs itself again for the parser: from the binary, or from source. */
export function openDocumentParser(log: Log): DocumentParser {
  const program = Bun.isStandaloneExecutable
    ? [process.execPath]
    : [process.execPath, join(import.meta.dir, "../main.ts")];
  return openParser({ command: [...program, "internal", "parse"], log });
}
