import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { PublicWidgetConfig } from "../../../src/protocol/chat-protocol.ts";
import type { AnswerTools } from "../answer-tools.ts";
import type { Chat } from "../chat.ts";
import type { Texts } from "../i18n/en.ts";

/** What every view may need. */
export type View = {
  chat: Chat;
  answers: AnswerTools;
  mark: readonly string[];
  config: PublicWidgetConfig;
  texts: Texts;
  /** Code of the language that they are in. */
  language: string;
  /** Hosts that links may lead to: the page's and Parley's. */
  ownHosts: string[];
};

export const ViewContext = createContext<View | null>(null);

export function useView(): View {
  const view = useContext(ViewContext);
  if (!view) throw new Error("A view was drawn outside of the panel.");
  return view;
}
