import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Theme } from "../../contract.ts";
import { useCell } from "../cell.ts";
import { isAnswering } from "../conversation.ts";
import { Icon, Mark } from "./icons.ts";
import { useView } from "./view.ts";

type HeaderProps = {
  logo: string | null;
  isDark: boolean;
  closable: boolean;
  onClose: () => void;
  setTheme: (theme: Theme) => void;
};

export function Header({ logo, isDark, closable, onClose, setTheme }: HeaderProps) {
  const { chat, config, mark, texts } = useView();
  const [menu, setMenu] = useState(false);
  const conversation = useCell(chat.conversation);
  const isNew = useCell(chat.state).name === "connecting" && conversation.id === null;
  const line = isNew ? texts.connecting : config.subtitle;
  return html`<header>
    <span class=${isAnswering(conversation) ? "mark writing" : "mark"}>${logo ? html`<img src=${logo} alt="" />` : html`<${Mark} outlines=${mark} />`}</span>
    <div class="who"><h2>${config.displayName}</h2>${line && html`<div class="hint">${line}</div>`}</div>
    <button type="button" class="icon" data-menu aria-label=${texts.menu} aria-haspopup="menu" aria-expanded=${String(menu)} onClick=${() => setMenu(!menu)}><${Icon} name="more" /></button>
    ${closable && html`<button type="button" class="icon" data-close aria-label=${texts.close} onClick=${onClose}><${Icon} name="close" /></button>`}
    ${menu && html`<${Menu} isDark=${isDark} setTheme=${setTheme} onClose=${() => setMenu(false)} />`}
  </header>`;
}

type MenuProps = { isDark: boolean; setTheme: (theme: Theme) => void; onClose: () => void };

/** Opens with its first item focused; arrows move, Escape and leaving close. */
function Menu({ isDark, setTheme, onClose }: MenuProps) {
  const { chat, texts } = useView();
  const element = useRef<HTMLDivElement>(null);
  const items = () => [...(element.current?.querySelectorAll<HTMLElement>("button:not(:disabled)") ?? [])];
  useEffect(() => items()[0]?.focus(), []);
  const finish = (action?: () => void) => {
    const opener = element.current?.parentElement?.querySelector<HTMLElement>("[data-menu]");
    onClose();
    opener?.focus();
    action?.();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const all = items();
    const at = all.indexOf(event.target as HTMLElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      all.at((at + step) % all.length)?.focus();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      finish();
    }
  };
  const onFocusOut = ({ relatedTarget }: FocusEvent) => {
    const next = relatedTarget as HTMLElement | null;
    if (!next || element.current?.contains(next) || next.dataset.menu !== undefined) return;
    onClose();
  };
  const isEmpty = chat.conversation.value.messages.length === 0;
  return html`<div class="menu" role="menu" ref=${element} onKeyDown=${onKeyDown} onFocusOut=${onFocusOut}>
    <button type="button" role="menuitem" disabled=${isEmpty} onClick=${() => finish(chat.newConversation)}><${Icon} name="plus" />${texts.newConversation}</button>
    <button type="button" role="menuitem" onClick=${() => finish(() => setTheme(isDark ? "light" : "dark"))}><${Icon} name=${isDark ? "sun" : "moon"} />${isDark ? texts.lightTheme : texts.darkTheme}</button>
  </div>`;
}
