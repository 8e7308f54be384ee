import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useCell } from "../cell.ts";
import { isAnswering } from "../conversation.ts";
import { fill } from "../i18n/texts.ts";
import { Icon, StopIcon } from "./icons.ts";
import { useView } from "./view.ts";

/** The server's own limit; longer text is not sent, and nothing of it is cut. */
const MAX_CHARACTERS = 8000;

export function Composer() {
  const { chat, config, texts } = useView();
  const field = useRef<HTMLTextAreaElement>(null);
  const draft = useCell(chat.draft);
  const conversation = useCell(chat.conversation);
  const state = useCell(chat.state);
  const tooMany = draft.trim().length - MAX_CHARACTERS;
  const isEmpty = draft.trim() === "";
  const canStop = state.name === "connected" && isAnswering(conversation) && isEmpty;
  const canSend = !isEmpty && tooMany <= 0 && state.name !== "refused";

  // After every drawing: what was measured while the panel was hidden is worth nothing.
  useLayoutEffect(() => {
    const { current } = field;
    if (!current?.scrollHeight) return;
    // From nothing, so that it also becomes smaller again.
    current.style.height = "auto";
    current.style.height = `${current.scrollHeight}px`;
  });

  const submit = () => {
    if (!canSend) return;
    chat.send(draft);
    chat.draft.value = "";
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // 229 is how some browsers say that an input method is still composing.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  };
  const onInput = (event: Event) => {
    chat.draft.value = (event.currentTarget as HTMLTextAreaElement).value;
  };
  const placeholder = conversation.messages.length ? texts.followUp : texts.ask;
  return html`<div class="composer">
    <${StateLine} />
    <${PageChip} />
    <div class="box">
      <textarea ref=${field} rows="1" dir="auto" aria-label=${placeholder} placeholder=${placeholder} value=${draft} enterkeyhint="send" onInput=${onInput} onKeyDown=${onKeyDown} />
      ${
        canStop
          ? html`<button type="button" class="go" data-stop aria-label=${texts.stop} onClick=${chat.stop}><${StopIcon} /></button>`
          : html`<button type="button" class="go" data-send aria-label=${texts.send} disabled=${!canSend} onClick=${submit}><${Icon} name="send" /></button>`
      }
    </div>
    <div class="foot" aria-live="polite">${tooMany > 0 ? fill(texts.tooLong, { count: tooMany }) : fill(texts.seen, { organisation: config.organisation })}</div>
  </div>`;
}

/** What stands between the visitor and an answer, in one line; nothing while all is well. */
function StateLine() {
  const { chat, texts } = useView();
  const seconds = useSecondsUntil(useCell(chat.waitUntil));
  const state = useCell(chat.state);
  let line: string | null = null;
  if (state.name === "refused") line = state.message || texts.unavailable;
  else if (state.name === "offline") line = texts.offline;
  else if (state.name === "reconnecting") line = texts.reconnecting;
  else if (seconds > 0) line = fill(texts.rateLimited, { seconds });
  return html`<div role="status">${line && html`<div class="state">${line}</div>`}</div>`;
}

function useSecondsUntil(until: number | null): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (until === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [until]);
  return until === null ? 0 : Math.max(1, Math.ceil((until - now) / 1_000));
}

/** Says that the page's title and address go along, and lets the visitor say no. */
function PageChip() {
  const { chat, texts } = useView();
  const page = useCell(chat.sharing);
  const title = page?.title || page?.url;
  if (!title) return null;
  return html`<div class="page"><span title=${title}>${fill(texts.sharing, { title })}</span>
    <button type="button" data-unshare aria-label=${texts.stopSharing} onClick=${() => chat.setPage(null)}><${Icon} name="close" /></button></div>`;
}
