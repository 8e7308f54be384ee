import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import type { Theme } from "../../contract.ts";
import { Announcer } from "../answer/announcer.ts";
import { AssistantMessage } from "../answer/assistant-message.ts";
import { useCell } from "../cell.ts";
import { isPending, isReadable, type Message } from "../conversation.ts";
import type { Language } from "../i18n/texts.ts";
import { Composer } from "./composer.ts";
import { Empty } from "./empty.ts";
import { useFollowEnd } from "./follow-end.ts";
import { Header } from "./header.ts";
import { Icon } from "./icons.ts";
import { Thinking } from "./thinking.ts";
import { useView, type View, ViewContext } from "./view.ts";
import { VisitorMessage } from "./visitor-message.ts";

type PanelProps = {
  view: View;
  language: Language;
  shown: boolean;
  isDark: boolean;
  closable: boolean;
  logo: string | null;
  onClose: () => void;
  setTheme: (theme: Theme) => void;
};

export function PanelView({ view, language, shown, isDark, closable, logo, onClose, setTheme }: PanelProps) {
  const { displayName } = view.config;
  const onKeyDown = (event: KeyboardEvent) => {
    // The page's own shortcuts are none of the panel's keys.
    event.stopPropagation();
    if (event.key === "Escape" && closable && !event.isComposing) onClose();
  };
  return html`<${ViewContext.Provider} value=${view}>
    <section class="panel" role="dialog" tabindex="-1" aria-label=${displayName} lang=${language.code} dir=${language.direction} hidden=${!shown} onKeyDown=${onKeyDown}>
      <${Header} logo=${logo} isDark=${isDark} closable=${closable} onClose=${onClose} setTheme=${setTheme} />
      <${ConversationView} />
      <${Composer} />
    </section>
  <//>`;
}

function ConversationView() {
  const { chat, answers, texts } = useView();
  const { scroller, content, hasNew, toEnd } = useFollowEnd();
  const conversation = useCell(chat.conversation);
  const { messages, id } = conversation;
  const state = useCell(chat.state).name;
  const lastSent = messages.findLast(({ role }) => role === "user")?.key;
  // Whoever asks wants to see the answer, wherever they had scrolled to.
  useEffect(toEnd, [lastSent]);
  useEffect(() => {
    if (messages.length) answers.load();
  }, [messages.length]);
  const needsCards = messages.some(hasCards);
  useEffect(() => {
    if (needsCards) answers.loadCards();
  }, [needsCards]);
  const isLoading = id === null && messages.length === 0 && state === "connecting";
  const rows = messages.map((message, index) => {
    const { key, role } = message;
    if (role === "user")
      return html`<${VisitorMessage} key=${key} message=${message} connected=${state === "connected"} />`;
    return isEmpty(message)
      ? null
      : html`<${AssistantMessage} key=${key} message=${message} isLast=${index === messages.length - 1} />`;
  });
  const firstUnsent = messages.findIndex(({ status }) => status === "waiting");
  if (isPending(conversation))
    rows.splice(firstUnsent < 0 ? rows.length : firstUnsent, 0, html`<${Thinking} key="thinking" />`);
  return html`<div class="middle">
    <div class="body" ref=${scroller} tabindex="0" role="region" aria-label=${texts.conversation}>
      <div ref=${content}>
        ${messages.length === 0 && !isLoading && html`<${Empty} />`}
        ${rows}
      </div>
    </div>
    ${hasNew && html`<button type="button" class="pill" onClick=${toEnd}><${Icon} name="down" />${texts.newAnswer}</button>`}
    <${Announcer} messages=${messages} />
  </div>`;
}

function hasCards({ lookup, confirmations, citations }: Message): boolean {
  return lookup !== null || confirmations.length > 0 || citations.some(({ kind }) => kind === "tool");
}

/** An answer that has begun without anything to show; what is said in its place is that it is looked up. */
function isEmpty(message: Message): boolean {
  return message.status === "streaming" && message.tools.length === 0 && !isReadable(message);
}
