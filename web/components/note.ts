import { html } from "htm/preact";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide";
import type { ComponentChildren } from "preact";
import { Icon } from "./icon.ts";

const ICONS = { info: Info, good: CircleCheck, warn: TriangleAlert, bad: CircleAlert };

/** Something to know, in place. `bad` and `warn` are announced. */
export function Note(props: { tone?: keyof typeof ICONS; children?: ComponentChildren }) {
  const tone = props.tone ?? "info";
  return html`<div class=${`note ${tone}`} role=${tone === "bad" ? "alert" : "note"}>
    <${Icon} of=${ICONS[tone]} />
    <div>${props.children}</div>
  </div>`;
}
