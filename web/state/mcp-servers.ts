import type { McpServerView } from "../../src/protocol/admin-api/mcp-servers.ts";
import { listMcpServers, removeMcpServer, restoreMcpServer } from "../api/mcp-servers.ts";
import { createList } from "./list.ts";
import { navigate } from "./router.ts";
import { toast, toastError } from "./toasts.ts";

/** Servers of the Model Context Protocol, by name. */
export const mcpServers = createList<McpServerView, Record<string, never>>({}, (_filter, cursor, abort) =>
  listMcpServers(cursor, abort),
);

export async function refreshMcpServers(): Promise<void> {
  if (mcpServers.items.peek()) await mcpServers.refresh();
}

/** Goes back to the list and offers Undo. */
export async function deleteMcpServer({ id, name }: McpServerView): Promise<void> {
  try {
    await removeMcpServer(id);
    const undo = async () => {
      await restoreMcpServer(id);
      await refreshMcpServers();
    };
    toast(`Deleted “${name}”`, { label: "Undo", run: () => void undo().catch(toastError) });
    navigate("connections");
  } catch (thrown) {
    toastError(thrown);
  }
  await refreshMcpServers();
}
