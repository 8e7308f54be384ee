import type { WidgetSettings } from "../contract.ts";

/** High enough for any intranet's own menus, and not the maximum, so that a page can still cover it. */
const DEFAULT_Z_INDEX = 2_147_480_000;
const DEFAULT_OFFSET = 24;

/** The tag this script was loaded by, also where a bundler or tag manager runs it outside of parsing. */
export function ownScript(): HTMLScriptElement | null {
  const current = document.currentScript;
  if (current instanceof HTMLScriptElement && current.dataset.apiKey) return current;
  return document.querySelector<HTMLScriptElement>('script[data-api-key][src*="widget.js"]');
}

/** Settings of a script tag; null without `data-api-key` or without a usable address. */
export function readSettings(script: HTMLScriptElement): WidgetSettings | null {
  const { dataset } = script;
  const key = dataset.apiKey?.trim();
  const base = baseOf(script.src);
  if (!key || !base) return null;
  return {
    id: dataset.id || key,
    key,
    base,
    mode: dataset.mode === "inline" ? "inline" : "bubble",
    target: dataset.target || null,
    position: oneOf(["bottom-right", "bottom-left"], dataset.position),
    locale: dataset.locale || null,
    theme: oneOf(["light", "dark", "auto"], dataset.theme),
    color: dataset.color || null,
    launcher: dataset.launcher || null,
    zIndex: wholeNumber(dataset.zIndex, DEFAULT_Z_INDEX),
    offsetX: wholeNumber(dataset.offsetX, DEFAULT_OFFSET),
    offsetY: wholeNumber(dataset.offsetY, DEFAULT_OFFSET),
    open: dataset.open !== undefined && dataset.open !== "false",
    identity: dataset.identity || null,
  };
}

/** `https://chat.corp/base/widget.js?v=1` → `https://chat.corp/base/` */
function baseOf(source: string): string | null {
  try {
    return new URL(".", source).href;
  } catch {
    return null;
  }
}

function oneOf<Value extends string>(values: readonly Value[], given: string | undefined): Value | null {
  return values.find((value) => value === given) ?? null;
}

function wholeNumber(given: string | undefined, otherwise: number): number {
  const number = Number.parseInt(given ?? "", 10);
  return Number.isFinite(number) ? number : otherwise;
}
