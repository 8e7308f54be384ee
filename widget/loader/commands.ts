import type { PageContext, PanelCommand, Theme } from "../contract.ts";
import type { Instance } from "./instance.ts";

/**
 * Carries out one call of `parley(name, …)`. Unknown names and arguments of the wrong type do nothing:
 * a page must not break because its snippet is older or newer than the server.
 */
export function carryOut(instance: Instance, name: string, first: unknown, second: unknown): void {
  if (name === "open") instance.open();
  else if (name === "close") instance.close();
  else if (name === "toggle") instance.toggle();
  else if (name === "show") instance.setHidden(false);
  else if (name === "hide") instance.setHidden(true);
  else if (name === "on") instance.events.on(String(first), second);
  else if (name === "off") instance.events.off(String(first), second);
  else {
    const command = panelCommand(name, first);
    if (command) instance.run(command);
  }
}

function panelCommand(name: string, value: unknown): PanelCommand | null {
  const text = typeof value === "string" ? value : null;
  switch (name) {
    case "send":
      return text?.trim() ? { name, text } : null;
    case "prefill":
      return { name, text: text ?? "" };
    case "newConversation":
    case "logout":
      return { name };
    case "identify":
      return text ? { name, identity: text } : null;
    case "setLocale":
      return text ? { name, locale: text } : null;
    case "setTheme":
      return isTheme(value) ? { name, theme: value } : null;
    case "setContext":
      return { name, page: pageContext(value) };
    default:
      return null;
  }
}

function isTheme(value: unknown): value is Theme {
  return value === "light" || value === "dark" || value === "auto";
}

/** Only the two fields that the protocol knows; null means that nothing of the page is shared. */
function pageContext(value: unknown): PageContext | null {
  if (typeof value !== "object" || value === null) return null;
  const { url, title } = value as Record<string, unknown>;
  return {
    ...(typeof url === "string" && { url }),
    ...(typeof title === "string" && { title }),
  };
}
