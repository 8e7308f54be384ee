import { html } from "htm/preact";
import type { Message } from "../conversation.ts";
import { Trouble } from "./trouble.ts";
import { useView } from "./view.ts";

export function VisitorMessage({ message, connected }: { message: Message; connected: boolean }) {
  const { texts } = useView();
  const { status, failure } = message;
  return html`<div class="line visitor" data-status=${status}>
    <span class="sr">${texts.you}:</span>
    <div class="said" dir="auto">${message.content}</div>
    ${status === "waiting" && !connected && html`<span class="hint">${texts.waiting}</span>`}
    ${status === "refused" && html`<${Trouble} message=${message} text=${failure?.message || texts.refused} />`}
  </div>`;
}
