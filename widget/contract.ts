/** What loader and panel say to each other. The panel is a separate bundle, so these are types only. */
import type { PublicWidgetConfig, ReadyFrame } from "../src/protocol/chat-protocol.ts";

export type WidgetMode = "bubble" | "inline";
export type Theme = "light" | "dark" | "auto";
export type PageContext = { url?: string; title?: string };

/** What the script tag and later commands decided; `null` where the server's setting counts. */
export type WidgetSettings = {
  /** Tells several widgets on one page apart; the embed key unless `data-id` says otherwise. */
  id: string;
  key: string;
  /** Where Parley lives, with its base path and a trailing slash. */
  base: string;
  mode: WidgetMode;
  target: string | null;
  position: PublicWidgetConfig["position"] | null;
  locale: string | null;
  theme: Theme | null;
  color: string | null;
  launcher: string | null;
  zIndex: number;
  offsetX: number;
  offsetY: number;
  open: boolean;
  identity: string | null;
};

export type WidgetEvent =
  | "ready"
  | "open"
  | "close"
  | "message:sent"
  | "message:received"
  | "unread"
  | "feedback"
  | "error";

/** Commands that need the conversation; everything else the loader does by itself. */
export type PanelCommand =
  | { name: "send"; text: string }
  | { name: "prefill"; text: string }
  | { name: "newConversation" }
  | { name: "identify"; identity: string }
  | { name: "logout" }
  | { name: "setContext"; page: PageContext | null }
  | { name: "setLocale"; locale: string }
  | { name: "setTheme"; theme: Theme };

/** What the loader gives the panel. */
export type PanelHost = {
  settings: WidgetSettings;
  config: PublicWidgetConfig;
  root: ShadowRoot;
  /** Empty element inside `root` that the panel fills. */
  container: HTMLElement;
  /** The outlines of Parley's mark, which the launcher has already. */
  mark: readonly string[];
  emit: (event: WidgetEvent, detail?: Record<string, unknown>) => void;
  /** The visitor wants the panel closed. */
  close: () => void;
  setUnread: (count: number) => void;
};

/** What the loader can ask of the panel. */
export type Panel = {
  /** Shows the panel; with `focus` the composer takes the keyboard. */
  shown: (focus: boolean) => void;
  hidden: () => void;
  run: (command: PanelCommand) => void;
  destroy: () => void;
};

/** What the backoffice's preview gives the panel. */
export type StillHost = Pick<PanelHost, "container" | "mark"> & {
  /** Where Parley lives, with a trailing slash. */
  base: string;
  locale: string;
};

/** The panel with nobody behind it. */
export type Still = {
  sheet: CSSStyleSheet;
  show: (scene: { config: PublicWidgetConfig; theme: "light" | "dark"; ready: ReadyFrame }) => void;
  destroy: () => void;
};

/** The exports of the panel's bundle. */
export type PanelModule = {
  mountPanel: (host: PanelHost) => Promise<Panel>;
  mountStill: (host: StillHost) => Promise<Still>;
};
