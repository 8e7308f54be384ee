import { html } from "htm/preact";
import { fill } from "../i18n/texts.ts";
import { Icon } from "./icons.ts";
import { useView } from "./view.ts";

const SUGGESTIONS = 3;

/** Before the first question: a greeting, three ways to begin, what it knows, who reads along. */
export function Empty() {
  const { chat, config, texts } = useView();
  const { greeting, organisation, suggestedQuestions } = config;
  return html`<div class="empty">
    ${greeting && html`<div class="greet" dir="auto">${greeting}</div>`}
    ${
      suggestedQuestions.length > 0 &&
      html`<div class="asks" role="group" aria-label=${texts.suggestions}>${suggestedQuestions
        .slice(0, SUGGESTIONS)
        .map(
          (question) =>
            html`<button type="button" class="ask" key=${question} dir="auto" onClick=${() => chat.send(question)}>${question}</button>`,
        )}</div>`
    }
    <div class="notes">
      <div><${Icon} name="book" /><span>${fill(texts.knows, { organisation })}</span></div>
      <div><${Icon} name="eye" /><span>${fill(texts.seenLong, { organisation })}</span></div>
    </div>
  </div>`;
}
