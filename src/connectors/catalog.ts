/** Kinds of databases → connectors; the only switch on the kind. */
import type { Connection, ConnectionSettings, DatabaseKind } from "../domain/connection.ts";
import type { ConnectionId } from "../domain/ids.ts";
import type { Egress } from "../egress/egress.ts";
import { withBreaker } from "./breaker.ts";
import type { Connector, ConnectorFactory, Databases } from "./connector.ts";
import { onDemand } from "./on-demand.ts";
import { createPostgresConnector } from "./postgres.ts";

type DriverEgress = Pick<Egress, "vettedHost" | "refusal">;
type Open = (settings: ConnectionSettings, egress: DriverEgress) => Connector;

const CONNECTORS: Record<DatabaseKind, Open> = {
  postgres: createPostgresConnector,
  mysql: (settings, egress) =>
    onDemand(async () => (await import("./mysql.ts")).createMysqlConnector(settings, egress)),
  mongodb: (settings, egress) =>
    onDemand(async () => (await import("./mongodb.ts")).createMongoConnector(settings, egress)),
};

export function createConnectorFactory(egress: DriverEgress): ConnectorFactory {
  return (settings) => CONNECTORS[settings.type](settings, egress);
}

type Kept = { connector: Connector; changedAt: number };

/** One connector for each saved connection, so that whoever asks shares its few sessions. */
export function createDatabases(connect: ConnectorFactory, monotonicNow: () => number): Databases {
  const kept = new Map<ConnectionId, Kept>();
  const forget = (connectionId: ConnectionId) => {
    const found = kept.get(connectionId);
    kept.delete(connectionId);
    return found?.connector.close();
  };
  return {
    connect,

    open(connection: Connection) {
      const found = kept.get(connection.id);
      if (found?.changedAt === connection.updatedAt) return found.connector;
      // What runs on the former settings is ended in its own time.
      void forget(connection.id);
      const connector = withBreaker(connect(connection), monotonicNow);
      kept.set(connection.id, { connector, changedAt: connection.updatedAt });
      return connector;
    },

    async release(connectionId) {
      await forget(connectionId);
    },

    async close() {
      await Promise.all([...kept.keys()].map(forget));
    },
  };
}
