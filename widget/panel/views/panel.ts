import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import type { Theme } from "../../contract.ts";
import { Announcer } from "../answer/announcer.ts";
import { AssistantMessage } from "../answer/assistant-message.ts";
import { useCell } from "../cell.ts";
import type { Language } from "../i18n/texts.ts";
import { Composer } from "./composer.ts";
import { Empty } from "./empty.ts";
import { useFollowEnd } from "./follow-end.ts";
import { Header } from "./header.ts";
import { Icon } from "./icons.ts";
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
  const { messages, id, awaiting } = useCell(chat.conversation);
  const state = useCell(chat.state).name;
  const lastSent = messages.findLast(({ role }) => role === "user")?.key;
  // Whoever asks wants to see the answer, wherever they had scrolled to.
  useEffect(toEnd, [lastSent]);
  useEffect(() => {
    if (messages.length) answers.load();
  }, [messages.length]);
  const isLoading = id === null && messages.length === 0 && state === "connecting";
  return html`<div class="middle">
    <div class="body" ref=${scroller} tabindex="0" role="region" aria-label=${texts.conversation}>
      <div ref=${content}>
        ${messages.length === 0 && !isLoading && html`<${Empty} />`}
        ${messages.map((message, index) =>
          message.role === "user"
            ? html`<${VisitorMessage} key=${message.key} message=${message} connected=${state === "connected"} />`
            : html`<${AssistantMessage} key=${message.key} message=${message} isLast=${index === messages.length - 1} />`,
        )}
        ${awaiting && html`<div class="line thinking" data-status="streaming"><span class="caret" />${texts.thinking}</div>`}
      </div>
    </div>
    ${hasNew && html`<button type="button" class="pill" onClick=${toEnd}><${Icon} name="down" />${texts.newAnswer}</button>`}
    <${Announcer} messages=${messages} />
  </div>`;
}
