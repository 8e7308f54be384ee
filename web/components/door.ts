import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import { unknownAddress } from "../state/session.ts";
import { CopyBlock } from "./copy.ts";
import { Mark } from "./mark.ts";
import { Note } from "./note.ts";

type DoorProps = { title: string; hint?: string; children: ComponentChildren };

/** What one sees before being inside: setting up, signing in, a new password. */
export function Door({ title, hint, children }: DoorProps) {
  return html`<main class="door">
    <div class="door-inner">
      <span class="brand"><span class="mark"><${Mark} /></span>Parley</span>
      <div>
        <h1>${title}</h1>
        ${hint && html`<p class="soft">${hint}</p>`}
      </div>
      <${UnknownAddress} />
      ${children}
    </div>
  </main>`;
}

/** Said before a password is typed, since it would be refused after. */
function UnknownAddress() {
  if (!unknownAddress.value) return null;
  const { publicUrl } = unknownAddress.value;
  return html`<${Note} tone="warn">
    <div class="stack tight">
      <p>
        Parley does not know the name <strong>${location.host}</strong>, so it will refuse what is sent from this page.
        ${
          publicUrl
            ? html` Open it at <a href=${publicUrl}>${publicUrl}</a>, the address that --public-url names.`
            : " Open it by the machine’s own name or address, or start it with the address that people use:"
        }
      </p>
      ${!publicUrl && html`<${CopyBlock} text=${`parley serve --public-url ${location.origin}`} label="Command" rows=${2} />`}
    </div>
  <//>`;
}
