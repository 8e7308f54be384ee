import { html } from "htm/preact";
import { X } from "lucide";
import { IconButton } from "../../components/button.ts";
import { Progress } from "../../components/tray.ts";
import { bytes } from "../../format.ts";
import { type Upload, uploads } from "../../state/knowledge.ts";

/** Files on their way, one line each, and those that did not make it with the reason. */
export function Uploads() {
  if (uploads.value.length === 0) return null;
  return html`<section class="sheet uploads" aria-label="Uploads">
    <header><h2>Uploading</h2></header>
    <ul>
      ${uploads.value.map((upload) => html`<${UploadRow} key=${upload.id} upload=${upload} />`)}
    </ul>
  </section>`;
}

export function UploadRow({ upload }: { upload: Upload }) {
  const failed = upload.state === "failed";
  return html`<li>
    <span>
      <span class="strong">${upload.name}</span>
      ${failed && html`<span class="hint why" role="alert"> ${upload.why}</span>`}
    </span>
    <${Progress} share=${failed ? 1 : upload.sent} bad=${failed} label=${`Upload of ${upload.name}`} />
    <span class="hint num">${progressInWords(upload)}</span>
    <${IconButton} icon=${X} label=${failed ? "Dismiss" : `Cancel the upload of ${upload.name}`} onClick=${upload.cancel} />
  </li>`;
}

function progressInWords(upload: Upload): string {
  if (upload.state === "failed") return "Not added";
  if (upload.state === "waiting") return `Waiting, ${bytes(upload.size)}`;
  return `${bytes(upload.sent * upload.size)} of ${bytes(upload.size)}`;
}
