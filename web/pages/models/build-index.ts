import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { BuildIndex, LocalModelView, ModelsView } from "../../../src/protocol/admin-api/models.ts";
import { type ApiError, asApiError, fieldProblem } from "../../api/client.ts";
import { buildIndex, getModels } from "../../api/models.ts";
import { Button } from "../../components/button.ts";
import { CopyId } from "../../components/copy.ts";
import { ChoiceCards, TextField } from "../../components/field.ts";
import { Note } from "../../components/note.ts";
import { Page } from "../../components/page.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { bytes, number } from "../../format.ts";
import { useResource } from "../../state/resource.ts";
import { href, navigate, route } from "../../state/router.ts";
import { toast } from "../../state/toasts.ts";
import { NotFoundPage } from "../not-found.ts";

const BACK = { label: "Search models", page: "models" };

const THIS_MACHINE = {
  value: "local",
  label: "This machine",
  hint: "A model that was imported. Nothing leaves this machine.",
};

type Server = ModelsView["servers"][number];
type Form = { source: string; local: string; remote: string; baseUrl: string; apiKey: string } & Record<
  "queryPrefix" | "passagePrefix",
  string
>;

/** `#/models/build`, with `?model=` of this machine or `?index=` to go on with. */
export function BuildIndexPage({ id }: { id: string }) {
  const { value, error, slow, reload } = useResource("models/build", getModels);
  if (id !== "build") return html`<${NotFoundPage} />`;
  return html`<${Page}
    title="Build an index"
    crumbs=${BACK}
    about="Every passage of every tenant is read by the model once, in the background. Questions are answered as before meanwhile."
  >
    ${error && !value && html`<${Failed} what="The models could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<${BoneText} lines=${8} />`}
    ${value && html`<${BuildForm} value=${value} />`}
  <//>`;
}

function BuildForm({ value }: { value: ModelsView }) {
  const { submit, busy, ...parts } = useBuildForm(value);
  const { form, change, error } = parts;
  const server = serverOf(value, form);
  const isLocal = server === null;
  const choices = [
    THIS_MACHINE,
    ...value.servers.map(({ name, label, hint }) => ({ value: name, label, hint })),
  ];
  return html`<form class="form narrow-form" onSubmit=${submit} novalidate>
    <${ChoiceCards} label="Where the model runs" value=${form.source} choices=${choices} onChange=${(source: string) => change({ source })} />
    ${isLocal ? html`<${LocalPart} ...${parts} value=${value} />` : html`<${RemotePart} ...${parts} server=${server} />`}
    ${error && !isAboutField(error) && html`<${Refused} error=${error} />`}
    <p class="hint">
      ${
        value.dense.active === null
          ? "None is in use yet, so this one is used by itself as soon as it is complete."
          : "The index in use stays until you activate this one."
      }
    </p>
    <div class="row">
      <${Button} kind="primary" type="submit" busy=${busy} disabled=${isLocal && embeddersOf(value).length === 0}>
        ${busy ? "Trying the model" : "Build index"}
      <//>
      <${Button} href=${href(BACK.page)}>Cancel<//>
    </div>
  </form>`;
}

function useBuildForm(value: ModelsView) {
  const [form, setForm] = useState(() => firstForm(value, route.value.query));
  const [insist, setInsist] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const change = (part: Partial<Form>) => {
    setForm({ ...form, ...part });
    setError(null);
  };
  const wrong = problemsOf(form);
  const submit = async (event: Event) => {
    event.preventDefault();
    setInsist(true);
    if (busy || Object.values(wrong).some(Boolean)) return;
    setBusy(true);
    try {
      const { model } = await buildIndex(toRequest(form, serverOf(value, form)));
      navigate("models");
      toast(`The index with ${model} is being built`);
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
    }
  };
  return { form, change, wrong, insist, error, busy, submit };
}

type PartProps = {
  form: Form;
  change: (part: Partial<Form>) => void;
  wrong: ReturnType<typeof problemsOf>;
  insist: boolean;
  error: ApiError | null;
};

function LocalPart({ form, change, wrong, insist, error, value }: PartProps & { value: ModelsView }) {
  const locals = embeddersOf(value);
  if (locals.length === 0) {
    return html`<${Note}>
      No embedding model is on this machine. <a href=${href(BACK.page)}>Import one</a> first, or use a model on a server.
    <//>`;
  }
  return html`<${ChoiceCards}
    label="Model"
    value=${form.local}
    choices=${locals.map((model) => ({ value: model.name, label: model.name, hint: hintOf(model, value) }))}
    error=${(insist ? wrong.local : null) ?? fieldProblem(error, "model")}
    onChange=${(local: string) => change({ local })}
  />`;
}

