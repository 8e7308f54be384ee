/** One connection to a MySQL or MariaDB server, with the driver's callbacks as promises. */
import type { Readable } from "node:stream";
import {
  type Connection,
  createConnection,
  type FieldPacket,
  type PrepareStatementInfo,
  type QueryError,
} from "mysql2";
import type { ConnectionSettings } from "../../domain/connection.ts";
import type { Egress } from "../../egress/egress.ts";
import { openSocket } from "../../egress/socket.ts";
import { toConnectionError } from "./errors.ts";
import type { WireValue } from "./values.ts";

export type Field = Pick<
  FieldPacket,
  "name" | "columnType" | "columnLength" | "extendedFormat" | "characterSet"
>;

export type Statement = {
  /** What the server says it will answer, none for a statement that answers no rows. */
  columns: Field[];
  /** Streams the columns and rows to `taker`. @throws the server's error */
  execute(values: readonly WireValue[], taker: RowTaker): Promise<void>;
};

/** Once it wants no more, the connection is cut, and what came so far stands. */
export type RowTaker = {
  /** Whether another row is wanted. */
  row(row: unknown[], columns: readonly Field[]): boolean;
  columns(columns: readonly Field[]): void;
  /** One answer is larger than anything that is looked at. */
  overflow(): void;
};

export type Session = {
  /** As the server says it, such as `10.11.6-MariaDB` or `8.4.3`. */
  readonly version: string;
  readonly isMariaDb: boolean;
  /** By which the server knows this connection. */
  readonly id: number;
  isOpen(): boolean;
  /** Whether the server has answered all that it was asked. */
  isIdle(): boolean;
  /** Runs a statement of our own. */
  command(sql: string): Promise<unknown[][]>;
  /** Has the server parse one statement, and never a second one after a semicolon. */
  prepare(sql: string): Promise<Statement>;
  /** Forgets whatever was set, begun or locked in this session. */
  reset(): Promise<void>;
  /** At once, without a word to the server. */
  cut(): void;
};

/** More of an answer than this is not read, however few of its rows are wanted: one cell may have hundreds of megabytes. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** @throws AppError with a ConnectionErrorCode, EGRESS_DENIED or UNSAFE_URL; the reason of `signal` */
export async function openSession(
  egress: Pick<Egress, "vettedHost">,
  settings: ConnectionSettings,
  signal: AbortSignal,
): Promise<Session> {
  try {
    const { host, port, tenantId } = settings;
    const vetted = await egress.vettedHost({ purpose: "database", host, port, tenantId }, signal);
    const socket = await openSocket(vetted, signal);
    const connection = createConnection({
      ...DRIVER_OPTIONS,
      // Only the certificate's name is taken from it: the socket is there already.
      host: vetted.servername ?? host,
      user: settings.username,
      ...(settings.password === null ? {} : { password: settings.password }),
      database: settings.database,
      stream: socket,
      ...tlsOptions(settings),
    });
    const wire: Wire = {
      connection,
      cut: () => socket.destroy(),
      isOpen: () => !socket.destroyed && socket.writable,
      pending: 0,
    };
    await greeted(wire, signal);
    return await sessionOn(wire);
  } catch (thrown) {
    throw signal.aborted ? signal.reason : toConnectionError(thrown, settings);
  }
}

const DRIVER_OPTIONS = {
  charset: "utf8mb4",
  rowsAsArray: true,
  supportBigNumbers: true,
  dateStrings: true,
  jsonStrings: true,
  multipleStatements: false,
  disableEval: true,
  // A server that asks for a file of this machine gets none.
  flags: ["-LOCAL_FILES"],
  // The deadline is the caller's.
  connectTimeout: 0,
};

function tlsOptions({ tls, ca }: ConnectionSettings) {
  if (tls === "off") return {};
  if (tls === "require") return { ssl: { rejectUnauthorized: false } };
  return { ssl: { rejectUnauthorized: true, verifyIdentity: true, ...(ca === null ? {} : { ca }) } };
}

type Wire = { connection: Connection; cut: () => void; isOpen: () => boolean; pending: number };

/** What asks the server for something, counted until it is answered. */
async function counted<Value>(wire: Wire, work: Promise<Value>): Promise<Value> {
  wire.pending += 1;
  try {
    return await work;
  } finally {
    wire.pending -= 1;
  }
}

function greeted({ connection, cut }: Wire, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      cut();
      reject(error);
    };
    signal.addEventListener("abort", () => fail(signal.reason), { once: true });
    connection.once("connect", () => resolve());
    // Errors of an idle connection come here as well; the pool sees that it is closed.
    connection.on("error", fail);
  });
}

async function sessionOn(wire: Wire): Promise<Session> {
  const { connection } = wire;
  const command = (sql: string) => counted(wire, commandOn(connection, sql));
  const version = String((await command("select version()"))[0]?.[0] ?? "");
  return {
    version,
    isMariaDb: /mariadb/i.test(version),
    id: connection.threadId,
    isOpen: wire.isOpen,
    isIdle: () => wire.pending === 0,
    command,
    prepare: (sql) => counted(wire, prepareOn(wire, sql)),
    reset: () => counted(wire, resetOn(connection)),
    cut: wire.cut,
  };
}

function commandOn(connection: Connection, sql: string): Promise<unknown[][]> {
  return new Promise((resolve, reject) => {
    connection.query(sql, (error: QueryError | null, rows: unknown) =>
      error ? reject(error) : resolve(Array.isArray(rows) ? rows : []),
    );
  });
}

function resetOn(connection: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.reset((error) => (error ? reject(error) : resolve()));
  });
}

function prepareOn(wire: Wire, sql: string): Promise<Statement> {
  return new Promise((resolve, reject) => {
    wire.connection.prepare(sql, (error, statement) => {
      if (error) return reject(error);
      // The driver keeps what it knows of a prepared statement, and its types do not say so.
      const { columns } = statement as unknown as { columns: Field[] };
      resolve({
        columns,
        execute: (values, taker) => counted(wire, executeOn(wire, statement, values, taker)),
      });
    });
  });
}

function executeOn(
  { connection, cut, isOpen }: Wire,
  statement: PrepareStatementInfo,
  values: readonly WireValue[],
  taker: RowTaker,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let fields: Field[] = [];
    let received = 0;
    const stream = streamOf(connection);
    const settle = (finish: () => void) => {
      stream.removeListener("data", count);
      finish();
    };
    const stop = () => {
      cut();
      settle(resolve);
    };
    const count = (chunk: Buffer) => {
      received += chunk.length;
      if (received <= MAX_ANSWER_BYTES) return;
      taker.overflow();
      stop();
    };
    stream.on("data", count);
    const query = statement.execute([...values]);
    query.on("fields", (found: unknown) => {
      if (!Array.isArray(found)) return;
      fields = found;
      taker.columns(fields);
    });
    query.on("result", (row: unknown) => {
      if (isOpen() && Array.isArray(row) && !taker.row(row, fields)) stop();
    });
    query.on("error", (error) => settle(() => reject(error)));
    query.on("end", () => settle(resolve));
  });
}

/** Where the answers come from, which with TLS is no longer the socket that was given. */
function streamOf(connection: Connection): Readable {
  return (connection as unknown as { stream: Readable }).stream;
}
