import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { LlmConfigView, LlmProviderView, UpdateLlmConfig } from "../../../src/protocol/admin-api/llm.ts";
import { type ApiError, asApiError } from "../../api/client.ts";
import { getLlmCatalog, getLlmConfig, listLlmModels, saveLlmConfig } from "../../api/llm.ts";
import { ChoiceCards, TextField } from "../../components/field.ts";
import { Note } from "../../components/note.ts";
import { Page } from "../../components/page.ts";
import { SaveBar } from "../../components/save-bar.ts";
import { SecretField } from "../../components/secret-field.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { type Draft, draftOf, type Refusals, useRefusals } from "../../state/draft.ts";
import { readLlmTrouble } from "../../state/llm-trouble.ts";
import { useResource } from "../../state/resource.ts";
import { tenantId } from "../../state/session.ts";
import { toast } from "../../state/toasts.ts";
import { LlmTest } from "./llm-test.ts";

/** Another provider has another key: Parley forgets the old one, so there is none to show. */
const NO_KEY: LlmConfigView["apiKey"] = { set: false, last4: null };

const SAVED_UNCALLED = "Saved, but this address may not be called yet. What the operator can do is below it.";

/** What is said at the field of the key, where it is to be entered again. */
const ASKS_FOR_KEY: ReadonlySet<string> = new Set([
  "CREDENTIAL_REENTRY_REQUIRED",
  "CREDENTIAL_UNDECRYPTABLE",
]);

const VARIABLES: [string, string][] = [
  ["{retrieved_chunks}", "the passages that were found, numbered"],
  ["{company_name}", "name of the tenant"],
  ["{assistant_name}", "name in the widget"],
  ["{date}", "today"],
  ["{language}", "the visitor's language"],
  ["{visitor.name}", "if the host page says who it is"],
  ["{page.url}", "where the chat was opened"],
  ["{page.title}", "title of that page"],
];

/** The saved settings in the shape they are edited in: `apiKey` is only what was newly typed. */
type Form = Pick<LlmConfigView, "provider" | "model" | "temperature" | "maxTokens" | "systemPrompt"> & {
  baseUrl: string;
  apiKey: string | null;
};

export function LlmPage() {
  const { value, error, slow, reload, set } = useResource(`llm/${tenantId.value}`, getLlmSettings);
  return html`<${Page} title="Model" about="Who puts the answer into words. What it may know still comes only from Knowledge.">
    ${error && !value && html`<${Failed} what="The model's settings could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<${BoneText} lines=${10} />`}
    ${value && html`<${LlmForm} ...${value} onSaved=${(saved: LlmConfigView) => set((now) => ({ ...now, saved }))} />`}
  <//>`;
}

type LlmSettings = { saved: LlmConfigView; providers: LlmProviderView[] };

async function getLlmSettings(abort: AbortSignal): Promise<LlmSettings> {
  const [saved, { items: providers }] = await Promise.all([getLlmConfig(abort), getLlmCatalog(abort)]);
  return { saved, providers };
}

/** One that only a newer Parley knows has nothing to fill in here: another is to be chosen. */
function providerOf(providers: LlmProviderView[], name: string): LlmProviderView {
  const unknown = { name, label: name, hint: "", hasModel: false, addressHelp: null, key: "never" } as const;
  return providers.find((each) => each.name === name) ?? unknown;
}

function LlmForm({ saved, providers, onSaved }: LlmSettings & { onSaved: (saved: LlmConfigView) => void }) {
  const draft = draftOf<Form>(`llm/${tenantId.value}`, formOf(saved));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const refused = useRefusals(error, draft.changes);
  const chosen = providerOf(providers, draft.value.provider);
  const wrong = problems(draft.value, chosen);
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const after = await saveLlmConfig(toUpdate(draft.changes));
      onSaved(after);
      void readLlmTrouble();
      draft.undo();
      toast(
        after.addressProblem ? SAVED_UNCALLED : "Saved. The next question is answered with these settings.",
      );
    } catch (thrown) {
      setError(asApiError(thrown));
    }
    setBusy(false);
  };
  const reentry = error && ASKS_FOR_KEY.has(error.code) ? error.message : null;

  return html`<div class="settings">
      <div class="form">
        <${Connection} draft=${draft} saved=${saved} providers=${providers} chosen=${chosen} wrong=${wrong} refused=${refused} reentry=${reentry} />
        ${chosen.hasModel && html`<${Wording} draft=${draft} saved=${saved} wrong=${wrong} refused=${refused} />`}
      </div>
      <div class="beside"><${LlmTest} changes=${toUpdate(draft.changes)} hasModel=${chosen.hasModel} /></div>
    </div>
    <${SaveBar}
      changed=${draft.changed}
      busy=${busy}
      blocked=${Object.values(wrong).find(Boolean)}
      error=${reentry ? null : error}
      save=${() => void save()}
      undo=${() => {
        draft.undo();
        setError(null);
      }}
    />`;
}

type Problems = { baseUrl: string | null; model: string | null; maxTokens: string | null };
type PartProps = { draft: Draft<Form>; saved: LlmConfigView; wrong: Problems; refused: Refusals };

type ConnectionProps = PartProps & {
  providers: LlmProviderView[];
  chosen: LlmProviderView;
  reentry: string | null;
};

