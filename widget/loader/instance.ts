import type { PublicWidgetConfig } from "../../src/protocol/chat-protocol.ts";
import type { Panel, PanelCommand, PanelHost, PanelModule, Theme, WidgetSettings } from "../contract.ts";
import { loadConfig } from "./config.ts";
import { createEvents, type Events } from "./events.ts";
import { createLauncher, MARK } from "./launcher.ts";
import { keepInside, keepOnPage } from "./placement.ts";
import { launcherSheet } from "./style.ts";
import { unreachableText } from "./texts.ts";

/** Replaced at build time by the panel's path below Parley's address. */
declare const PARLEY_PANEL_PATH: string | undefined;
const PANEL_PATH = typeof PARLEY_PANEL_PATH === "string" ? PARLEY_PANEL_PATH : "/widget-panel.js";

/** On a phone the panel covers the page, so it does not come back by itself after a page change. */
const PHONE = "(max-width: 480px)";

export type Instance = {
  id: string;
  events: Events;
  open: () => void;
  close: () => void;
  toggle: () => void;
  /** Hides or shows launcher and panel together. */
  setHidden: (hidden: boolean) => void;
  run: (command: PanelCommand) => void;
  destroy: () => void;
};

/** One widget on the page, from its settings to its removal. Nothing is visible before Parley answered. */
export function createInstance(settings: WidgetSettings): Instance {
  const events = createEvents(settings.id);
  const ended = new AbortController();
  const early: (() => void)[] = [];
  let widget: Widget | null = null;
  const whenReady = (action: () => void) => (widget ? action() : early.push(action));

  loadConfig(settings, ended.signal).then((config) => {
    if (ended.signal.aborted) return;
    if (!config) return events.emit("error", { code: "CONFIG_REFUSED" });
    widget = paint(settings, config, events);
    events.emit("ready");
    for (const action of early.splice(0)) action();
    widget.begin();
  });

  return {
    id: settings.id,
    events,
    open: () => whenReady(() => widget?.open(true)),
    close: () => whenReady(() => widget?.close()),
    toggle: () => whenReady(() => widget?.toggle()),
    setHidden: (hidden) => whenReady(() => widget?.setHidden(hidden)),
    run: (command) => whenReady(() => widget?.run(command)),
    destroy: () => {
      ended.abort();
      widget?.destroy();
      widget = null;
    },
  };
}

type Widget = {
  begin: () => void;
  open: (focus: boolean) => void;
  close: () => void;
  toggle: () => void;
  setHidden: (hidden: boolean) => void;
  run: (command: PanelCommand) => void;
  destroy: () => void;
};

