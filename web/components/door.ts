import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import { Mark } from "./mark.ts";

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
      ${children}
    </div>
  </main>`;
}
