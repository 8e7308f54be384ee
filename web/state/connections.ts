import type { ConnectionView } from "../../src/protocol/admin-api/connections.ts";
import { listConnections, removeConnection, restoreConnection } from "../api/connections.ts";
import { createList } from "./list.ts";
import { navigate } from "./router.ts";
import { toast, toastError } from "./toasts.ts";

/** The tenant's databases, newest first. */
export const connections = createList<ConnectionView, Record<string, never>>({}, (_filter, cursor, abort) =>
  listConnections(cursor, abort),
);

export async function refreshConnections(): Promise<void> {
  if (connections.items.peek()) await connections.refresh();
}

/** Goes back to the list and offers Undo. */
export async function deleteConnection({ id, name }: ConnectionView): Promise<void> {
  try {
    await removeConnection(id);
    const undo = async () => {
      await restoreConnection(id);
      await refreshConnections();
    };
    toast(`Deleted “${name}”`, { label: "Undo", run: () => void undo().catch(toastError) });
    navigate("connections");
  } catch (thrown) {
    toastError(thrown);
  }
  await refreshConnections();
}
