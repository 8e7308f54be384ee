import { html } from "htm/preact";
import { number } from "../format.ts";

/** One number a day as a line; the same numbers in words for those who cannot see it. */
export function Sparkline({ values, label }: { values: number[]; label: string }) {
  const highest = Math.max(1, ...values);
  const step = 120 / Math.max(1, values.length - 1);
  const points = values.map((value, at) => `${at * step},${26 - (value / highest) * 24}`).join(" ");
  return html`<svg
    class="spark"
    viewBox="0 0 120 28"
    preserveAspectRatio="none"
    role="img"
    aria-label=${`${label}: ${values.map(number).join(", ")}`}
  >
    <polyline
      points=${points}
      fill="none"
      stroke="var(--signal)"
      stroke-width="1.5"
      vector-effect="non-scaling-stroke"
    />
  </svg>`;
}
