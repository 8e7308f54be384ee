import { html } from "htm/preact";
import { Trash2 } from "lucide";
import { useState } from "preact/hooks";
import type { SynonymView } from "../../../src/protocol/admin-api/synonyms.ts";
import { type ApiError, asApiError } from "../../api/client.ts";
import { getSynonym } from "../../api/synonyms.ts";
import { Button } from "../../components/button.ts";
import { Page } from "../../components/page.ts";
import { SaveBar } from "../../components/save-bar.ts";
import { BoneText, Failed } from "../../components/states.ts";
import type { SynonymDraft } from "../../state/dialogs.ts";
import { useResource } from "../../state/resource.ts";
import { follow, hrefAsLeft } from "../../state/router.ts";
import { deleteSynonym, saveSynonym } from "../../state/synonyms.ts";
import { toast } from "../../state/toasts.ts";
import { isWhole, SynonymFields } from "./synonym-form.ts";

const BACK = { label: "Synonyms", page: "synonyms" };

/** One synonym, to change or delete. */
export function SynonymPage({ id }: { id: string }) {
  const { value, error, slow, reload } = useResource(`synonym/${id}`, (abort) => getSynonym(id, abort));
  if (!value) {
    return html`<${Page} title="Synonym" crumbs=${BACK}>
      ${error && html`<${Failed} what="This synonym could not be opened" error=${error} retry=${reload} />`}
      ${slow && html`<${BoneText} lines=${6} />`}
    <//>`;
  }
  return html`<${Change} key=${value.updatedAt} synonym=${value} saved=${reload} />`;
}

function Change({ synonym, saved }: { synonym: SynonymView; saved: () => void }) {
  const first = toDraft(synonym);
  const [draft, setDraft] = useState(first);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const names = ["asked", "written", "bothWays"] as const;
  const changed = names.filter((name) => draft[name] !== first[name]).length;
  const change = (changes: Partial<SynonymDraft>) => {
    setDraft({ ...draft, ...changes });
    setError(null);
  };
  const save = async () => {
    setBusy(true);
    try {
      await saveSynonym(draft);
      toast("Saved the synonym");
      saved();
    } catch (thrown) {
      setError(asApiError(thrown));
    }
    setBusy(false);
  };
  const remove = () => {
    follow(hrefAsLeft(BACK.page));
    void deleteSynonym(synonym);
  };
  return html`<${Page}
    title=${synonym.asked.join(", ")}
    crumbs=${BACK}
    about="Counts from the next question on. Nothing is read or indexed anew."
    actions=${html`<${Button} icon=${Trash2} kind="danger" onClick=${remove}>Delete<//>`}
  >
    <div class="form narrow-form">
      <${SynonymFields} draft=${draft} error=${error} insist=${false} change=${change} />
    </div>
    <${SaveBar}
      changed=${changed}
      busy=${busy}
      blocked=${isWhole(draft) ? null : "Both sides need a word."}
      error=${null}
      save=${() => void save()}
      undo=${() => setDraft(first)}
    />
  <//>`;
}

function toDraft({ id, asked, written, bothWays }: SynonymView): SynonymDraft {
  return { id, asked: asked.join(", "), written: written.join(", "), bothWays };
}
