/** The panel's bundle: the conversation inside the loader's shadow root. */
import { html } from "htm/preact";
import { render } from "preact";
import type { Panel, PanelCommand, PanelHost, Theme } from "../contract.ts";
import { createAnswerTools } from "./answer-tools.ts";
import { type Cell, createCell } from "./cell.ts";
import { type Chat, createChat } from "./chat.ts";
import { loadLanguage } from "./i18n/texts.ts";
import { panelSheet } from "./style/sheet.ts";
import { PanelView } from "./views/panel.ts";
import { followKeyboard } from "./visual-viewport.ts";

export { mountStill } from "./still.ts";

/** Puts the panel together, in the order things happen; what it returns is what the loader may ask of it. */
export async function mountPanel(host: PanelHost): Promise<Panel> {
  const { settings, config, root, container, mark } = host;
  const frame = container.parentElement ?? container;
  const side = (settings.position ?? config.position) === "bottom-left" ? "left" : "right";
  const sheet = panelSheet(side);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];

  // What the page asks for, then what the visitor reads, then what the page is written in.
  const wantedLanguages = () => [chat.locale.value, ...navigator.languages, document.documentElement.lang];
  const chat = createChat(host, settings.locale ?? navigator.language);
  const answers = createAnswerTools(sheet);
  const language = createCell(await loadLanguage(wantedLanguages()));
  const shown = createCell(false);
  const isDark = createCell(frame.dataset.theme === "dark");
  const logo = config.logoUrl && new URL(config.logoUrl.replace(/^\//, ""), settings.base).href;
  const ownHosts = [location.host, new URL(settings.base).host];

  const setTheme = (theme: Theme) => {
    if (theme !== "auto") frame.dataset.theme = theme;
    isDark.value = frame.dataset.theme === "dark";
  };
  const draw = () => {
    const { texts, code } = language.value;
    const view = { chat, config, answers, mark, ownHosts, texts, language: code };
    render(
      html`<${PanelView} view=${view} language=${language.value} shown=${shown.value} isDark=${isDark.value} logo=${logo}
        closable=${settings.mode === "bubble"} onClose=${host.close} setTheme=${setTheme} />`,
      container,
    );
  };
  const translate = async () => {
    language.value = await loadLanguage(wantedLanguages());
  };
  draw();
  const ends = [
    ...[language, shown, isDark].map((cell) => cell.subscribe(draw)),
    chat.locale.subscribe(translate),
    countUnread(host, chat, shown),
    followKeyboard(frame),
  ];

  return {
    shown: (focus) => {
      chat.start();
      shown.value = true;
      frame.toggleAttribute("data-open", true);
      setTheme("auto");
      // On a touch screen the keyboard would come up with it and cover the greeting.
      const first = matchMedia("(pointer:coarse)").matches ? ".panel" : "textarea";
      if (focus) container.querySelector<HTMLElement>(first)?.focus();
    },
    hidden: () => {
      shown.value = false;
      frame.toggleAttribute("data-open", false);
    },
    run: (command) => run(command, chat, setTheme),
    destroy: () => {
      for (const end of ends) end();
      chat.destroy();
      render(null, container);
    },
  };
}

function run(command: PanelCommand, chat: Chat, setTheme: (theme: Theme) => void): void {
  const { name } = command;
  if (name === "send") chat.send(command.text);
  else if (name === "prefill") chat.draft.value = command.text;
  else if (name === "newConversation") chat.newConversation();
  else if (name === "identify") chat.identify(command.identity);
  else if (name === "logout") chat.identify(null);
  else if (name === "setContext") chat.setPage(command.page);
  else if (name === "setLocale") chat.locale.value = command.locale;
  else setTheme(command.theme);
}

/** Answers that ended while the panel was closed show up as a number on the launcher. */
function countUnread(host: PanelHost, chat: Chat, shown: Cell<boolean>): () => void {
  const seen = new Set<string>();
  let unread = 0;
  const count = () => {
    const before = unread;
    if (shown.value) unread = 0;
    for (const { id, role, status, live } of chat.conversation.value.messages) {
      if (!id || role === "user" || status === "streaming" || seen.has(id)) continue;
      seen.add(id);
      if (!shown.value && live) unread++;
    }
    if (unread !== before) host.setUnread(unread);
  };
  const ends = [chat.conversation.subscribe(count), shown.subscribe(count)];
  return () => {
    for (const end of ends) end();
  };
}
