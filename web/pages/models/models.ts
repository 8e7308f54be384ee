import { html } from "htm/preact";
import { TextSearch, Undo2 } from "lucide";
import { useState } from "preact/hooks";
import type {
  EmbeddingIndexView,
  LocalModelView,
  ModelsView,
} from "../../../src/protocol/admin-api/models.ts";
import { removeModel, rollBack } from "../../api/models.ts";
import { Button } from "../../components/button.ts";
import { Note } from "../../components/note.ts";
import { Page } from "../../components/page.ts";
import { Bone, BoneRows, Empty, Failed } from "../../components/states.ts";
import { Ago } from "../../components/time.ts";
import { ask, openTryPanel } from "../../state/dialogs.ts";
import { useModels } from "../../state/models.ts";
import { href } from "../../state/router.ts";
import { toast, toastError } from "../../state/toasts.ts";
import { useIndexActions } from "./index-actions.ts";
import { IndexTable } from "./index-table.ts";
import { LocalModels } from "./local-models.ts";
import { ModelImport, pickModel } from "./model-import.ts";
import { RerankerChoice } from "./reranker-choice.ts";

const BUILD = href("models", "build");

/** How passages are found: by words, by meaning with a model, and in which order. For operators. */
export function ModelsPage() {
  const { value, error, slow, reload, set } = useModels();
  const bare = value?.indexes.length === 0 && value.models.length === 0;
  return html`<${Page}
    title="Search models"
    about="How passages are found, for every tenant of this Parley. Which model words the answer is chosen under Model."
    actions=${
      value &&
      html`<${Button} onClick=${() => openTryPanel()}>Try a question<//>
        ${!bare && html`<${Button} kind="primary" href=${BUILD}>Build an index<//>`}`
    }
  >
    ${error && !value && html`<${Failed} what="The search models could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<${Skeleton} />`}
    ${
      value &&
      html`<div class="stack models">
        <${Now} value=${value} reload=${reload} />
        ${bare ? html`<${NothingYet} />` : html`<${Indexes} value=${value} reload=${reload} />`}
        <section>
          <h2 class="section-title">On this machine</h2>
          ${value.models.length > 0 && html`<${LocalModels} value=${value} remove=${askToRemoveModel(reload)} />`}
          <${ModelImport} open=${bare} />
        </section>
        <section>
          <h2 class="section-title">Reranker</h2>
          <${RerankerChoice} value=${value} onChanged=${(changed: ModelsView) => set(() => changed)} />
        </section>
      </div>`
    }
  <//>`;
}

const COLUMNS = ["p-main", "p-under", "r", "r", "p-side r"];

function Skeleton() {
  const table = html`<table class="list no-check" aria-hidden="true"><tbody><${BoneRows} columns=${COLUMNS} rows=${3} /></tbody></table>`;
  return html`<div class="stack models"><${Bone} width="52%" height=${16} />${table}${table}</div>`;
}

/** One sentence on what holds at this moment, and what is wrong with it. */
function Now({ value, reload }: { value: ModelsView; reload: () => void }) {
  const { dense, indexes, reranker } = value;
  const active = indexes.find(({ id }) => id === dense.active);
  return html`<div class="stack now">
    <p class="lead" aria-live="polite">
      ${
        active
          ? html`Answers are found by words and meaning, with <strong>${active.model}</strong>.`
          : "Answers are found by words alone."
      }
      ${reranker.active && html` The best passages are put in order by <strong>${reranker.active}</strong>.`}
    </p>
    ${dense.problem && active && html`<${DenseProblem} problem=${dense.problem} index=${active} value=${value} reload=${reload} />`}
  </div>`;
}

type ProblemProps = {
  problem: NonNullable<ModelsView["dense"]["problem"]>;
  index: EmbeddingIndexView;
  value: ModelsView;
  reload: () => void;
};

function DenseProblem({ problem, index, value, reload }: ProblemProps) {
  return html`<${Note} tone="bad">
    <p class="strong">The model did not answer the last question, so it was answered by words alone.</p>
    <p>${problem.message}</p>
    <p class="hint">Since <${Ago} at=${problem.since} /> · <span class="mono">${problem.code}</span></p>
    <p class="soft">${whatHelps(problem.code, index)}</p>
    <div class="row">
      <${Button} small onClick=${() => openTryPanel()}>Try a question<//>
      <${GoBack} value=${value} reload=${reload} />
    </div>
  <//>`;
}

function whatHelps(code: string, { source, baseUrl }: EmbeddingIndexView): string {
  if (source === "local") return "Importing the same ZIP once more repairs the files of a model.";
  if (code === "PROVIDER_REJECTED")
    return "Build the index once more with a key that the server takes: it goes on where it is.";
  if (code === "MODEL_NOT_AVAILABLE")
    return `Load the model on ${baseUrl}, or build an index with another one.`;
  return `Look whether ${baseUrl} runs and can be reached from this machine. Parley tries it again with the next question.`;
}

/** Absent while no other index was ever active. */
function GoBack({ value, reload }: { value: ModelsView; reload: () => void }) {
  const [busy, setBusy] = useState(false);
  const former = formerOf(value.indexes);
  if (!former) return null;
  const press = async () => {
    setBusy(true);
    try {
      await rollBack();
      toast(`Questions are compared with ${former.model} again`);
    } catch (thrown) {
      toastError(thrown);
    }
    setBusy(false);
    reload();
  };
  return html`<${Button} small icon=${Undo2} busy=${busy} onClick=${press}>Go back to ${former.model}<//>`;
}

/** Which one `roll-back` would take. */
function formerOf(indexes: EmbeddingIndexView[]): EmbeddingIndexView | undefined {
  const retired = indexes.filter(({ state }) => state === "retired");
  return retired.sort((left, right) => (right.activatedAt ?? "").localeCompare(left.activatedAt ?? ""))[0];
}

function NothingYet() {
  const actions = html`<${Button} small href=${BUILD}>Use a model on a server<//>
    <${Button} small kind="primary" onClick=${pickModel}>Import a model<//>`;
  return html`<${Empty} icon=${TextSearch} title="No search model yet" actions=${actions}>
    By words alone, a question finds only passages that use its words. With a model Parley compares meanings as well:
    “holiday” then finds “annual leave”, in other languages too. It runs on this machine or on a server of your own. The
    first step is to bring one here.
  <//>`;
}

function Indexes({ value, reload }: { value: ModelsView; reload: () => void }) {
  const { busy, actions } = useIndexActions(value, reload);
  return html`<section>
    <div class="section-head">
      <h2 class="section-title">Indexes</h2>
      ${!value.dense.problem && html`<${GoBack} value=${value} reload=${reload} />`}
    </div>
    ${
      value.indexes.length > 0
        ? html`<${IndexTable} servers=${value.servers} indexes=${value.indexes} busy=${busy} actions=${actions} />`
        : html`<p class="soft reading">
            None yet. An index holds what every passage means to one model. Build one with a model below; it is used by
            itself as soon as it is complete.
          </p>`
    }
  </section>`;
}

function askToRemoveModel(reload: () => void) {
  return ({ name }: LocalModelView) =>
    ask({
      kind: "confirm",
      title: "Remove this model",
      text: "Its files are deleted from this machine. To have it again it has to be imported again.",
      action: "Remove model",
      typed: name,
      async run() {
        await removeModel(name);
        reload();
        toast(`${name} is removed`);
      },
    });
}