const embeddersOf = ({ models }: ModelsView) => models.filter(({ kind }) => kind === "embedding");

function hintOf(
  { name, dimension, sizeBytes, licence, problem }: LocalModelView,
  { indexes }: ModelsView,
): string {
  if (problem) return problem;
  const facts = `${number(dimension ?? 0)} dimensions, ${bytes(sizeBytes)}, licence ${licence}.`;
  const hasOne = indexes.some(({ source, model }) => source === THIS_MACHINE.value && model === name);
  return hasOne ? `${facts} It has an index, which is gone on with.` : facts;
}

function RemotePart({ form, change, wrong, insist, error, server }: PartProps & { server: Server }) {
  return html`<${TextField}
      label="Address"
      type="url"
      help=${server.addressHelp}
      error=${wrong.baseUrl ?? fieldProblem(error, "baseUrl")}
      insist=${insist || error !== null}
      value=${form.baseUrl}
      onInput=${(text: string) => change({ baseUrl: text.trim() })}
    />
    ${
      server.takesKey &&
      html`<${TextField}
        label="API key"
        type="password"
        mono
        help="Sealed on this server and never shown again. Empty where none is needed."
        error=${fieldProblem(error, "apiKey")}
        insist
        value=${form.apiKey}
        onInput=${(apiKey: string) => change({ apiKey })}
      />`
    }
    <${TextField}
      label="Model"
      mono
      help="Its exact name there, such as nomic-embed-text."
      error=${wrong.remote ?? fieldProblem(error, "model")}
      insist=${insist || error !== null}
      value=${form.remote}
      onInput=${(remote: string) => change({ remote })}
    />
    <details open=${form.queryPrefix !== "" || form.passagePrefix !== ""}>
      <summary>Words that the model wants before each text</summary>
      <div class="pair">
        <${TextField} label="Before a question" mono help="Such as “query: ”, with its space." value=${form.queryPrefix} maxLength=${200} onInput=${(queryPrefix: string) => change({ queryPrefix })} />
        <${TextField} label="Before a passage" mono help="Such as “passage: ”." value=${form.passagePrefix} maxLength=${200} onInput=${(passagePrefix: string) => change({ passagePrefix })} />
      </div>
    </details>`;
}

function Refused({ error }: { error: ApiError }) {
  return html`<${Note} tone="bad">
    <p class="strong">The model does not work, so no index was begun.</p>
    <p>${error.message}</p>
    <p class="row"><span class="hint mono">${error.code}</span>${error.requestId && html`<${CopyId} id=${error.requestId} />`}</p>
  <//>`;
}

const isAboutField = (error: ApiError) =>
  ["model", "baseUrl", "apiKey"].some((field) => fieldProblem(error, field) !== null);

/** Null for this machine. */
function serverOf({ servers }: ModelsView, { source }: Form): Server | null {
  return servers.find(({ name }) => name === source) ?? null;
}

function firstForm({ servers, models, indexes }: ModelsView, query: URLSearchParams): Form {
  const index = indexes.find(({ id }) => id === query.get("index"));
  const usable = models.filter(({ kind, problem }) => kind === "embedding" && !problem);
  const local = usable.find(({ name }) => name === query.get("model")) ?? usable[0];
  return {
    source: index?.source ?? (local ? THIS_MACHINE.value : (servers[0]?.name ?? THIS_MACHINE.value)),
    local: local?.name ?? "",
    remote: index?.model ?? "",
    baseUrl: index?.baseUrl ?? "",
    apiKey: "",
    queryPrefix: index?.queryPrefix ?? "",
    passagePrefix: index?.passagePrefix ?? "",
  };
}

function problemsOf({ source, local, remote, baseUrl }: Form) {
  const isRemote = source !== THIS_MACHINE.value;
  const hasAddress = /^https?:\/\/[^\s/]+/.test(baseUrl);
  return {
    local: !isRemote && !local ? "Choose the model to build it with." : null,
    remote: isRemote && !remote.trim() ? "Name the model to use." : null,
    baseUrl: isRemote && !hasAddress ? "Enter the address, beginning with http:// or https://." : null,
  };
}

function toRequest(form: Form, server: Server | null): BuildIndex {
  if (server === null) return { source: THIS_MACHINE.value, model: form.local };
  const { source, remote, baseUrl, apiKey, queryPrefix, passagePrefix } = form;
  const key = server.takesKey && apiKey ? { apiKey } : {};
  return { source, model: remote.trim(), baseUrl, queryPrefix, passagePrefix, ...key };
}
