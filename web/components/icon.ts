import { html } from "htm/preact";
import type { IconNode } from "lucide";
import { h } from "preact";

/** One icon of the set, 1.5 px strokes at any size. Without `label` it is decoration beside a text. */
export function Icon({ of, size = 16, label }: { of: IconNode; size?: number; label?: string }) {
  return html`<svg
    width=${size}
    height=${size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width=${(1.5 * 24) / size}
    stroke-linecap="round"
    stroke-linejoin="round"
    role=${label ? "img" : undefined}
    aria-label=${label}
    aria-hidden=${label ? undefined : "true"}
  >
    ${of.map(([tag, attributes]) => h(tag, attributes))}
  </svg>`;
}
