import type { Connector } from "../../connectors/connector.ts";
import type { Deps } from "../../deps.ts";
import type { Connection } from "../../domain/connection.ts";
import type { ConnectionId, TenantId } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";

/** @throws AppError NOT_FOUND · TOOL_UNAVAILABLE for a connection that no check has passed, or that must not be used */
export async function usableConnector(
  { store, databases }: Pick<Deps, "store" | "databases">,
  tenantId: TenantId,
  connectionId: ConnectionId,
): Promise<Connector> {
  const connection = await store.connections.get(tenantId, connectionId);
  if (isUsable(connection)) return databases.open(connection);
  const why = connection.problem === null ? "" : `: ${connection.problem.message}`;
  throw new AppError(
    "TOOL_UNAVAILABLE",
    `The connection “${connection.name}” has not passed its check${why || "."} Check it under Connections.`,
  );
}

export function isUsable({ state, keyLost }: Connection): boolean {
  return state === "ready" && !keyLost;
}
