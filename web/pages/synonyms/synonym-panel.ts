import { html } from "htm/preact";
import { X } from "lucide";
import { useState } from "preact/hooks";
import { type ApiError, asApiError } from "../../api/client.ts";
import { Button, IconButton } from "../../components/button.ts";
import { Modal } from "../../components/modal.ts";
import { type SynonymDraft, synonymDraft } from "../../state/dialogs.ts";
import { navigate, route } from "../../state/router.ts";
import { saveSynonym } from "../../state/synonyms.ts";
import { toast } from "../../state/toasts.ts";
import { isWhole, SynonymFields } from "./synonym-form.ts";

const close = () => {
  synonymDraft.value = null;
};

/** The form for a new synonym, which any page can open. */
export function SynonymPanel() {
  const draft = synonymDraft.value;
  if (!draft) return null;
  return html`<${Modal} className="drawer" label="Add synonym" onClose=${close}>
    <header>
      <h2>Add synonym</h2>
      <span class="push"><${IconButton} icon=${X} label="Close" onClick=${close} /></span>
    </header>
    <${NewSynonym} draft=${draft} />
  <//>`;
}

function NewSynonym({ draft }: { draft: SynonymDraft }) {
  const [busy, setBusy] = useState(false);
  const [insist, setInsist] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const change = (changes: Partial<SynonymDraft>) => {
    synonymDraft.value = { ...draft, ...changes };
    setError(null);
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    setInsist(true);
    if (busy || !isWhole(draft)) return;
    setBusy(true);
    try {
      await saveSynonym(draft);
      close();
      const isThere = route.peek().path[0] === "synonyms";
      toast(
        "Added the synonym",
        isThere ? undefined : { label: "Open Synonyms", run: () => navigate("synonyms") },
      );
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
    }
  };
  return html`<form class="drawer-body question" onSubmit=${submit}>
    <${SynonymFields} draft=${draft} error=${error} insist=${insist} autofocus change=${change} />
    <div class="buttons">
      <${Button} onClick=${close}>Cancel<//>
      <${Button} type="submit" kind="primary" busy=${busy}>Save synonym<//>
    </div>
  </form>`;
}
