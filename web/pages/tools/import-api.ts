import { html } from "htm/preact";
import { FileUp } from "lucide";
import { useState } from "preact/hooks";
import type { ApiDescription } from "../../../src/protocol/admin-api/tools.ts";
import { type ApiError, asApiError, fieldProblem, fieldProblems } from "../../api/client.ts";
import { describeApi } from "../../api/tools.ts";
import { Button } from "../../components/button.ts";
import { Segmented, TextField } from "../../components/field.ts";
import { Note } from "../../components/note.ts";
import { Page } from "../../components/page.ts";
import { PickOperations } from "./pick-operations.ts";

type From = "address" | "document";

/** An API's own description: read, picked from, and made tools of. */
export function ImportApiPage() {
  const [from, setFrom] = useState<From>("address");
  const [url, setUrl] = useState("");
  const [document, setDocument] = useState("");
  const { busy, api, error, read, again } = useDescription(from === "address" ? { url } : { document });
  return html`<${Page}
    title="Import an API"
    about="An OpenAPI 3 document says what an API can be asked. Pick what the assistant may use; each becomes a tool that is off until you have looked at it."
    crumbs=${{ label: "Tools", page: "tools" }}
  >
    ${
      api
        ? html`<${PickOperations} api=${api} again=${again} />`
        : html`<div class="stack editor"><section class="form-section">
            <${Segmented}
              label="Where the document is"
              value=${from}
              choices=${[{ value: "address", label: "At an address" }, { value: "document", label: "In a file" }]}
              onChange=${setFrom}
            />
            ${
              from === "address"
                ? html`<${TextField} label="Address" mono type="url" value=${url} maxLength=${2_000} error=${fieldProblem(error, "url")} insist
                    placeholder="https://erp.example.org/openapi.json"
                    help="JSON or YAML. An operator lists its host and port under Egress."
                    onInput=${setUrl} />`
                : html`<${FromFile} text=${document} error=${fieldProblem(error, "document")} onChange=${setDocument} />`
            }
            ${error && Object.keys(fieldProblems(error)).length === 0 && html`<${Note} tone="bad">${error.message}<//>`}
            <div class="row"><${Button} kind="primary" busy=${busy} disabled=${(from === "address" ? url : document).trim() === ""} onClick=${() => void read()}>Read the document<//></div>
          </section></div>`
    }
  <//>`;
}

function useDescription(source: { url: string } | { document: string }) {
  const [busy, setBusy] = useState(false);
  const [api, setApi] = useState<ApiDescription | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const read = async () => {
    setBusy(true);
    setError(null);
    try {
      setApi(await describeApi(source));
    } catch (thrown) {
      setError(asApiError(thrown));
    }
    setBusy(false);
  };
  return { busy, api, error, read, again: () => setApi(null) };
}

type FileProps = { text: string; error: string | null; onChange: (text: string) => void };

function FromFile({ text, error, onChange }: FileProps) {
  const choose = () => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = ".json,.yaml,.yml,application/json,application/yaml";
    input.onchange = () => void input.files?.[0]?.text().then(onChange);
    input.click();
  };
  return html`<div class="row"><${Button} icon=${FileUp} onClick=${choose}>Choose a file<//></div>
    <${TextField} label="Document" mono rows=${10} value=${text} error=${error} insist
      placeholder=${'{ "openapi": "3.1.0", "paths": { … } }'}
      help="Or paste it here, as JSON or YAML. What it refers to outside of itself is not fetched."
      onInput=${onChange} />`;
}
