/**
 * `widget.js`: a classic script that paints the launcher and answers `window.parley`. The conversation
 * itself is the panel, loaded when it is first opened.
 */
import type { WidgetSettings } from "../contract.ts";
import { carryOut } from "./commands.ts";
import { createInstance, type Instance } from "./instance.ts";
import { ownScript, readSettings } from "./settings.ts";

type Parley = {
  (name: string, ...values: unknown[]): void;
  /** Calls collected by the snippet's stub before this script had loaded. */
  q?: ArrayLike<unknown>[];
  /** Only on the real function: adds the widget of another script tag. */
  add?: (settings: WidgetSettings) => void;
};

declare global {
  interface Window {
    parley?: Parley;
  }
}

start();

function start(): void {
  const script = ownScript();
  const settings = script && readSettings(script);
  if (!settings) return;
  // Loaded a second time: the first one is in charge, and knows whether this widget is there already.
  const before = window.parley;
  if (typeof before === "function" && before.add) {
    before.add(settings);
    return;
  }

  const parley = createParley();
  window.parley = parley;
  parley.add?.(settings);
  // A form field of the page may be called `parley.q` too.
  const calls = Array.isArray(before?.q) ? before.q : [];
  for (const call of calls) parley(...(Array.from(call) as [string]));
}

function createParley(): Parley {
  const instances = new Map<string, Instance>();
  const parley: Parley = (name, first, second) => {
    // "support:open" speaks to the widget with data-id="support", "open" to the first.
    const [, id, command = ""] = /^(?:(.+):)?(\w+)$/.exec(String(name)) ?? [];
    const instance = id ? instances.get(id) : instances.values().next().value;
    if (!instance) return;
    if (command === "destroy") {
      instance.destroy();
      instances.delete(instance.id);
    } else carryOut(instance, command, first, second);
  };
  parley.add = (settings) => {
    if (!instances.has(settings.id)) instances.set(settings.id, createInstance(settings));
  };
  return parley;
}
