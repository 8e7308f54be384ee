import type { ToolView } from "../../src/protocol/admin-api/tools.ts";
import { listTools, removeTool, restoreTool } from "../api/tools.ts";
import { createList } from "./list.ts";
import { navigate } from "./router.ts";
import { toast, toastError } from "./toasts.ts";

/** What the assistant may look up for this tenant, newest first. */
export const tools = createList<ToolView, Record<string, never>>({}, (_filter, cursor, abort) =>
  listTools(cursor, abort),
);

export async function refreshTools(): Promise<void> {
  if (tools.items.peek()) await tools.refresh();
}

/** Goes back to the list and offers Undo. */
export async function deleteTool({ id, label }: ToolView): Promise<void> {
  try {
    await removeTool(id);
    const undo = async () => {
      await restoreTool(id);
      await refreshTools();
    };
    toast(`Deleted “${label}”`, { label: "Undo", run: () => void undo().catch(toastError) });
    navigate("tools");
  } catch (thrown) {
    toastError(thrown);
  }
  await refreshTools();
}
