import { html } from "htm/preact";
import { ArrowLeftRight, ClipboardPaste, Download, Ellipsis, Plus, SearchX } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import type { MissingWords, SynonymView } from "../../../src/protocol/admin-api/synonyms.ts";
import { listMissingWords } from "../../api/synonyms.ts";
import { Button } from "../../components/button.ts";
import { Icon } from "../../components/icon.ts";
import { ListFoot } from "../../components/list-foot.ts";
import { useListKeys } from "../../components/list-keys.ts";
import { Menu } from "../../components/menu.ts";
import { Page } from "../../components/page.ts";
import { SearchBox } from "../../components/search-box.ts";
import { BoneRows, Empty, Failed } from "../../components/states.ts";
import { Ago } from "../../components/time.ts";
import { count } from "../../format.ts";
import { writeSynonym } from "../../state/dialogs.ts";
import { useAddressed } from "../../state/list-address.ts";
import { useResource, useSlow } from "../../state/resource.ts";
import { href } from "../../state/router.ts";
import { tenantId } from "../../state/session.ts";
import { changedSynonyms, synonyms, synonymTotal } from "../../state/synonyms.ts";
import { ImportPanel, pasting, saveExport, stopPasting } from "./import-panel.ts";

const COLUMNS = ["p-main", "p-under", "", "r p-side"];

/** What a tenant says otherwise than its documents do, and the words for which that may be needed. */
export function SynonymsPage() {
  const tenant = tenantId.value;
  useAddressed(synonyms, tenant);
  useListKeys(null);
  useEffect(() => stopPasting, []);
  const items = synonyms.items.value;
  const error = synonyms.error.value;
  const total = synonymTotal.value?.total ?? 0;
  const slow = useSlow(items === null && error === null);
  const bare = items !== null && total === 0;
  return html`<${Page}
    title="Synonyms"
    about="Your own words for what the documents say otherwise. They count from the next question on."
    actions=${html`<${Actions} total=${total} />`}
  >
    ${error && html`<${Failed} what="The synonyms could not be loaded" error=${error} retry=${() => void synonyms.refresh()} />`}
    <div class="stack quality">
      ${items && !bare && html`<${Listed} items=${items} />`}
      ${bare && !error && html`<${NothingYet} />`}
      ${items && !error && html`<${Missing} tenant=${tenant} />`}
    </div>
    ${slow && html`<table class="list no-check" aria-label="Loading"><tbody><${BoneRows} columns=${COLUMNS} /></tbody></table>`}
    <${ImportPanel} />
  <//>`;
}

const paste = () => {
  pasting.value = true;
};

function Actions({ total }: { total: number }) {
  const entries = [
    { label: "Paste several…", icon: ClipboardPaste, run: paste },
    ...(total > 0 ? [{ label: "Export as text", icon: Download, run: () => void saveExport() }] : []),
  ];
  return html`<${Menu} className="btn" label="Paste and export" entries=${entries} placement="end">
      <${Icon} of=${Ellipsis} />
    <//>
    <${Button} kind="primary" icon=${Plus} onClick=${() => writeSynonym()}>Add synonym<//>`;
}

function NothingYet() {
  const actions = html`<${Button} small onClick=${paste}>Paste several<//>
    <${Button} small kind="primary" onClick=${() => writeSynonym()}>Add the first synonym<//>`;
  return html`<${Empty} icon=${ArrowLeftRight} title="No synonyms yet" actions=${actions}>
    Every organisation has words of its own: “PTO” where the handbook says “paid time off”, “the blue card” for the
    parking permit. Write them down once, and questions with the one find the other. Nothing is read anew for it.
  <//>`;
}

function Listed({ items }: { items: SynonymView[] }) {
  const { q } = synonyms.filter.value;
  return html`<section aria-label="Synonyms">
    <div class="tools" role="search">
      <${SearchBox} label="Search synonyms" value=${q} onSearch=${(text: string) => synonyms.narrow({ q: text })} />
      <${Room} />
    </div>
    ${items.length === 0 ? html`<${NothingMatches} />` : html`<${SynonymTable} items=${items} />`}
  </section>`;
}

/** Said only once there is little room left. */
function Room() {
  const { total, most } = synonymTotal.value ?? { total: 0, most: Number.POSITIVE_INFINITY };
  if (total < most * 0.9) return null;
  return html`<span class="hint">${total} of at most ${most}</span>`;
}

function NothingMatches() {
  const clear = html`<${Button} small onClick=${() => synonyms.narrow({ q: "" })}>Show all synonyms<//>`;
  return html`<${Empty} icon=${SearchX} title="No synonym matches" actions=${clear}>
    Both sides are searched, by part of a word.
  <//>`;
}

function SynonymTable({ items }: { items: SynonymView[] }) {
  return html`<table class="list no-check">
      <thead>
        <tr>
          <th class="main-col">People say</th>
          <th>The documents say</th>
          <th>Direction</th>
          <th class="r">Changed</th>
        </tr>
      </thead>
      <tbody>
        ${items.map((synonym) => html`<${Row} key=${synonym.id} synonym=${synonym} />`)}
      </tbody>
    </table>
    <${ListFoot}
      hasMore=${synonyms.nextCursor.value !== null}
      loading=${synonyms.loading.value}
      more=${() => void synonyms.more()}
    />`;
}

function Row({ synonym: { id, asked, written, bothWays, updatedAt } }: { synonym: SynonymView }) {
  return html`<tr data-id=${id}>
    <td class="p-main"><a class="row-link" href=${href("synonyms", id)}><bdi>${asked.join(", ")}</bdi></a></td>
    <td class="p-under expected"><bdi>${written.join(", ")}</bdi></td>
    <td class="soft nowrap">${bothWays ? "Both ways" : "One way"}</td>
    <td class="r soft nowrap p-side"><${Ago} at=${updatedAt} /></td>
  </tr>`;
}

/** Words of questions that found nothing: some are names or slips, and some want a synonym. */
function Missing({ tenant }: { tenant: string }) {
  const key = `missing/${tenant}/${changedSynonyms.value}`;
  const { value } = useResource(key, (abort) => listMissingWords(abort));
  const last = useLast(value, tenant);
  if (last === null || last.items.length === 0) return null;
  return html`<section class="sheet">
    <header>
      <h2>Words that no document has</h2>
      <span class="hint">from the latest questions that found nothing</span>
    </header>
    <ul class="rows">
      ${last.items.map(
        ({ word, questions, question, conversation }) => html`<li key=${word}>
          <span>
            <bdi class="strong">${word}</bdi>
            ${questions > 1 && html`<span class="hint"> in ${count(questions, "question")}</span>`}
          </span>
          <${Button} small onClick=${() => writeSynonym({ asked: word })}>Add synonym<//>
          <a class="plain sub" href=${href("conversations", conversation)}><bdi>${question}</bdi></a>
        </li>`,
      )}
    </ul>
  </section>`;
}

/** The former list stays while it is read again, so that nothing jumps. */
function useLast(value: MissingWords | null, tenant: string): MissingWords | null {
  const held = useRef<{ value: MissingWords; tenant: string } | null>(null);
  if (value !== null) held.current = { value, tenant };
  return held.current?.tenant === tenant ? held.current.value : null;
}
