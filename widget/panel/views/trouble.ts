import { html } from "htm/preact";
import type { Message } from "../conversation.ts";
import { useView } from "./view.ts";

/** One line on what went wrong, and the one thing to do. */
export function Trouble({ message, text }: { message: Message; text: string }) {
  const { texts, chat } = useView();
  return html`<div class="bad"><span dir="auto">${text}</span><button type="button" class="link" onClick=${() => chat.retry(message)}>${texts.retry}</button></div>`;
}
