import { html } from "htm/preact";
import { ArrowDown, ArrowUp, Plus } from "lucide";
import { useRef, useState } from "preact/hooks";
import type { LlmProviderConfigView } from "../../../src/protocol/admin-api/llm.ts";
import { chooseLlmDefault, getLlmChain, listLanguageModels, saveLlmChain } from "../../api/llm.ts";
import { Button, IconButton } from "../../components/button.ts";
import { Page } from "../../components/page.ts";
import { BoneRows, Failed } from "../../components/states.ts";
import { readLlmTrouble } from "../../state/llm-trouble.ts";
import { useResource } from "../../state/resource.ts";
import { href } from "../../state/router.ts";
import { tenantId } from "../../state/session.ts";
import { toast, toastError } from "../../state/toasts.ts";
import { foundWords, priceWords } from "./words.ts";

const COLUMNS = ["p-main", "p-under", "p-under", "r p-side"];

type Known = { items: LlmProviderConfigView[]; chain: string[] };

async function readModels(abort?: AbortSignal): Promise<Known> {
  const [{ items }, { providers }] = await Promise.all([listLanguageModels(abort), getLlmChain(abort)]);
  return { items, chain: providers };
}

/** All models of the tenant, in the order in which they are asked. */
export function LanguageModelsPage() {
  const { value, error, slow, reload, set } = useResource(`language-models/${tenantId.value}`, readModels);
  return html`<${Page}
    title="Language models"
    about="The first is asked. When it fails before its first word, the next one is, and when all fail, the documents are quoted."
    actions=${html`<${Button} kind="primary" icon=${Plus} href=${href("language-models", "new")}>Add model<//>`}
  >
    ${error && !value && html`<${Failed} what="The models could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<table class="list no-check" aria-label="Loading"><tbody><${BoneRows} columns=${COLUMNS} rows=${3} /></tbody></table>`}
    ${value && html`<${Listed} ...${value} set=${(known: Known) => set(() => known)} />`}
  <//>`;
}

/** `ids` with the one at `from` at `to`. */
export function moved(ids: readonly string[], from: number, to: number): string[] {
  const rest = ids.filter((_, at) => at !== from);
  return [...rest.slice(0, to), ...ids.slice(from, from + 1), ...rest.slice(to)];
}

function Listed({ items, chain, set }: Known & { set: (known: Known) => void }) {
  const [dragged, setDragged] = useState<string | null>(null);
  const busy = useRef(false);
  /** One after the other: an order that was made of an older one would undo what came between. */
  const change = async (work: () => Promise<unknown>, said: string) => {
    if (busy.current) return;
    busy.current = true;
    try {
      await work();
      set(await readModels());
      toast(said);
    } catch (thrown) {
      toastError(thrown);
    }
    busy.current = false;
    void readLlmTrouble();
  };
  const order = (ids: string[], said: string) => void change(() => saveLlmChain(ids), said);
  const nameOf = (id: string) => items.find((each) => each.id === id)?.name ?? "";
  const move = (id: string, to: number) =>
    order(moved(chain, chain.indexOf(id), to), `“${nameOf(id)}” is number ${to + 2} now`);
  const drop = (onto: string) => {
    if (dragged !== null && dragged !== onto && chain.includes(onto)) move(dragged, chain.indexOf(onto));
    setDragged(null);
  };
  const actions = (model: LlmProviderConfigView) => {
    const { id, name, isDefault, provider } = model;
    if (isDefault) return html`<span class="soft">Asked first</span>`;
    const at = chain.indexOf(id);
    const makeDefault = () => void change(() => chooseLlmDefault(id), `“${name}” is asked first now`);
    const first = html`<${Button} small onClick=${makeDefault}>Ask first<//>`;
    if (at < 0) {
      const add = () => order([...chain, id], `“${name}” takes over now when the others fail`);
      return html`<span class="row model-order">${provider !== "extractive" && html`<${Button} small onClick=${add}>Add to the order<//>`}${first}</span>`;
    }
    const leave = () =>
      order(
        chain.filter((each) => each !== id),
        `“${name}” is not asked any more`,
      );
    return html`<span class="row model-order">
      ${at > 0 && html`<${IconButton} icon=${ArrowUp} label=${`Move ${name} up`} onClick=${() => move(id, at - 1)} />`}
      ${at < chain.length - 1 && html`<${IconButton} icon=${ArrowDown} label=${`Move ${name} down`} onClick=${() => move(id, at + 1)} />`}
      <${Button} small onClick=${leave}>Leave out<//>${first}
    </span>`;
  };
  return html`<table class="list no-check">
    <thead><tr><th class="main-col">Model</th><th>Found by its test</th><th>Price</th><th class="r"><span class="visually-hidden">Order</span></th></tr></thead>
    <tbody>
      ${items.map((model) => {
        const inOrder = chain.includes(model.id);
        return html`<tr
          key=${model.id}
          data-id=${model.id}
          draggable=${inOrder}
          onDragStart=${() => setDragged(model.id)}
          onDragOver=${(event: DragEvent) => inOrder && event.preventDefault()}
          onDrop=${() => drop(model.id)}
        >
          <td class="p-main">
            <span class="row"><span class="soft num">${model.isDefault ? "1" : inOrder ? chain.indexOf(model.id) + 2 : "–"}</span>
            <a class="row-link" href=${model.provider === "extractive" ? href("model") : href("language-models", model.id)}><bdi>${model.name}</bdi></a></span>
            <div class="sub"><bdi>${model.model || "Quotes, without a model"}</bdi></div>
          </td>
          <td class="p-under soft">${foundWords(model)}</td>
          <td class="p-under soft">${priceWords(model)}</td>
          <td class="r p-side nowrap">${actions(model)}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}
