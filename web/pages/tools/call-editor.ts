import { html } from "htm/preact";
import type { ToolView } from "../../../src/protocol/admin-api/tools.ts";
import type { CallDraft, CallTool } from "../../api/tools.ts";
import { Segmented, TextField } from "../../components/field.ts";
import { CredentialPicker } from "./credential-picker.ts";
import { missingOfAny, NEW_CALL, type SectionProps } from "./draft-kinds.ts";
import { ToolEditor } from "./editor.ts";
import { HeadersField } from "./headers-field.ts";
import { Select } from "./select.ts";

type Method = CallDraft["method"];

const METHODS: Record<Method, string> = {
  GET: "GET",
  HEAD: "HEAD",
  POST: "POST",
  PUT: "PUT",
  PATCH: "PATCH",
  DELETE: "DELETE",
};
/** By the word itself; POST is also how some APIs are searched. */
const ALWAYS_WRITE: ReadonlySet<Method> = new Set(["PUT", "PATCH", "DELETE"]);
const ALWAYS_READ: ReadonlySet<Method> = new Set(["GET", "HEAD"]);

type CallEditorProps = { saved: CallTool | null; onSaved?: (saved: ToolView) => void };

/** One call of an API of the organisation's own. */
export function CallEditor({ saved, onSaved }: CallEditorProps) {
  return html`<${ToolEditor}
    id=${saved?.id ?? null}
    base=${saved === null ? NEW_CALL : draftFrom(saved)}
    onSaved=${onSaved}
    Asks=${Call}
    found=${found}
    missing=${missing}
  />`;
}

function Call({ draft: { value, set }, refused }: SectionProps<CallDraft>) {
  const { method, effect } = value;
  const choose = (next: Method) => {
    set("method", next);
    set("effect", ALWAYS_READ.has(next) ? "read" : "write");
  };
  return html`<section class="form-section">
    <h2>The call</h2>
    <div class="call-line">
      <${Select} label="Method" value=${method} choices=${METHODS} onChange=${choose} />
      <${TextField} label="Address" mono value=${value.url} maxLength=${2_000} error=${refused("url")} insist
        placeholder="https://erp.example.org/api/orders/{order}"
        help="What people choose stands in {braces}, in the path or behind the ?. An operator lists its host under Egress."
        onInput=${(url: string) => set("url", url.trim())} />
    </div>
    <${CredentialPicker} value=${value.credential} error=${refused("credential")} onChange=${(credential: string | null) => set("credential", credential)} />
    <${HeadersField} headers=${value.headers} error=${refused("headers")} onChange=${(headers: CallDraft["headers"]) => set("headers", headers)} />
    <${TextField} label="Where the rows are" mono value=${value.responsePath ?? ""} maxLength=${500} error=${refused("responsePath")} insist
      placeholder="$.items"
      help="A JSONPath into the answer: a list is many rows, an object is one. Empty for the whole answer."
      onInput=${(path: string) => set("responsePath", path.trim() === "" ? null : path)} />
    <${TextField} label="Rows at most" type="number" min=${1} max=${200} value=${String(value.rowLimit)} error=${refused("rowLimit")} insist onInput=${(rows: string) => set("rowLimit", Number(rows))} />
    ${
      ALWAYS_WRITE.has(method)
        ? html`<p class="soft">${method} changes something, so the visitor confirms the exact values before each call.</p>`
        : !ALWAYS_READ.has(method) || effect === "write"
          ? html`<${Segmented}
              label="What it does"
              value=${effect}
              choices=${[{ value: "read", label: "Only reads" }, { value: "write", label: "Changes something" }]}
              help="What changes something waits until the visitor has confirmed the exact values, and is never sent twice."
              onChange=${(next: CallDraft["effect"]) => set("effect", next)}
            />`
          : null
    }
  </section>`;
}

/** Names in braces, and where each goes. */
function found({ url, headers }: CallDraft) {
  const [address = "", query = ""] = url.split(/\?(.*)/s);
  const places = [
    { text: address, place: "path" },
    { text: query, place: "query" },
    { text: Object.values(headers).join(" "), place: "header" },
  ] as const;
  return places.flatMap(({ text, place }) =>
    [...text.matchAll(/\{([A-Za-z_][A-Za-z0-9_]*)\}/g)].map(([, name = ""]) => ({ name, in: place })),
  );
}

function missing(value: CallDraft): string | null {
  const lacks = missingOfAny(value);
  if (lacks !== null) return lacks;
  if (value.url.trim() === "") return "Enter the address.";
  const bare = Object.entries(value.headers).find(([, text]) => text === "")?.[0];
  return bare === undefined ? null : `Give the header ${bare} a value.`;
}

function draftFrom({ id: _id, createdAt: _created, updatedAt: _updated, ...tool }: CallTool): CallDraft {
  return tool;
}
