import { html } from "htm/preact";
import { Trash2 } from "lucide";
import { useState } from "preact/hooks";
import type { LlmProviderConfigView, LlmProviderView } from "../../../src/protocol/admin-api/llm.ts";
import { type ApiError, asApiError } from "../../api/client.ts";
import {
  addLanguageModel,
  changeLanguageModel,
  getLanguageModel,
  getLlmCatalog,
  removeLanguageModel,
  restoreLanguageModel,
  testLlm,
} from "../../api/llm.ts";
import { Button } from "../../components/button.ts";
import { ChoiceCards, TextField } from "../../components/field.ts";
import { Note } from "../../components/note.ts";
import { Page } from "../../components/page.ts";
import { SaveBar } from "../../components/save-bar.ts";
import { SecretField } from "../../components/secret-field.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { draftOf, type Refusals, useRefusals } from "../../state/draft.ts";
import { useResource } from "../../state/resource.ts";
import { navigate } from "../../state/router.ts";
import { tenantId } from "../../state/session.ts";
import { toast, toastError } from "../../state/toasts.ts";
import { fromModel, type ModelDraft, NEW_MODEL, problemOf, toBody } from "./model-draft.ts";
import { foundWords } from "./words.ts";

const CRUMBS = { label: "Language models", page: "language-models" };
const NO_KEY = { set: false, last4: null };

type Known = { saved: LlmProviderConfigView | null; providers: LlmProviderView[] };

export function LanguageModelPage({ id }: { id: string }) {
  const read = async (abort: AbortSignal): Promise<Known> => {
    const [{ items }, saved] = await Promise.all([
      getLlmCatalog(abort),
      id === "new" ? null : getLanguageModel(id, abort),
    ]);
    return { saved, providers: items.filter(({ hasModel }) => hasModel) };
  };
  const { value, error, slow, reload } = useResource(`language-model/${tenantId.value}/${id}`, read);
  const saved = value?.saved ?? null;
  const remove = async ({ id: removed, name }: LlmProviderConfigView) => {
    try {
      await removeLanguageModel(removed);
      navigate("language-models");
      toast(`Deleted “${name}”`, { label: "Undo", run: () => void restoreLanguageModel(removed) });
    } catch (thrown) {
      toastError(thrown);
    }
  };
  return html`<${Page}
    title=${id === "new" ? "New model" : (saved?.name ?? "Model")}
    crumbs=${CRUMBS}
    actions=${saved && !saved.isDefault && html`<${Button} icon=${Trash2} kind="danger" onClick=${() => void remove(saved)}>Delete<//>`}
  >
    ${error && !value && html`<${Failed} what="The model could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<${BoneText} lines=${10} />`}
    ${value && html`<${Editor} key=${saved?.updatedAt ?? "new"} ...${value} reload=${reload} />`}
  <//>`;
}

