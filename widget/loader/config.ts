import type { PublicWidgetConfig } from "../../src/protocol/chat-protocol.ts";
import type { WidgetSettings } from "../contract.ts";
import { ownPageMark } from "../own-page.ts";

const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 300_000;

/**
 * The tenant's public settings. Resolves when Parley answers, however late; until then the page is as if
 * there were no widget. Resolves to null when Parley refuses (unknown key, origin not allowed) or `signal` ends it.
 */
export async function loadConfig(
  settings: WidgetSettings,
  signal: AbortSignal,
): Promise<PublicWidgetConfig | null> {
  const address = `${settings.base}api/widget/config/${encodeURIComponent(settings.key)}`;
  for (let delayMs = FIRST_RETRY_MS; !signal.aborted; delayMs = Math.min(delayMs * 2, LAST_RETRY_MS)) {
    try {
      const answer = await fetch(address, {
        credentials: "omit",
        headers: ownPageMark(settings.base),
        signal,
      });
      if (answer.ok) return (await answer.json()) as PublicWidgetConfig;
      if (answer.status < 500 && answer.status !== 429) return null;
    } catch {
      // Not reachable: the page stays untouched, and we look again later.
    }
    await pause(delayMs, signal);
  }
  return null;
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
