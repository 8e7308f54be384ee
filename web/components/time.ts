import { html } from "htm/preact";
import { ago, exactTime } from "../format.ts";
import { now } from "../state/clock.ts";

/** How long ago, with the exact time on hover. */
export function Ago({ at }: { at: string }) {
  return html`<time datetime=${at} title=${exactTime(at)}>${ago(at, now.value)}</time>`;
}
