import { html } from "htm/preact";
import { number } from "../../format.ts";

type Bar = { label: string; value: number; marked: boolean };

const HEIGHT = 120;
const WIDTH = 24;

/** One bar for each value, one of which at least is above 0, with its own words; the table below it has the numbers. */
export function Bars({ label, bars }: { label: string; bars: Bar[] }) {
  const highest = Math.max(...bars.map(({ value }) => value));
  return html`<figure class="usage-bars">
    <svg viewBox=${`0 0 ${bars.length * WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${`${label}, at most ${number(highest)}`}>
      ${bars.map(({ label: name, value, marked }, at) => {
        const height = (value / highest) * (HEIGHT - 4);
        return html`<rect
          x=${at * WIDTH + 3}
          y=${HEIGHT - height}
          width=${WIDTH - 6}
          height=${height}
          fill="var(--signal)"
          opacity=${marked ? 0.6 : 1}
        ><title>${`${name}: ${number(value)} tokens${marked ? ", some estimated" : ""}`}</title></rect>`;
      })}
    </svg>
    <figcaption class="hint row"><span>${bars[0]?.label}</span><span class="push">${number(highest)} tokens at most</span><span>${bars.at(-1)?.label}</span></figcaption>
  </figure>`;
}
