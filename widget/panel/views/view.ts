import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { PublicWidgetConfig } from "../../../src/protocol/chat-protocol.ts";
import type { Chat } from "../chat.ts";
import type { Texts } from "../i18n/en.ts";
import type { Markdown } from "../markdown.ts";

/** What every view may need. */
export type View = {
  chat: Chat;
  markdown: Markdown;
  config: PublicWidgetConfig;
  texts: Texts;
  /** Hosts that links may lead to: the page's and Parley's. */
  ownHosts: string[];
};

export const ViewContext = createContext<View | null>(null);

export function useView(): View {
  const view = useContext(ViewContext);
  if (!view) throw new Error("A view was drawn outside of the panel.");
  return view;
}