function Connection({ draft, saved, providers, chosen, wrong, refused, reentry }: ConnectionProps) {
  const models = useModels(saved, providerOf(providers, saved.provider));
  return html`<section class="form-section">
    <${ChoiceCards}
      label="Provider"
      value=${chosen.name}
      choices=${providers.map(({ name, label, hint }) => ({ value: name, label, hint }))}
      onChange=${(name: string) => draft.set("provider", name)}
    />
    ${
      chosen.hasModel &&
      html`<${TextField}
          label="Address"
          type="url"
          help=${chosen.addressHelp}
          error=${wrong.baseUrl ?? refused("baseUrl")}
          value=${draft.value.baseUrl}
          onInput=${(text: string) => draft.set("baseUrl", text.trim())}
        />
        ${
          saved.addressProblem &&
          isSavedAddress(draft.value, saved) &&
          html`<${Note} tone="warn">
            <p>${saved.addressProblem}</p>
          <//>`
        }
        ${
          chosen.key !== "never" &&
          html`<${SecretField}
            key=${saved.updatedAt}
            label="API key"
            help="Sealed on this server; it is never shown again. Changing provider or address removes it."
            saved=${chosen.name === saved.provider ? saved.apiKey : NO_KEY}
            value=${draft.value.apiKey}
            error=${reentry ?? refused("apiKey")}
            problem=${chosen.name === saved.provider ? saved.keyProblem : null}
            onChange=${(key: string | null) => draft.set("apiKey", key)}
          />`
        }
        <${TextField}
          label="Model"
          mono
          list="model-names"
          help=${models.length > 0 ? `${models.length} offered by the saved provider; start typing to choose.` : "Its exact name at the provider."}
          error=${wrong.model ?? refused("model")}
          value=${draft.value.model}
          onInput=${(text: string) => draft.set("model", text)}
        />
        <datalist id="model-names">
          ${models.map((model) => html`<option key=${model.id} value=${model.id}>${model.name}</option>`)}
        </datalist>`
    }
  </section>`;
}

/** Suggestions are a help, not a need: a provider that lists nothing still answers. */
function useModels(saved: LlmConfigView, { hasModel }: LlmProviderView): { id: string; name: string }[] {
  const key = `models/${tenantId.value}/${saved.provider}/${saved.baseUrl}/${saved.updatedAt}`;
  const { value } = useResource(key, async (abort) => (hasModel ? listLlmModels(abort) : { items: [] }));
  return value?.items ?? [];
}

function Wording({ draft, saved, wrong, refused }: PartProps) {
  return html`<section class="form-section">
    <div class="pair">
      <div class="field">
        <label for="temperature">Temperature</label>
        <div class="slider num">
          <input
            id="temperature"
            type="range"
            min="0"
            max="2"
            step="0.1"
            value=${draft.value.temperature}
            onInput=${(event: InputEvent) => draft.set("temperature", Number((event.currentTarget as HTMLInputElement).value))}
          />
          <output for="temperature">${draft.value.temperature.toFixed(1)}</output>
        </div>
        <div class="hint">Low stays close to the passages.</div>
      </div>
      <${TextField}
        label="Longest answer"
        type="number"
        unit="tokens"
        min=${16}
        max=${32_000}
        help="About three quarters of a word each."
        error=${wrong.maxTokens ?? refused("maxTokens")}
        value=${String(draft.value.maxTokens)}
        onInput=${(text: string) => draft.set("maxTokens", Math.round(Number(text)))}
      />
    </div>
    <${TextField}
      label="System prompt"
      mono
      rows=${10}
      placeholder=${saved.defaultSystemPrompt}
      help="What the model is told before every question. Empty means the built-in one, shown in grey."
      error=${refused("systemPrompt")}
      value=${draft.value.systemPrompt}
      onInput=${(text: string) => draft.set("systemPrompt", text)}
    />
    <details>
      <summary>What may be filled in</summary>
      <dl class="pairs">
        ${VARIABLES.map(
          ([name, meaning]) => html`<dt>
              <button
                class="link mono"
                type="button"
                title="Add to the end of the system prompt"
                onClick=${() => draft.set("systemPrompt", `${draft.value.systemPrompt || saved.defaultSystemPrompt} ${name}`)}
              >${name}</button>
            </dt>
            <dd>${meaning}</dd>`,
        )}
      </dl>
    </details>
  </section>`;
}

/** What was said of the saved address says nothing of another one. */
function isSavedAddress({ provider, baseUrl }: Form, saved: LlmConfigView): boolean {
  return provider === saved.provider && baseUrl === (saved.baseUrl ?? "");
}

function formOf(saved: LlmConfigView): Form {
  const { provider, model, temperature, maxTokens, systemPrompt } = saved;
  return {
    provider,
    model,
    temperature,
    maxTokens,
    systemPrompt,
    baseUrl: saved.baseUrl ?? "",
    apiKey: null,
  };
}

function toUpdate(changes: Partial<Form>): UpdateLlmConfig {
  const { apiKey, baseUrl, ...others } = changes;
  return {
    ...others,
    ...(baseUrl === undefined ? {} : { baseUrl: baseUrl || null }),
    ...(apiKey === undefined ? {} : { apiKey: apiKey || null }),
  };
}

function problems(form: Form, { hasModel: needsModel }: LlmProviderView): Problems {
  const badAddress = form.baseUrl !== "" && !/^https?:\/\/[^\s/]+/.test(form.baseUrl);
  const { maxTokens } = form;
  const badLength = !Number.isInteger(maxTokens) || maxTokens < 16 || maxTokens > 32_000;
  return {
    baseUrl: needsModel && badAddress ? "Begin the address with http:// or https://." : null,
    model: needsModel && !form.model.trim() ? "Name the model to use." : null,
    maxTokens: needsModel && badLength ? "Enter a whole number from 16 to 32,000." : null,
  };
}
