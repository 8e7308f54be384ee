import { html } from "htm/preact";
import { Ellipsis, Trash2 } from "lucide";
import type { LocalModelView, ModelsView } from "../../../src/protocol/admin-api/models.ts";
import { Button } from "../../components/button.ts";
import { Icon } from "../../components/icon.ts";
import { Menu } from "../../components/menu.ts";
import { bytes, number } from "../../format.ts";
import { href } from "../../state/router.ts";

type TableProps = { value: ModelsView; remove: (model: LocalModelView) => void };

/** What lies in the data directory or in the program itself. */
export function LocalModels({ value, remove }: TableProps) {
  return html`<table class="list no-check tall">
    <thead>
      <tr>
        <th class="main-col">Name</th>
        <th>State</th>
        <th>Kind</th>
        <th class="r">Dimensions</th>
        <th class="r">Size</th>
        <th class="r"><span class="visually-hidden">Actions</span></th>
      </tr>
    </thead>
    <tbody>
      ${value.models.map((model) => html`<${Row} key=${model.name} model=${model} use=${useOf(model, value)} remove=${remove} />`)}
    </tbody>
  </table>`;
}

type Use = { dot: string; words: string; free: boolean };

/** What a model is used for now, and whether it could be given up. */
function useOf({ name, kind, problem }: LocalModelView, { indexes, reranker }: ModelsView): Use {
  const own = indexes.filter(({ source, model }) => source === "local" && model === name);
  const inUse = kind === "reranker" ? reranker.active === name : own.some(({ state }) => state === "active");
  const free = own.length === 0 && reranker.active !== name;
  if (problem) return { dot: "bad", words: problem, free };
  if (inUse) return { dot: "good", words: "In use", free };
  return { dot: "", words: own.length > 0 ? "Needed by its index" : "Not in use", free };
}

function Row({
  model,
  use,
  remove,
}: {
  model: LocalModelView;
  use: Use;
  remove: (model: LocalModelView) => void;
}) {
  const { name, kind, licence, packed, dimension, sizeBytes, problem } = model;
  const buildable = kind === "embedding" && !problem && use.free;
  const facts = [licence && `Licence ${licence}`, packed && "part of the program"]
    .filter(Boolean)
    .join(" · ");
  return html`<tr>
    <td class="p-main"><span class="strong name">${name}</span><span class="sub">${facts}</span></td>
    <td class="p-under">
      <span class="state"><span class=${`dot ${use.dot}`}></span><span>${use.words}</span></span>
      <span class="only-phone hint num">${kindOf(model)}, ${bytes(sizeBytes)}</span>
    </td>
    <td class="soft nowrap">${kindOf(model)}</td>
    <td class="r num soft">${dimension === null || kind === "reranker" ? "–" : number(dimension)}</td>
    <td class="r num soft nowrap">${bytes(sizeBytes)}</td>
    <td class="r p-side"><span class="row-actions">
      ${buildable && html`<${Button} small href=${`${href("models", "build")}?model=${encodeURIComponent(name)}`}>Build index<//>`}
      ${
        use.free &&
        !packed &&
        html`<${Menu}
          className="icon-btn"
          label=${`More for ${name}`}
          entries=${[{ label: "Remove…", icon: Trash2, run: () => remove(model) }]}
          placement="end"
        >
          <${Icon} of=${Ellipsis} />
        <//>`
      }
    </span></td>
  </tr>`;
}

function kindOf({ kind }: LocalModelView): string {
  return kind === "reranker" ? "Reranker" : "Embedding";
}
