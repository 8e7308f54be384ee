import { html } from "htm/preact";
import { Check, type IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icon.ts";

export type MenuEntry =
  | { label: string; icon?: IconNode; checked?: boolean; href?: string; run?: () => void }
  | { title: string }
  | "line";

type MenuProps = {
  label: string;
  className: string;
  entries: MenuEntry[];
  placement?: string;
  children?: ComponentChildren;
};

/** A button that opens a list of things to do. Arrow keys move, Escape closes and gives the focus back. */
export function Menu({ label, className, entries, placement = "", children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLDivElement>(null);
  const close = () => {
    setOpen(false);
    anchor.current?.querySelector<HTMLElement>("button")?.focus();
  };
  useEffect(() => {
    if (!open) return;
    anchor.current?.querySelector<HTMLElement>(".menu button, .menu a")?.focus();
    const outside = (event: Event) => {
      if (!anchor.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);

  return html`<div class="anchor" ref=${anchor}>
    <button
      class=${className}
      type="button"
      aria-haspopup="menu"
      aria-expanded=${open}
      aria-label=${label}
      onClick=${() => setOpen(!open)}
    >
      ${children}
    </button>
    ${
      open &&
      html`<div
      class=${`menu ${placement}`}
      role="menu"
      aria-label=${label}
      onKeyDown=${(event: KeyboardEvent) => moveFocus(event, close)}
    >
      ${entries.map((entry) => html`<${Entry} entry=${entry} close=${close} />`)}
    </div>`
    }
  </div>`;
}

function Entry({ entry, close }: { entry: MenuEntry; close: () => void }) {
  if (entry === "line") return html`<hr />`;
  if ("title" in entry) return html`<div class="menu-title">${entry.title}</div>`;
  const content = html`${entry.icon && html`<${Icon} of=${entry.icon} />`}
    <span class="clip">${entry.label}</span>
    ${entry.checked && html`<span class="check"><${Icon} of=${Check} label="chosen" /></span>`}`;
  if (entry.href !== undefined) {
    return html`<a role="menuitem" href=${entry.href} onClick=${close}>${content}</a>`;
  }
  const choose = () => {
    close();
    entry.run?.();
  };
  return html`<button role="menuitem" type="button" onClick=${choose}>${content}</button>`;
}

function moveFocus(event: KeyboardEvent, close: () => void): void {
  if (event.key === "Escape" || event.key === "Tab") {
    if (event.key === "Escape") event.preventDefault();
    close();
    return;
  }
  const entries = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("button, a")];
  const at = entries.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  entries[(to + entries.length) % entries.length]?.focus();
}
