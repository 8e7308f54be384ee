import { html } from "htm/preact";
import { KeySquare, Plus } from "lucide";
import { useState } from "preact/hooks";
import type { ApiKeyView } from "../../../src/protocol/admin-api/api-keys.ts";
import { type CreatedApiKey, listApiKeys, revokeApiKey } from "../../api/api-keys.ts";
import { Button } from "../../components/button.ts";
import { Page } from "../../components/page.ts";
import { BoneRows, Empty, Failed } from "../../components/states.ts";
import { Ago } from "../../components/time.ts";
import { moment } from "../../format.ts";
import { now } from "../../state/clock.ts";
import { ask } from "../../state/dialogs.ts";
import { useResource } from "../../state/resource.ts";
import { tenantId } from "../../state/session.ts";
import { toast } from "../../state/toasts.ts";
import { Connect } from "./connect.ts";
import { NewKeyPanel } from "./new-key.ts";
import { SCOPES } from "./scopes.ts";

const COLUMNS = ["p-main", "p-under", "p-under", "r", "r p-side"];

/** Programs that may call Parley for this tenant, each with a key of its own. */
export function ApiKeysPage() {
  const { value, error, slow, reload, set } = useResource(`api-keys/${tenantId.value}`, listApiKeys);
  const [adding, setAdding] = useState(false);
  const add = () => setAdding(true);
  const made = ({ key: _shownOnce, ...view }: CreatedApiKey) =>
    set(({ items }) => ({ items: [view, ...items] }));
  const revoked = (id: string) => set(({ items }) => ({ items: items.filter((each) => each.id !== id) }));
  return html`<${Page}
    title="API keys"
    about="For programs that use Parley in this tenant's name. A key opens what its scopes say, and nothing of the backoffice."
    actions=${html`<${Button} kind="primary" icon=${Plus} onClick=${add}>Add key<//>`}
  >
    ${error && !value && html`<${Failed} what="The keys could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<table class="list no-check" aria-label="Loading"><tbody><${BoneRows} columns=${COLUMNS} rows=${4} /></tbody></table>`}
    ${value?.items.length === 0 && html`<${NothingYet} add=${add} />`}
    ${value && value.items.length > 0 && html`<${Listed} items=${value.items} onRevoked=${revoked} /><${Connect} />`}
    ${adding && html`<${NewKeyPanel} onMade=${made} close=${() => setAdding(false)} />`}
  <//>`;
}

function NothingYet({ add }: { add: () => void }) {
  const actions = html`<${Button} small kind="primary" onClick=${add}>Add the first key<//>`;
  return html`<${Empty} icon=${KeySquare} title="No program has a key" actions=${actions}>
    An assistant on somebody's desk that speaks the Model Context Protocol can search this tenant's knowledge, fetch
    passages and use the look-ups that you share with it. Give each program a key of its own, so that one can be revoked
    without the others.
  <//>`;
}

type ListedProps = { items: ApiKeyView[]; onRevoked: (id: string) => void };

function Listed({ items, onRevoked }: ListedProps) {
  return html`<table class="list no-check">
    <thead>
      <tr>
        <th class="main-col">Name</th>
        <th>Opens</th>
        <th>Expires</th>
        <th class="r">Last used</th>
        <th class="r"><span class="visually-hidden">Actions</span></th>
      </tr>
    </thead>
    <tbody>
      ${items.map((apiKey) => html`<${Row} key=${apiKey.id} apiKey=${apiKey} onRevoked=${onRevoked} />`)}
    </tbody>
  </table>`;
}

function Row({ apiKey, onRevoked }: { apiKey: ApiKeyView; onRevoked: (id: string) => void }) {
  const { id, name, last4, scopes, lastUsedAt } = apiKey;
  const used = lastUsedAt ? html`<${Ago} at=${lastUsedAt} />` : "never";
  const revoke = () =>
    ask({
      kind: "confirm",
      title: "Revoke the key",
      text: `Whatever uses “${name}” is refused from then on. It cannot be brought back.`,
      action: "Revoke key",
      typed: name,
      async run() {
        await revokeApiKey(id);
        onRevoked(id);
        toast(`Revoked “${name}”`);
      },
    });
  return html`<tr data-id=${id}>
    <td class="p-main"><bdi class="strong breaks">${name}</bdi> <span class="mono soft nowrap">prl_… ${last4}</span></td>
    <td class="p-under">${scopes.map((scope) => SCOPES[scope].label).join(", ")}</td>
    <td class="p-under nowrap"><${Expiry} apiKey=${apiKey} /><div class="only-phone hint">Last used: ${used}</div></td>
    <td class="r soft nowrap">${used}</td>
    <td class="r p-side"><${Button} small kind="danger" onClick=${revoke}>Revoke<//></td>
  </tr>`;
}

function Expiry({ apiKey: { expiresAt } }: { apiKey: ApiKeyView }) {
  if (expiresAt === null) return html`<span class="soft">Never</span>`;
  const isOver = Date.parse(expiresAt) <= now.value;
  return html`<span class="state"><span class=${`dot ${isOver ? "bad" : "good"}`}></span><span>${isOver ? "Expired" : "Until"} <time datetime=${expiresAt}>${moment(expiresAt)}</time></span></span>`;
}
