import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { Ellipsis, Flag, Link, Lock, LockOpen, NotebookPen, Printer, Star, StarOff, Trash2 } from "lucide";
import { useEffect, useState } from "preact/hooks";
import type { ConversationView } from "../../../src/protocol/admin-api/conversations.ts";
import { asApiError } from "../../api/client.ts";
import { Button } from "../../components/button.ts";
import { TextField } from "../../components/field.ts";
import { Icon } from "../../components/icon.ts";
import { Menu, type MenuEntry } from "../../components/menu.ts";
import { saveNote, toggleFlag, toggleHold, toggleStar } from "../../state/conversation-marks.ts";
import { mayChange, mayMark } from "../../state/session.ts";
import { copyLink } from "./take-away.ts";

/** The conversation whose note is being written. */
const writing = signal<string | null>(null);

type ActionProps = { conversation: ConversationView; remove: () => void };

export function Actions({ conversation, remove }: ActionProps) {
  const { id, flagged, starred, legalHold, note } = conversation;
  const writeNote = () => {
    writing.value = id;
  };
  const entries: MenuEntry[] = [
    ...(mayMark.value
      ? [
          {
            label: starred ? "Take the star away" : "Star",
            icon: starred ? StarOff : Star,
            run: () => toggleStar(conversation),
          },
          { label: note ? "Change the note" : "Write a note", icon: NotebookPen, run: writeNote },
        ]
      : []),
    { label: "Copy link", icon: Link, run: () => void copyLink(id) },
    { label: "Print", icon: Printer, run: () => print() },
    ...(mayChange.value
      ? [
          {
            label: legalHold ? "Lift the legal hold" : "Set a legal hold",
            icon: legalHold ? LockOpen : Lock,
            run: () => void toggleHold(conversation),
          },
        ]
      : []),
  ];
  return html`<div class="push row no-print">
    ${mayMark.value && html`<${Button} icon=${Flag} kind="quiet" onClick=${() => toggleFlag(conversation)}>${flagged ? "Unflag" : "Flag"}<//>`}
    ${mayChange.value && html`<${Button} icon=${Trash2} kind="quiet" disabled=${legalHold} title=${legalHold ? "It is under legal hold" : undefined} onClick=${remove}>Delete<//>`}
    <${Menu} className="icon-btn" label="More to do with this conversation" entries=${entries} placement="end">
      <${Icon} of=${Ellipsis} />
    <//>
  </div>`;
}

/** What people have set on it, in words. */
export function Marks({ conversation }: { conversation: ConversationView }) {
  const { id, flagged, flagReason, starred, legalHold, note } = conversation;
  const isWriting = writing.value === id;
  if (!flagged && !starred && !legalHold && !note && !isWriting) return null;
  return html`<div class="marks">
    ${flagged && html`<p><${Icon} of=${Flag} /><span><span class="strong">Flagged</span>${flagReason && html`: ${flagReason}`}</span></p>`}
    ${starred && html`<p><${Icon} of=${Star} /><span>Starred</span></p>`}
    ${legalHold && html`<p><${Icon} of=${Lock} /><span>Under legal hold: it cannot be deleted</span></p>`}
    ${isWriting ? html`<${NoteForm} id=${id} note=${note ?? ""} />` : note && html`<p><${Icon} of=${NotebookPen} /><span class="note-text">${note}</span></p>`}
  </div>`;
}

function NoteForm({ id, note }: { id: string; note: string }) {
  const [text, setText] = useState(note);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const close = () => {
    writing.value = null;
  };
  useEffect(() => close, []);
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await saveNote(id, text);
      close();
    } catch (thrown) {
      setError(asApiError(thrown).message);
      setBusy(false);
    }
  };
  return html`<form class="stack no-print" onSubmit=${save}>
    <${TextField} label="Note" help="For colleagues. Visitors never see it." rows=${4} maxLength=${4_000} value=${text} error=${error} insist onInput=${setText} autofocus />
    <div class="row">
      <${Button} small kind="primary" type="submit" busy=${busy}>Save note<//>
      <${Button} small onClick=${close}>Cancel<//>
    </div>
  </form>`;
}
