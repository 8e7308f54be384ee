/** The panel as it stands at one moment, with nobody behind it: for the preview in the backoffice. */
import { html } from "htm/preact";
import { render } from "preact";
import type { Still, StillHost } from "../contract.ts";
import { createAnswerTools } from "./answer-tools.ts";
import { createCell } from "./cell.ts";
import type { Chat } from "./chat.ts";
import { type Conversation, EMPTY, reduce } from "./conversation.ts";
import { loadLanguage } from "./i18n/texts.ts";
import { panelSheet } from "./style/sheet.ts";
import { PanelView } from "./views/panel.ts";

export async function mountStill({ container, mark, base, locale }: StillHost): Promise<Still> {
  const sheet = panelSheet("right");
  const answers = createAnswerTools(sheet);
  const language = await loadLanguage([locale]);
  return {
    sheet,
    show: ({ config, ready, theme }) => {
      const chat = stillChat(reduce(EMPTY, { type: "frame", frame: ready, at: "" }));
      const logo = config.logoUrl && new URL(config.logoUrl.replace(/^\//, ""), base).href;
      const { texts, code } = language;
      const view = { chat, config, answers, mark, ownHosts: [location.host], texts, language: code };
      render(
        html`<${PanelView} view=${view} language=${language} shown=${true} isDark=${theme === "dark"} logo=${logo}
          closable=${true} onClose=${nothing} setTheme=${nothing} />`,
        container,
      );
    },
    destroy: () => render(null, container),
  };
}

/** Says nothing to any server and does nothing for anybody. */
function stillChat(conversation: Conversation): Chat {
  return {
    conversation: createCell(conversation),
    state: createCell({ name: "connected" as const }),
    waitUntil: createCell(null),
    draft: createCell(""),
    locale: createCell(""),
    sharing: createCell(null),
    setPage: nothing,
    start: nothing,
    send: nothing,
    fillIn: nothing,
    stop: nothing,
    wasStopped: () => false,
    retry: nothing,
    confirm: nothing,
    rate: nothing,
    newConversation: nothing,
    identify: nothing,
    destroy: nothing,
  };
}

function nothing(): void {}
