import { useState } from "preact/hooks";
import type { EmbeddingIndexView, ModelsView } from "../../../src/protocol/admin-api/models.ts";
import { activateIndex, buildIndex, removeIndex, retireIndex } from "../../api/models.ts";
import { count } from "../../format.ts";
import { ask } from "../../state/dialogs.ts";
import { href } from "../../state/router.ts";
import { toast, toastError } from "../../state/toasts.ts";

/** What can be done with an index. */
export type IndexActions = Record<
  "activate" | "retire" | "goOn" | "remove",
  (index: EmbeddingIndexView) => void
>;

/** `busy` is the index at which something is being done. */
export function useIndexActions(
  value: ModelsView,
  reload: () => void,
): { busy: string | null; actions: IndexActions } {
  const [busy, setBusy] = useState<string | null>(null);
  const doing = async ({ id }: EmbeddingIndexView, act: () => Promise<unknown>) => {
    setBusy(id);
    try {
      await act();
    } catch (thrown) {
      toastError(thrown);
    }
    setBusy(null);
    reload();
  };
  const undo = (act: () => Promise<unknown>) => ({
    label: "Undo",
    run: () => void act().then(reload).catch(toastError),
  });
  const activate = async ({ id, model }: EmbeddingIndexView) => {
    const { active } = value.dense;
    await activateIndex(id);
    const back = () => (active ? activateIndex(active) : retireIndex(id));
    toast(`Questions are compared with ${model} now`, undo(back));
  };
  const retire = async ({ id }: EmbeddingIndexView) => {
    await retireIndex(id);
    const back = () => activateIndex(id);
    toast("Search by meaning is off; the index is kept", undo(back));
  };
  const actions: IndexActions = {
    activate: (index) => void doing(index, () => activate(index)),
    retire: (index) => void doing(index, () => retire(index)),
    goOn: (index) => {
      // A key is never shown again, so it has to be entered once more.
      if (index.apiKey.set) location.hash = `${href("models", "build")}?index=${index.id}`;
      else void doing(index, () => buildIndex(sameModel(index)));
    },
    remove: (index) => askToRemove(index, reload),
  };
  return { busy, actions };
}

function askToRemove({ id, model, embedded }: EmbeddingIndexView, reload: () => void): void {
  ask({
    kind: "confirm",
    title: "Delete this index",
    text: `What ${count(embedded, "passage")} ${embedded === 1 ? "means" : "mean"} to ${model} is forgotten, and would have to be computed again. The model and the documents stay.`,
    action: "Delete index",
    typed: model,
    async run() {
      await removeIndex(id);
      reload();
    },
  });
}

function sameModel({ source, model, baseUrl, queryPrefix, passagePrefix }: EmbeddingIndexView) {
  return { source, model, baseUrl, queryPrefix, passagePrefix };
}
