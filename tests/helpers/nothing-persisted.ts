/** The oracle ∅: a call that was refused has left nothing behind, neither in the database nor on disk nor at a provider. */
import { expect } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { APPLY_RETENTION } from "../../src/domain/retention.ts";
import { REMOVE_ENDED_SESSIONS } from "../../src/services/access/ended-sessions.ts";
import { REANALYSE } from "../../src/services/knowledge/reanalysis.ts";
import { REREAD } from "../../src/services/knowledge/rereading.ts";
import { TOOL_UPKEEP } from "../../src/services/tools/upkeep-job.ts";
import { withDatabase } from "./database.ts";
import type { Parley } from "./parley.ts";

/** Refusals are recorded and counted; that is no trace of what was refused. */
const UNCHECKED_TABLES = new Set([
  "audit_log",
  "throttles",
  "sqlite_sequence",
  "chunks_fts",
  "egress_ledger",
]);
/** Made of what was said before, a while after it was. */
const COPIED_TABLES = /^messages_(fts|to_index)/;
/** Written by reading: when a session was last seen, the readiness probe, numbers that may have gaps. */
const UNCHECKED_COLUMNS: Record<string, string[]> = {
  sessions: ["last_seen_at"],
  chat_sessions: ["expires_at", "last_sequence"],
};
/** Jobs that the clock begins, and a start: they may end, or be put off, while a call is refused. */
const JOBS_OF_THE_CLOCK = new Set([APPLY_RETENTION, REANALYSE, REMOVE_ENDED_SESSIONS, REREAD, TOOL_UPKEEP]);
/** The ballast is only room. */
const UNCHECKED_FILES = /^(parley\.db(-wal|-shm)?|lock(-journal)?|ballast)$/;

export type Traces = Record<string, string>;

/** A hash of every table and file, and what a provider was asked. */
export async function tracesOf(
  parley: Pick<Parley, "dataDirectory">,
  provider?: { requests: readonly unknown[] },
): Promise<Traces> {
  return {
    ...withDatabase(parley, (database) => {
      const tables = database
        .query<{ name: string }, []>("select name from sqlite_schema where type = 'table' order by name")
        .all();
      return Object.fromEntries(
        tables
          .filter(({ name }) => !UNCHECKED_TABLES.has(name) && !COPIED_TABLES.test(name))
          .map(({ name }) => [`table ${name}`, hash(JSON.stringify(contents(name)))]),
      );

      function contents(table: string): unknown[] {
        const left = new Set(UNCHECKED_COLUMNS[table]);
        return database
          .query<Record<string, unknown>, []>(`select * from "${table}"`)
          .all()
          .filter((row) => !(table === "instance" && row.key === "probe"))
          .filter((row) => !(table === "jobs" && JOBS_OF_THE_CLOCK.has(String(row.kind))))
          .map((row) =>
            Object.entries(row)
              .filter(([column]) => !left.has(column))
              .map(([, value]) => (value instanceof Uint8Array ? hash(value) : value)),
          );
      }
    }),
    ...(await fileTraces(parley.dataDirectory)),
    "provider requests": String(provider?.requests.length ?? 0),
  };
}

/** Does `call` and expects that nothing is different afterwards. */
export async function expectNothingPersisted<Result>(
  parley: Pick<Parley, "dataDirectory">,
  call: () => Promise<Result>,
  provider?: { requests: readonly unknown[] },
): Promise<Result> {
  const before = await tracesOf(parley, provider);
  const result = await call();
  expect(await tracesOf(parley, provider)).toEqual(before);
  return result;
}

async function fileTraces(directory: string): Promise<Traces> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !UNCHECKED_FILES.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    // Native parts are the binary's own; hashing 30 MB each time would only be slow.
    .filter((path) => !path.startsWith(join(directory, "native")))
    .sort();
  return Object.fromEntries(
    await Promise.all(
      files.map(async (path) => [`file ${path.slice(directory.length)}`, hash(await readFile(path))]),
    ),
  );
}

function hash(content: string | Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(content).digest("hex").slice(0, 16);
}
