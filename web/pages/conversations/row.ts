import { html } from "htm/preact";
import { Flag, Star } from "lucide";
import type { ConversationView } from "../../../src/protocol/admin-api/conversations.ts";
import { Icon } from "../../components/icon.ts";
import { Ago } from "../../components/time.ts";
import { number, shortUrl } from "../../format.ts";
import { href } from "../../state/router.ts";
import { visitorName } from "./conversations.ts";
import { OutcomeState } from "./outcome.ts";

type RowProps = {
  conversation: ConversationView;
  on: boolean;
  toggle: (id: string) => void;
  /** The conversation that is read beside the list. */
  open: string | null;
  /** Shows one beside the list; null where there is no room. */
  show: ((id: string) => void) | null;
};

/** A press of the mouse shows it beside the list, Enter and a new tab its whole page. */
export function ConversationRow({ conversation, on, toggle, open, show }: RowProps) {
  const { id, title, lastOutcome, updatedAt } = conversation;
  const press = (event: MouseEvent) => {
    const isPlain =
      event.detail > 0 && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!show || !isPlain) return;
    event.preventDefault();
    show(id);
  };
  // Whoever goes from row to row reads along.
  const readAlong = () => open !== null && show && open !== id && show(id);
  const name = title ?? "Nothing asked yet";
  return html`<tr data-id=${id} class=${on ? "sel" : ""} aria-current=${open === id ? "true" : undefined}>
    <td class="p-check"><input type="checkbox" aria-label=${`Select ${name}`} checked=${on} onChange=${() => toggle(id)} /></td>
    <td class="p-main">
      <a class="row-link" href=${href("conversations", id)} onClick=${press} onFocus=${readAlong}>${name}</a><${RowMarks} conversation=${conversation} />
      ${open !== null && html`<span class="sub">${visitorName(conversation)} · <${OutcomeState} outcome=${lastOutcome} /></span>`}
    </td>
    ${open === null && html`<${Details} conversation=${conversation} />`}
    <td class="r soft nowrap p-side"><${Ago} at=${updatedAt} /></td>
  </tr>`;
}

function Details({ conversation }: { conversation: ConversationView }) {
  const { page, lastOutcome, messageCount } = conversation;
  return html`<td class="soft breaks-words">${visitorName(conversation)}</td>
    <td class="soft breaks-words wide-only">${page?.title ?? (page?.url ? shortUrl(page.url) : "–")}</td>
    <td class="p-under nowrap"><${OutcomeState} outcome=${lastOutcome} /></td>
    <td class="r num soft">${number(messageCount)}</td>`;
}

function RowMarks({ conversation }: { conversation: ConversationView }) {
  const { flagged, flagReason, starred } = conversation;
  if (!flagged && !starred) return null;
  return html`<span class="row-marks">
    ${starred && html`<span><${Icon} of=${Star} size=${14} />Starred</span>`}
    ${flagged && html`<span><${Icon} of=${Flag} size=${14} /><span class="clip">${flagReason ?? "Flagged"}</span></span>`}
  </span>`;
}
