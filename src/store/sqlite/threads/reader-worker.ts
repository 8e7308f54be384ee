/** A thread that answers what only reads, each question from one state of the database. */
import { AppError } from "../../../errors.ts";
import { answerRequests } from "../../../workers/channel.ts";
import type { Call } from "../calls.ts";
import { NO_CHANGES } from "../changes.ts";
import { type ConnectionOptions, openForReading, type SqliteClient } from "../connection.ts";
import { fromSqliteError } from "../constraint.ts";
import { sqliteNouns } from "../nouns.ts";
import type { ReaderRequests } from "./readers.ts";
import { readingOf } from "./reading.ts";

type Opened = { client: SqliteClient; read(call: Call): unknown; probe(): number };

let opened: Opened | undefined;

answerRequests<ReaderRequests>({
  open: async (connection) => {
    const client = openedForReading(connection);
    const read = readingOf(client, sqliteNouns(client, NO_CHANGES));
    const probe = client.prepare<[], number>("select value from instance where key = 'probe'").pluck();
    opened = { client, read, probe: () => Number(probe.get() ?? 0) };
  },
  read: async (call) => database().read(call),
  probe: async () => database().probe(),
  close: async () => {
    opened?.client.close();
    opened = undefined;
  },
});

function openedForReading(connection: ConnectionOptions): SqliteClient {
  try {
    return openForReading(connection);
  } catch (thrown) {
    throw fromSqliteError(thrown, connection.path);
  }
}

function database(): Opened {
  if (opened === undefined)
    throw new AppError("INTERNAL", "The database is not open yet. Try again in a moment.");
  return opened;
}
