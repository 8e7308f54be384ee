/** A call that changes something: every argument in words, and yes or no. Nothing of it can be edited. */
import type { html as Html } from "htm/preact";
import type { Confirmation } from "../conversation.ts";
import type { fill as Fill } from "../i18n/texts.ts";
import { cardWords } from "./words.ts";

export type ConfirmCardProps = {
  html: typeof Html;
  fill: typeof Fill;
  language: string;
  confirmation: Confirmation;
  answer: (accept: boolean) => void;
};

/** A function of what it is given, so that the chunk needs no hooks. */
export function confirmCard({ html, fill, language, confirmation, answer }: ConfirmCardProps) {
  const texts = cardWords(language);
  const { call, label, words, expiresAt, state, problem } = confirmation;
  const isWaiting = state === "pending_confirmation" && problem === undefined;
  const time = new Date(expiresAt).toLocaleTimeString(language, { timeStyle: "short" });
  const choose = (accept: boolean) => (event: Event) => {
    // The buttons go; whoever pressed one with the keyboard stays where they were.
    (event.currentTarget as Element).closest<HTMLElement>(".card")?.focus();
    answer(accept);
  };
  return html`<div class="card" role="group" tabindex="-1" aria-label=${label} key=${call}>
    <b dir="auto">${label}</b>
    <dl>${words.map((word) => html`<div key=${word.label}><dt><bdi>${word.label}</bdi></dt><dd><bdi>${word.value}</bdi></dd></div>`)}</dl>
    <p class="hint" role="status">${isWaiting ? fill(texts.confirmBy, { time }) : (problem ?? texts.confirmed[state])}</p>
    ${
      isWaiting &&
      html`<div class="row"><button type="button" class="ask yes" onClick=${choose(true)}>${texts.confirm}</button>
        <button type="button" class="ask" onClick=${choose(false)}>${texts.decline}</button></div>`
    }
  </div>`;
}
