import { html } from "htm/preact";
import type { Message } from "../conversation.ts";
import { useView } from "./view.ts";

type TroubleProps = { message: Message; text: string; isOwn?: boolean };

/** One line on what went wrong, or (`isOwn`) on what the visitor did, and the one thing to do. */
export function Trouble({ message, text, isOwn = false }: TroubleProps) {
  const { texts, chat } = useView();
  return html`<div class=${isOwn ? "note" : "note bad"}><span dir="auto">${text}</span><button type="button" class="link" onClick=${() => chat.retry(message)}>${texts.retry}</button></div>`;
}
