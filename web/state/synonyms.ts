import { signal } from "@preact/signals";
import type { SynonymPage, SynonymView } from "../../src/protocol/admin-api/synonyms.ts";
import {
  addSynonym,
  listSynonyms,
  removeSynonym,
  restoreSynonym,
  type SynonymFilter,
  updateSynonym,
} from "../api/synonyms.ts";
import type { SynonymDraft } from "./dialogs.ts";
import { createList } from "./list.ts";
import { addressed } from "./list-address.ts";
import { toast, toastError } from "./toasts.ts";

export const synonyms = addressed(
  createList<SynonymView, SynonymFilter>({ q: "" }, async (filter, cursor, abort) => {
    const page = await listSynonyms(filter, cursor, abort);
    if (!abort.aborted) synonymTotal.value = { total: page.total, most: page.most };
    return page;
  }),
  "synonyms",
  {},
);

/** How many there are and may be, whatever the filter; null until the first answer. */
export const synonymTotal = signal<Pick<SynonymPage, "total" | "most"> | null>(null);

/** Rises with every change: what is suggested and the page of one are read again. */
export const changedSynonyms = signal(0);

export async function saveSynonym(draft: SynonymDraft): Promise<SynonymView> {
  const { id, bothWays } = draft;
  const synonym = { asked: wordsOf(draft.asked), written: wordsOf(draft.written), bothWays };
  const saved = await (id === null ? addSynonym(synonym) : updateSynonym(id, synonym));
  await refreshSynonyms();
  return saved;
}

/** Takes it out of the list at once and offers Undo. */
export async function deleteSynonym({ id }: SynonymView): Promise<void> {
  synonyms.items.value = synonyms.items.peek()?.filter((row) => row.id !== id) ?? null;
  const undo = async () => {
    await restoreSynonym(id);
    await refreshSynonyms();
  };
  try {
    await removeSynonym(id);
    toast("Deleted the synonym", { label: "Undo", run: () => void undo().catch(toastError) });
  } catch (thrown) {
    toastError(thrown);
  }
  await refreshSynonyms();
}

export async function refreshSynonyms(): Promise<void> {
  changedSynonyms.value++;
  if (synonyms.items.peek()) await synonyms.refresh();
}

/** What is typed into one line: words set apart by commas, in the writing of any language. */
export function wordsOf(line: string): string[] {
  return line
    .split(/[,;،؛，、；]/u)
    .map((word) => word.trim())
    .filter((word) => word !== "");
}
