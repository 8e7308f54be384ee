import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { LlmConfigView, ProviderView, UpdateLlmConfig } from "../../../src/protocol/admin-api/llm.ts";
import { type ApiError, asApiError } from "../../api/client.ts";
import { getLlmConfig, listModels, saveLlmConfig } from "../../api/llm.ts";
import { type Choice, ChoiceCards, TextField } from "../../components/field.ts";
import { Page } from "../../components/page.ts";
import { SaveBar } from "../../components/save-bar.ts";
import { SecretField } from "../../components/secret-field.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { type Draft, draftOf, type Refusals, useRefusals } from "../../state/draft.ts";
import { useResource } from "../../state/resource.ts";
import { tenantId } from "../../state/session.ts";
import { toast } from "../../state/toasts.ts";
import { ModelTest } from "./model-test.ts";

const PROVIDERS: Choice<ProviderView>[] = [
  { value: "extractive", label: "Built in", hint: "Quotes the best sentences word for word. Needs nothing." },
  { value: "ollama", label: "Ollama", hint: "Models on your own machine." },
  {
    value: "openai",
    label: "OpenAI or compatible",
    hint: "OpenAI, vLLM, LM Studio, Azure, any server that speaks it.",
  },
  { value: "anthropic", label: "Anthropic", hint: "Claude." },
];

const ADDRESS_HELP: Record<ProviderView, string> = {
  extractive: "",
  ollama: "Where Ollama listens, such as http://localhost:11434. Empty means this machine.",
  openai: "Of a compatible server, such as http://llm.acme.example:8000/v1. Empty means OpenAI itself.",
  anthropic: "Empty means Anthropic itself.",
};

/** Another provider has another key: Parley forgets the old one, so there is none to show. */
const NO_KEY: LlmConfigView["apiKey"] = { set: false, last4: null };

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

export function ModelPage() {
  const { value, error, slow, reload, set } = useResource(`llm/${tenantId.value}`, getLlmConfig);
  return html`<${Page} title="Model" about="Who puts the answer into words. What it may know still comes only from Knowledge.">
    ${error && !value && html`<${Failed} what="The model's settings could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<${BoneText} lines=${10} />`}
    ${value && html`<${ModelForm} saved=${value} onSaved=${(saved: LlmConfigView) => set(() => saved)} />`}
  <//>`;
}

function ModelForm({ saved, onSaved }: { saved: LlmConfigView; onSaved: (saved: LlmConfigView) => void }) {
  const draft = draftOf<Form>(`llm/${tenantId.value}`, formOf(saved));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const refused = useRefusals(error, draft.changes);
  const wrong = problems(draft.value);
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      onSaved(await saveLlmConfig(toUpdate(draft.changes)));
      draft.undo();
      toast("Saved. The next question is answered with these settings.");
    } catch (thrown) {
      setError(asApiError(thrown));
    }
    setBusy(false);
  };
  const reentry = error?.code === "CREDENTIAL_REENTRY_REQUIRED" ? error.message : null;

  return html`<div class="settings">
      <div class="form">
        <${Connection} draft=${draft} saved=${saved} wrong=${wrong} refused=${refused} reentry=${reentry} />
        ${draft.value.provider !== "extractive" && html`<${Wording} draft=${draft} saved=${saved} wrong=${wrong} refused=${refused} />`}
      </div>
      <div class="beside"><${ModelTest} changes=${toUpdate(draft.changes)} provider=${draft.value.provider} /></div>
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

function Connection({ draft, saved, wrong, refused, reentry }: PartProps & { reentry: string | null }) {
  const { provider } = draft.value;
  const models = useModels(saved);
  return html`<section class="form-section">
    <${ChoiceCards}
      label="Provider"
      value=${provider}
      choices=${PROVIDERS}
      onChange=${(chosen: ProviderView) => draft.set("provider", chosen)}
    />
    ${
      provider !== "extractive" &&
      html`<${TextField}
          label="Address"
          type="url"
          help=${ADDRESS_HELP[provider]}
          error=${wrong.baseUrl ?? refused("baseUrl")}
          value=${draft.value.baseUrl}
          onInput=${(text: string) => draft.set("baseUrl", text.trim())}
        />
        ${
          provider !== "ollama" &&
          html`<${SecretField}
            key=${saved.updatedAt}
            label="API key"
            help="Sealed on this server; it is never shown again. Changing provider or address removes it."
            saved=${provider === saved.provider ? saved.apiKey : NO_KEY}
            value=${draft.value.apiKey}
            error=${reentry ?? refused("apiKey")}
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
function useModels(saved: LlmConfigView): { id: string; name: string }[] {
  const key = `models/${tenantId.value}/${saved.provider}/${saved.baseUrl}/${saved.updatedAt}`;
  const { value } = useResource(key, async (abort) =>
    saved.provider === "extractive" ? { items: [] } : listModels(abort),
  );
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

function problems(form: Form): Problems {
  const needsModel = form.provider !== "extractive";
  const badAddress = form.baseUrl !== "" && !/^https?:\/\/[^\s/]+/.test(form.baseUrl);
  const { maxTokens } = form;
  const badLength = !Number.isInteger(maxTokens) || maxTokens < 16 || maxTokens > 32_000;
  return {
    baseUrl: needsModel && badAddress ? "Begin the address with http:// or https://." : null,
    model: needsModel && !form.model.trim() ? "Name the model to use." : null,
    maxTokens: needsModel && badLength ? "Enter a whole number from 16 to 32,000." : null,
  };
}
