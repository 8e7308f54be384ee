import { parseArguments } from "./commands/arguments.ts";
import { checkNativeParts, formatCheckRows } from "./commands/doctor.ts";
import { evalRetrieval, formatEvaluation } from "./commands/eval-retrieval.ts";
import { helpText } from "./commands/help.ts";
import { rebuildIndexesByCommand } from "./commands/index-rebuild.ts";
import { importModel, listModels, removeModel } from "./commands/model.ts";
import { offlineReport, verifyReport } from "./commands/offline-report.ts";
import { serve } from "./commands/serve.ts";
import { resetPasswordByCommand } from "./commands/user.ts";
import { readConfig, SETTINGS } from "./config.ts";
import { fromSystemError } from "./domain/storage.ts";
import { forgetProxyVariables } from "./egress/proxy.ts";
import { AppError, type ErrorCode, toAppError } from "./errors.ts";
import { createLog } from "./log.ts";
import { liftRequestLimit } from "./native/request-limit.ts";
import { COMMIT, VERSION } from "./version.ts";
import { kindOf } from "./workers/model-manifest.ts";
import { runParserChild } from "./workers/parser-child.ts";

/** Exit codes of sysexits.h; documented in docs/operations.md. */
const EXIT_CODE: Partial<Record<ErrorCode, number>> = {
  USAGE: 64,
  DB_CORRUPT: 65,
  MODEL_NOT_AVAILABLE: 65,
  RESOURCE_LIMIT: 65,
  UNSAFE_ARCHIVE: 65,
  PORT_IN_USE: 69,
  CONFLICT: 73,
  STORAGE_FULL: 74,
  STORAGE_UNAVAILABLE: 74,
  DATA_DIR_LOCKED: 75,
  DATA_DIR_NOT_WRITABLE: 77,
  PORT_NOT_ALLOWED: 77,
  CONFIG_INVALID: 78,
  DB_MISSING: 78,
  SCHEMA_TOO_NEW: 78,
  KEY_MISSING: 78,
  KEY_INVALID: 78,
  TLS_INVALID: 78,
  EGRESS_BROKEN: 70,
};
const EXIT_INTERNAL = 70;

const print = (line: string) => void process.stdout.write(`${line}\n`);
const printError = (line: string) => void process.stderr.write(`${line}\n`);

/** @returns the exit code; undefined while the process lives on by itself */
async function main(argv: readonly string[]): Promise<number | undefined> {
  if (argv[0] === "internal" && argv[1] === "parse") {
    await runParserChild();
    return undefined;
  }
  forgetProxyVariables(process.env);
  const { words, flags, help } = parseArguments(argv);
  const command = words.join(" ");
  if (help || command === "help") print(helpText());
  else if (command === "version") print(`Parley ${VERSION} (${COMMIT})`);
  else if (command === "config show") showConfig(flags);
  else if (command === "eval retrieval") await runEvalRetrieval(flags);
  else if (command === "index rebuild") await runIndexRebuild(flags);
  else if (words[0] === "user") await runUser(words.slice(1), flags);
  else if (command === "doctor") return doctor(flags);
  else if (words[0] === "model") await runModel(words.slice(1), flags);
  else if (command === "" || command === "serve") await runServer(flags);
  else throw new AppError("USAGE", `There is no command “${command}”. See parley --help.`);
  return 0;
}

async function runServer(flags: Record<string, string>): Promise<void> {
  const { config } = readConfig(flags, process.env);
  const manyRequests = liftRequestLimit(process.env);
  // What Parley writes is nobody else's on this machine, whatever the shell it was started from says.
  process.umask(0o077);
  const log = createLog(config.logLevel, (line) => void process.stderr.write(line), Date.now);
  process.on("unhandledRejection", (cause) => log.error("unhandled-rejection", { cause }));
  if (!manyRequests) log.warn("few-requests-at-once", { most: 256 });
  await serve(config, log, print);
}

function showConfig(flags: Record<string, string>): void {
  const { settings } = readConfig(flags, process.env);
  const width = Math.max(...settings.map(({ name }) => name.length));
  for (const { name, value, origin } of settings) {
    const secret = SETTINGS.some((setting) => setting.name === name && setting.secret);
    print(`${name.padEnd(width)} ${(secret && value ? "(set)" : value || "-").padEnd(30)} ${origin}`);
  }
}

async function doctor(flags: Record<string, string>): Promise<number | undefined> {
  const { "offline-report": wantsReport, "verify-report": file, json, ...settings } = flags;
  const { config } = readConfig(settings, process.env);
  if (file !== undefined) {
    const { ok, message } = verifyReport(config, file);
    print(message);
    return ok ? 0 : EXIT_CODE.DB_CORRUPT;
  }
  if (wantsReport === "true") {
    print(await offlineReport(config, json === "true" ? "json" : "text"));
    return 0;
  }
  const rows = await checkNativeParts(config.data);
  print(formatCheckRows(rows));
  return rows.every(({ ok }) => ok) ? 0 : EXIT_INTERNAL;
}

async function runModel(words: string[], flags: Record<string, string>): Promise<void> {
  const { config } = readConfig(flags, process.env);
  process.umask(0o077);
  const [verb, subject] = words;
  if (verb === "list" && words.length === 1) print(await listModels(config.data));
  else if (verb === "import" && subject !== undefined && words.length === 2) {
    const manifest = await importModel(config.data, subject);
    const { name, dimension } = manifest;
    print(
      kindOf(manifest) === "reranker"
        ? `${name} is ready: a reranker. Choose it in the backoffice.`
        : `${name} is ready: ${dimension} dimensions. Build an index with it in the backoffice.`,
    );
  } else if (verb === "remove" && subject !== undefined && words.length === 2) {
    await removeModel(config.data, subject);
    print(`${subject} is removed.`);
  } else {
    throw new AppError(
      "USAGE",
      "Say which: parley model import DIR|ZIP, parley model list, or parley model remove NAME",
    );
  }
}

async function runUser([verb, email, ...rest]: string[], flags: Record<string, string>): Promise<void> {
  if (verb !== "reset-password" || email === undefined || rest.length > 0)
    throw new AppError("USAGE", "Say whose: parley user reset-password EMAIL");
  print(await resetPasswordByCommand(readConfig(flags, process.env).config, email));
}

async function runIndexRebuild({ tenant, vectors, ...flags }: Record<string, string>): Promise<void> {
  const { config } = readConfig(flags, process.env);
  process.umask(0o077);
  print(await rebuildIndexesByCommand(config, { slug: tenant, vectors: vectors === "true" }, printError));
}

/** The result is the last line on standard output; how it gets on is on standard error. */
async function runEvalRetrieval({ corpus, queries, json }: Record<string, string>): Promise<void> {
  if (corpus === undefined || queries === undefined) {
    throw new AppError("USAGE", "Name both files: parley eval retrieval --corpus FILE --queries FILE");
  }
  print(formatEvaluation(await evalRetrieval(corpus, queries, printError), json === "true"));
}

/** What was thrown on purpose is one sentence; anything else is a bug and shows where. */
function fail(thrown: unknown): number {
  const { code, message, cause } = toAppError(fromSystemError(thrown));
  printError(`parley: ${code === "INTERNAL" ? stackOf(cause) : `${message} [${code}]`}`);
  return EXIT_CODE[code] ?? EXIT_INTERNAL;
}

/** What failed in another thread comes with its stack as text. */
function stackOf(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

const exitCode = await main(process.argv.slice(2)).catch(fail);
if (exitCode !== undefined) process.exit(exitCode);
