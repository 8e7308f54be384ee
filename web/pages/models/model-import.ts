import { html } from "htm/preact";
import { FileArchive, X } from "lucide";
import { Button, IconButton } from "../../components/button.ts";
import { CopyBlock } from "../../components/copy.ts";
import { Icon } from "../../components/icon.ts";
import { Progress } from "../../components/tray.ts";
import { bytes } from "../../format.ts";
import { type ModelUpload, modelUpload, startImport } from "../../state/models.ts";
import { navigate } from "../../state/router.ts";

/** Names that `scripts/fetch-model.ts` knows, and what each is for. */
const EXAMPLES: [name: string, use: string][] = [
  ["multilingual-e5-small", "meaning, in a hundred languages"],
  ["all-MiniLM-L6-v2", "meaning, in English; the smallest"],
  ["ms-marco-MiniLM-L-6-v2", "a reranker, for English"],
];
const FIRST = EXAMPLES[0]?.[0] ?? "";

/** Opens the browser's file dialog and imports what was chosen. */
export function pickModel(): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".zip,application/zip";
  input.onchange = () => takeModel(input.files);
  input.click();
}

/** The same from any page, with the list of models in view. */
export function importAnywhere(): void {
  navigate("models");
  pickModel();
}

export function takeModel(files: FileList | null | undefined): void {
  const [file] = files ?? [];
  if (file) startImport(file);
}

/** Where a ZIP is dropped or chosen, how far it is, and how one gets there without the internet. */
export function ModelImport({ open }: { open: boolean }) {
  const upload = modelUpload.value;
  return html`<section class="import" aria-label="Import a model">
    ${
      upload
        ? html`<${Upload} upload=${upload} />`
        : html`<button class="drop-box" type="button" onClick=${pickModel}>
            <${Icon} of=${FileArchive} size=${20} />
            <span><span class="strong">Choose the ZIP of a model</span><span class="hint"> or drop it on this page. Up to 2 GB.</span></span>
          </button>`
    }
    <details open=${open}>
      <summary>How to bring a model here without internet</summary>
      <${Instructions} />
    </details>
  </section>`;
}

function Upload({ upload }: { upload: ModelUpload }) {
  const { name, why, sent, cancel } = upload;
  const failed = why !== null;
  return html`<div class="sheet uploads"><ul>
    <li>
      <span>
        <span class="strong">${name}</span>
        ${failed && html`<span class="hint why" role="alert"> ${why}</span>`}
      </span>
      <${Progress} share=${failed ? 1 : sent} bad=${failed} label=${`Import of ${name}`} />
      <span class="hint num" aria-live="polite">${inWords(upload)}</span>
      <${IconButton} icon=${X} label=${failed ? "Dismiss" : `Cancel the import of ${name}`} onClick=${cancel} />
    </li>
  </ul></div>
  ${failed && html`<div class="row"><${Button} onClick=${pickModel}>Choose another file<//></div>`}`;
}

function inWords({ why, sent, size }: ModelUpload): string {
  if (why !== null) return "Not imported";
  return sent < 1 ? `${bytes(sent * size)} of ${bytes(size)}` : "Checking it and trying it out";
}

function Instructions() {
  return html`<ol class="guide">
    <li>
      <p>On a computer with internet, in a copy of Parley's source, download the model. Every file's checksum is written down with it.</p>
      <${CopyBlock} label="Download a model" rows=${1} text=${`bun scripts/fetch-model.ts ${FIRST} .`} />
      <ul class="hint">
        ${EXAMPLES.map(([name, use]) => html`<li key=${name}><span class="mono">${name}</span>: ${use}</li>`)}
      </ul>
    </li>
    <li>
      <p>Make a ZIP of the folder.</p>
      <${CopyBlock} label="Make a ZIP" rows=${1} text=${`zip -r ${FIRST}.zip ${FIRST}`} />
    </li>
    <li><p>Carry the ZIP to this browser and import it here. Its files are compared with their checksums and the model is tried out before it appears.</p></li>
  </ol>`;
}
