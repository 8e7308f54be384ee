import type { WidgetEvent } from "../contract.ts";

export type Listener = (detail: Record<string, unknown>) => void;

export type Events = {
  on: (event: string, listener: unknown) => void;
  off: (event: string, listener: unknown) => void;
  emit: (event: WidgetEvent, detail?: Record<string, unknown>) => void;
};

/** The widget's events, for `parley("on", …)` and as `parley:*` on the window. */
export function createEvents(id: string): Events {
  const listeners = new Map<string, Set<Listener>>();
  const happened = new Set<string>();
  return {
    on: (event, listener) => {
      if (typeof listener !== "function") return;
      const known = listeners.get(event) ?? new Set();
      listeners.set(event, known.add(listener as Listener));
      // "ready" happens once; a page that asks afterwards would otherwise wait for ever.
      if (event === "ready" && happened.has(event)) call(listener as Listener, { id });
    },
    off: (event, listener) => {
      if (listener === undefined) listeners.delete(event);
      else listeners.get(event)?.delete(listener as Listener);
    },
    emit: (event, detail = {}) => {
      happened.add(event);
      const payload = { id, ...detail };
      for (const listener of listeners.get(event) ?? []) call(listener, payload);
      dispatchEvent(new CustomEvent(`parley:${event}`, { detail: payload }));
    },
  };
}

/** A page's listener that throws is the page's error: it is reported there and stops nothing here. */
function call(listener: Listener, payload: Record<string, unknown>): void {
  try {
    listener(payload);
  } catch (thrown) {
    reportError(thrown);
  }
}
