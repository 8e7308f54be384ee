/** The official driver, dialling only what egress has vetted, and gone when nobody has used it for a while. */
import { type Db, MongoClient, type MongoClientOptions } from "mongodb";
import type { ConnectionSettings } from "../../domain/connection.ts";
import type { Egress, VettedHost } from "../../egress/egress.ts";
import { lookupBy, openSocket } from "../../egress/socket.ts";
import { CONNECT_TIMEOUT_MS } from "../reach.ts";
import { isAuthenticationError } from "./errors.ts";

/** The driver watches the server over one more: at most four in all. */
export const POOL_SIZE = 3;
const IDLE_MS = 60_000;
/** Users are often kept in one place for all databases. */
const SHARED_USERS = "admin";

export type Client = {
  /** Does something in the settings' database. @throws errors of the driver, of the network, and AppErrors of egress */
  use<Value>(signal: AbortSignal, work: (db: Db) => Promise<Value>): Promise<Value>;
  close(): Promise<void>;
};

export function createClient(settings: ConnectionSettings, egress: Pick<Egress, "vettedHost">): Client {
  let opening: Promise<MongoClient> | null = null;
  let users = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  /** Where this user was found last. */
  let authSource = settings.database;

  const vetted = (signal: AbortSignal) => {
    const { host, port, tenantId } = settings;
    return egress.vettedHost({ purpose: "database", host, port, tenantId }, signal);
  };

  async function open(signal: AbortSignal): Promise<MongoClient> {
    const place = await vetted(signal);
    // The driver would try a server that refuses until its time is over; this says so at once.
    (await openSocket(place, signal)).destroy();
    return new MongoClient(addressOf(place, settings), {
      ...optionsOf(settings, authSource),
      lookup: lookupBy(vetted),
    });
  }

  async function drop(): Promise<void> {
    const dropped = opening;
    opening = null;
    if (timer) clearTimeout(timer);
    const client = await dropped?.catch(() => null);
    await client?.close();
  }

  async function current(signal: AbortSignal): Promise<MongoClient> {
    opening ??= open(signal);
    try {
      return await opening;
    } catch (thrown) {
      opening = null;
      throw thrown;
    }
  }

  async function attempt<Value>(signal: AbortSignal, work: (db: Db) => Promise<Value>): Promise<Value> {
    if (timer) clearTimeout(timer);
    users += 1;
    try {
      return await work((await current(signal)).db(settings.database));
    } finally {
      users -= 1;
      if (users === 0) {
        timer = setTimeout(() => void drop(), IDLE_MS);
        timer.unref();
      }
    }
  }

  return {
    async use(signal, work) {
      try {
        return await attempt(signal, work);
      } catch (thrown) {
        if (!isAuthenticationError(thrown) || authSource === SHARED_USERS) throw thrown;
        const formerly = authSource;
        authSource = SHARED_USERS;
        await drop();
        return await attempt(signal, work).catch(async (again: unknown) => {
          authSource = formerly;
          await drop();
          throw again;
        });
      }
    },
    close: drop,
  };
}

function addressOf({ addresses, servername, port }: VettedHost, settings: ConnectionSettings): string {
  // A name is resolved by `lookup`, which asks egress again for each connection.
  const host = servername ?? addresses[0] ?? settings.host;
  return `mongodb://${host.includes(":") ? `[${host}]` : host}:${port}/`;
}

function optionsOf(settings: ConnectionSettings, authSource: string): MongoClientOptions {
  return {
    ...(settings.username === ""
      ? {}
      : { auth: { username: settings.username, password: settings.password ?? "" }, authSource }),
    ...tlsOptions(settings),
    appName: "Parley",
    // What the server says of other servers is not followed.
    directConnection: true,
    maxPoolSize: POOL_SIZE,
    maxIdleTimeMS: IDLE_MS,
    serverMonitoringMode: "poll",
    serverSelectionTimeoutMS: CONNECT_TIMEOUT_MS,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    waitQueueTimeoutMS: CONNECT_TIMEOUT_MS,
  };
}

function tlsOptions({ tls, ca }: ConnectionSettings): MongoClientOptions {
  if (tls === "off") return {};
  if (tls === "require")
    return { tls: true, tlsAllowInvalidCertificates: true, tlsAllowInvalidHostnames: true };
  return { tls: true, ...(ca === null ? {} : { ca }) };
}