function Editor({ saved, providers, reload }: Known & { reload: () => void }) {
  const name = `language-model/${tenantId.value}/${saved?.id ?? "new"}`;
  const draft = draftOf<ModelDraft>(
    name,
    saved === null ? { ...NEW_MODEL, provider: providers[0]?.name ?? "" } : fromModel(saved),
  );
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const refused = useRefusals(error, draft.changes);
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const stored = await (saved === null
        ? addLanguageModel({ ...toBody(draft.value), name: draft.value.name, provider: draft.value.provider })
        : changeLanguageModel(saved.id, toBody(draft.changes)));
      draft.undo();
      toast("Saved. Its test is running.");
      await test(stored.id);
      if (saved === null) navigate("language-models", stored.id);
      else reload();
    } catch (thrown) {
      setError(asApiError(thrown));
    }
    setBusy(false);
  };
  return html`<div class="stack editor">
      ${saved && html`<p class="standing soft">Found by its test: ${foundWords(saved)}</p>`}
      ${saved?.addressProblem && html`<${Note} tone="warn"><p>${saved.addressProblem}</p><//>`}
      <${Connection} saved=${saved} providers=${providers} value=${draft.value} set=${draft.set} refused=${refused} />
      <${Wording} value=${draft.value} set=${draft.set} refused=${refused} />
      <${Way} value=${draft.value} set=${draft.set} refused=${refused} />
    </div>
    <${SaveBar}
      changed=${draft.changed}
      busy=${busy}
      blocked=${problemOf(draft.value)}
      error=${error}
      save=${() => void save()}
      undo=${() => {
        draft.undo();
        setError(null);
      }}
    />`;
}

/** Finds out what the model can do, which its page shows; that it fails is said, too. */
async function test(id: string): Promise<void> {
  for await (const step of testLlm({ id }, new AbortController().signal)) {
    if (step.type !== "done") continue;
    toast(step.result.error?.message ?? "It answers.");
  }
}

type PartProps = {
  value: ModelDraft;
  set: <Key extends keyof ModelDraft>(key: Key, value: ModelDraft[Key]) => void;
  refused: Refusals;
};

function Connection({ saved, providers, value, set, refused }: PartProps & Known) {
  const chosen = providers.find(({ name }) => name === value.provider);
  return html`<section class="form-section">
    <${TextField} label="Name" value=${value.name} maxLength=${100} placeholder="Backup in the cellar" error=${refused("name")} insist onInput=${(text: string) => set("name", text)} />
    <${ChoiceCards}
      label="Provider"
      value=${value.provider}
      choices=${providers.map(({ name, label, hint }) => ({ value: name, label, hint }))}
      onChange=${(name: string) => set("provider", name)}
    />
    <${TextField} label="Address" type="url" help=${chosen?.addressHelp} error=${refused("baseUrl")} insist value=${value.baseUrl} onInput=${(text: string) => set("baseUrl", text.trim())} />
    ${
      chosen?.key !== "never" &&
      html`<${SecretField}
        label="API key"
        help="Sealed on this server; it is never shown again."
        saved=${saved?.provider === value.provider ? saved.apiKey : NO_KEY}
        value=${value.apiKey}
        error=${refused("apiKey")}
        problem=${saved?.keyProblem ?? null}
        onChange=${(key: string | null) => set("apiKey", key)}
      />`
    }
    <${TextField} label="Model" mono help="Its exact name at the provider." error=${refused("model")} insist value=${value.model} onInput=${(text: string) => set("model", text)} />
  </section>`;
}

function Wording({ value, set, refused }: PartProps) {
  const figure = (
    key: "temperature" | "maxTokens" | "contextTokens" | "inputPrice" | "outputPrice",
    label: string,
    more: object,
  ) =>
    html`<${TextField} type="number" label=${label} value=${value[key]} error=${refused(key)} insist onInput=${(text: string) => set(key, text)} ...${more} />`;
  return html`<section class="form-section">
    <div class="pair">
      ${figure("temperature", "Temperature", { min: 0, max: 2, help: "Low stays close to the passages." })}
      ${figure("maxTokens", "Longest answer", { unit: "tokens", min: 16, max: 32_000 })}
    </div>
    ${figure("contextTokens", "Context", { unit: "tokens", help: "How much it reads and writes at once. Empty when you do not know." })}
    <div class="pair">
      ${figure("inputPrice", "Price of what it reads", { help: "For a million tokens, in your currency." })}
      ${figure("outputPrice", "Price of what it writes", { help: "Without both there is no cost under Usage." })}
    </div>
  </section>`;
}

function Way({ value, set, refused }: PartProps) {
  return html`<section class="form-section">
    <${TextField} label="Proxy" mono placeholder="http://proxy.example.org:3128" help="Empty means as the operator has set it." error=${refused("proxy")} insist value=${value.proxy} onInput=${(text: string) => set("proxy", text.trim())} />
    <${TextField} label="Certificates" mono rows=${4} placeholder="-----BEGIN CERTIFICATE-----" help="Of the authority that its server is trusted by, in PEM. Empty means those of the system." error=${refused("tls")} insist value=${value.ca} onInput=${(text: string) => set("ca", text)} />
    <${TextField} label="Headers" mono rows=${3} placeholder="x-team: blue" help="One a line. A stored value is shown as dots and stays as long as they do." error=${refused("headers")} insist value=${value.headers} onInput=${(text: string) => set("headers", text)} />
  </section>`;
}
