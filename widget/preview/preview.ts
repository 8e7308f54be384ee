/**
 * The widget in the backoffice, beside the settings that make it: the launcher and the panel that visitors get, drawn
 * from unsaved settings and one conversation, with no session and no server behind them.
 */
import type { MessageView, PublicWidgetConfig } from "../../src/protocol/chat-protocol.ts";
import type { PanelModule, WidgetSettings } from "../contract.ts";
import { createLauncher, MARK } from "../loader/launcher.ts";
import { launcherSheet } from "../loader/style.ts";

/** What visitors see of it: only the launcher, or the panel with the conversation so far. */
export type Scene = {
  config: PublicWidgetConfig;
  theme: "light" | "dark";
  /** Null while it is closed. */
  conversation: MessageView[] | null;
};

export type Preview = { show: (scene: Scene) => void; destroy: () => void };

/** As on a page that asks for nothing else. In a corner of `element`, which has to be a containing block for `fixed`. */
const SETTINGS = { position: null, color: null, zIndex: 0, offsetX: 16, offsetY: 16 } as const;

/** As a server would say it that holds the conversation. */
const CONNECTED = {
  type: "ready",
  session: "",
  conversation: "still",
  seq: 0,
  state: "assistant",
  running: null,
} as const;

/**
 * @param element empty; becomes the shadow host
 * @param base Parley's address with a trailing slash
 * @param panelPath the panel's file below it, as the widget itself loads it
 * @throws when that cannot be loaded
 */
export async function mountPreview(element: HTMLElement, base: string, panelPath: string): Promise<Preview> {
  const module: PanelModule = await import(new URL(panelPath.replace(/^\//, ""), base).href);
  const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
  const frame = document.createElement("div");
  const container = document.createElement("div");
  frame.className = "root";
  container.className = "container";
  root.replaceChildren(frame);
  const still = await module.mountStill({ container, base, mark: MARK, locale: "en" });

  return {
    show({ config, theme, conversation }) {
      const mode: WidgetSettings["mode"] = conversation === null ? "bubble" : "inline";
      root.adoptedStyleSheets = [launcherSheet({ ...SETTINGS, mode }, config), still.sheet];
      frame.dataset.mode = mode;
      frame.dataset.theme = theme;
      if (conversation === null) frame.replaceChildren(createLauncher(config, base).button);
      else {
        still.show({ config, theme, ready: { ...CONNECTED, history: conversation } });
        if (container.parentElement !== frame) frame.replaceChildren(container);
      }
    },
    destroy() {
      still.destroy();
      root.replaceChildren();
    },
  };
}
