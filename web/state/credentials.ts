import type { CredentialView } from "../../src/protocol/admin-api/credentials.ts";
import { listCredentials, removeCredential, restoreCredential } from "../api/credentials.ts";
import { createList } from "./list.ts";
import { navigate } from "./router.ts";
import { toast, toastError } from "./toasts.ts";

/** What the tenant's APIs want to see, by name. */
export const credentials = createList<CredentialView, Record<string, never>>({}, (_filter, cursor, abort) =>
  listCredentials(cursor, abort),
);

export async function refreshCredentials(): Promise<void> {
  if (credentials.items.peek()) await credentials.refresh();
}

/** Goes back to the list and offers Undo. */
export async function deleteCredential({ id, name }: CredentialView): Promise<void> {
  try {
    await removeCredential(id);
    const undo = async () => {
      await restoreCredential(id);
      await refreshCredentials();
    };
    toast(`Deleted “${name}”`, { label: "Undo", run: () => void undo().catch(toastError) });
    navigate("credentials");
  } catch (thrown) {
    toastError(thrown);
  }
  await refreshCredentials();
}