/** One launcher with its panel: a closure of short functions over whether it is open, loaded, destroyed. */
function paint(settings: WidgetSettings, config: PublicWidgetConfig, events: Events): Widget {
  const inline = settings.mode === "inline" && settings.target !== null;
  const { host, root, frame, container } = createHost(inline ? "inline" : "bubble");
  root.adoptedStyleSheets = [launcherSheet(settings, config)];
  const launcher = createLauncher(config, settings.base);
  const remembered = `parley:${settings.id}:open`;
  /** Given before the panel was needed; told to it when it is there. */
  const waiting: PanelCommand[] = [];
  let panel: Panel | null = null;
  let loading: Promise<void> | null = null;
  let isOpen = false;
  let isDestroyed = false;
  let returnFocusTo: HTMLElement | null = null;

  const setOpen = (value: boolean) => {
    isOpen = value;
    launcher.setExpanded(value);
    remember(remembered, value);
  };
  const panelHost: PanelHost = {
    settings,
    config,
    root,
    container,
    mark: MARK,
    emit: events.emit,
    close: () => close(),
    setUnread: (count) => {
      launcher.setUnread(count);
      if (count) events.emit("unread", { count });
    },
  };

  const loadPanel = () => {
    loading ??= importPanel(settings.base)
      .then((module) => module.mountPanel(panelHost))
      .then(
        (mounted) => {
          if (isDestroyed) return mounted.destroy();
          panel = mounted;
          for (const command of waiting.splice(0)) mounted.run(command);
        },
        () => {
          loading = null;
          setOpen(false);
          showTrouble(frame, settings.locale);
          events.emit("error", { code: "PANEL_UNREACHABLE" });
        },
      );
    return loading;
  };
  const open = (focus: boolean) => {
    if (isOpen) return;
    const { activeElement } = document;
    returnFocusTo = activeElement instanceof HTMLElement && activeElement !== host ? activeElement : null;
    setOpen(true);
    launcher.setBusy(true);
    void loadPanel().finally(() => {
      launcher.setBusy(false);
      if (isOpen) panel?.shown(focus);
    });
    events.emit("open");
  };
  const close = () => {
    if (!isOpen || inline) return;
    const hadFocus = root.activeElement !== null;
    setOpen(false);
    panel?.hidden();
    if (hadFocus)
      (returnFocusTo?.isConnected && returnFocusTo !== document.body
        ? returnFocusTo
        : launcher.button
      ).focus();
    events.emit("close");
  };
  const toggle = () => (isOpen ? close() : open(true));

  launcher.button.addEventListener("click", toggle);
  const onPageClick = (event: Event) => {
    const { target } = event;
    if (!settings.launcher || !(target instanceof Element) || !target.closest(settings.launcher)) return;
    event.preventDefault();
    toggle();
  };
  if (settings.launcher) document.addEventListener("click", onPageClick);
  if (!inline && !settings.launcher) frame.append(launcher.button);
  launcher.setExpanded(false);
  const unfollowTheme = followTheme(frame, settings.theme ?? config.theme);
  const leave = inline && settings.target ? keepInside(host, settings.target) : keepOnPage(host);

  return {
    begin: () => {
      const again = !matchMedia(PHONE).matches && recall(remembered);
      if (inline || settings.open || again) open(false);
    },
    open,
    close,
    toggle,
    setHidden: (hidden) => {
      host.hidden = hidden;
    },
    run: (command) => {
      if (command.name === "setTheme") unfollowTheme(command.theme);
      if (panel) panel.run(command);
      else waiting.push(command);
      if (command.name === "send") open(false);
    },
    destroy: () => {
      isDestroyed = true;
      document.removeEventListener("click", onPageClick);
      panel?.destroy();
      unfollowTheme();
      leave();
      remember(remembered, false);
    },
  };
}

function createHost(mode: "bubble" | "inline") {
  const host = document.createElement("parley-widget");
  const root = host.attachShadow({ mode: "closed" });
  const frame = document.createElement("div");
  frame.className = "root";
  frame.dataset.mode = mode;
  const container = document.createElement("div");
  container.className = "container";
  frame.append(container);
  root.append(frame);
  return { host, root, frame, container };
}

/** The import inherits the nonce of this script, so a strict policy needs no more than that. */
function importPanel(base: string): Promise<PanelModule> {
  return import(new URL(PANEL_PATH.replace(/^\//, ""), base).href);
}

/**
 * Marks `frame` with the theme that counts, following the system for "auto".
 *
 * @returns call it with a theme to change it, with nothing to stop following
 */
function followTheme(frame: HTMLElement, given: Theme): (theme?: Theme) => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  let theme = given;
  const apply = () => {
    frame.dataset.theme = theme === "auto" ? (system.matches ? "dark" : "light") : theme;
  };
  system.addEventListener("change", apply);
  apply();
  return (changed) => {
    if (!changed) return system.removeEventListener("change", apply);
    theme = changed;
    apply();
  };
}

function showTrouble(frame: HTMLElement, locale: string | null): void {
  const line = document.createElement("div");
  line.className = "trouble";
  line.setAttribute("role", "status");
  line.textContent = unreachableText(locale ?? navigator.language);
  frame.append(line);
  setTimeout(() => line.remove(), 6_000);
}

/** Storage may be blocked; then an open panel is simply not remembered. */
function remember(key: string, open: boolean): void {
  try {
    if (open) sessionStorage.setItem(key, "1");
    else sessionStorage.removeItem(key);
  } catch {
    // Blocked: the panel works, and starts closed on the next page.
  }
}

function recall(key: string): boolean {
  try {
    return sessionStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}
