import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useCell } from "../cell.ts";
import type { Message } from "../conversation.ts";
import { useView } from "../views/view.ts";

/** Reads out what is finished of the answer that is arriving, sentence by sentence, and nothing twice. */
export function Announcer({ messages }: { messages: Message[] }) {
  const tools = useCell(useView().answers.tools);
  const [said, setSaid] = useState("");
  const position = useRef({ id: "", end: 0 });
  const message = messages.findLast(({ role, live }) => role !== "user" && live);
  useEffect(() => {
    if (!message?.id || !tools) return;
    if (position.current.id !== message.id) position.current = { id: message.id, end: 0 };
    const { text, end } = tools.spokenText(
      message.content,
      position.current.end,
      message.status !== "streaming",
    );
    position.current.end = end;
    if (text) setSaid(text);
  }, [message, tools]);
  return html`<div class="sr" aria-live="polite" aria-atomic="true" data-announcer>${said}</div>`;
}
