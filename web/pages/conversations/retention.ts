import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { RetentionView } from "../../../src/protocol/admin-api/retention.ts";
import { type ApiError, asApiError, fieldProblem } from "../../api/client.ts";
import { getRetention, setRetention } from "../../api/conversations.ts";
import { Button } from "../../components/button.ts";
import { TextField } from "../../components/field.ts";
import { Modal } from "../../components/modal.ts";
import { Note } from "../../components/note.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { useResource } from "../../state/resource.ts";
import { mayChange, tenantId } from "../../state/session.ts";
import { toast } from "../../state/toasts.ts";

/** How long conversations are kept. */
export function RetentionDialog({ close }: { close: () => void }) {
  const { value, error, slow, reload } = useResource(`retention/${tenantId.value}`, getRetention);
  return html`<${Modal} className="dialog" label="How long conversations are kept" onClose=${close}>
    ${error && html`<${Failed} what="What is set could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<${BoneText} lines=${4} />`}
    ${value && html`<${RetentionForm} kept=${value} close=${close} />`}
  <//>`;
}

function RetentionForm({ kept, close }: { kept: RetentionView; close: () => void }) {
  const [conversationDays, setConversationDays] = useState(textOf(kept.conversationDays));
  const [traceDays, setTraceDays] = useState(textOf(kept.traceDays));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await setRetention({ conversationDays: daysOf(conversationDays), traceDays: daysOf(traceDays) });
      toast("Changed how long conversations are kept");
      close();
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
    }
  };
  const days = { type: "number", unit: "days", min: 1, max: 3_650, insist: true, disabled: !mayChange.value };
  return html`<form onSubmit=${submit}>
    <h2>How long conversations are kept</h2>
    <${TextField} ...${days} label="Conversations" help="After the latest activity. Empty keeps them for ever." value=${conversationDays} error=${fieldProblem(error, "conversationDays")} onInput=${setConversationDays} />
    <${TextField} ...${days} label="How answers came about" help="Gone with the conversation at the latest. Empty keeps it as long." value=${traceDays} error=${fieldProblem(error, "traceDays")} onInput=${setTraceDays} />
    <${Note}>What is older is deleted for good, now and every hour, and cannot be brought back. What is under legal hold stays.<//>
    ${error && !fieldProblem(error, "conversationDays") && !fieldProblem(error, "traceDays") && html`<${Note} tone="bad">${error.message}<//>`}
    <div class="buttons">
      <${Button} onClick=${close}>Cancel<//>
      ${mayChange.value && html`<${Button} type="submit" kind="primary" busy=${busy}>Save<//>`}
    </div>
  </form>`;
}

function textOf(days: number | null): string {
  return days === null ? "" : String(days);
}

function daysOf(text: string): number | null {
  return text.trim() === "" ? null : Number(text);
}
