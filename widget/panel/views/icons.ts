import { html } from "htm/preact";

/** Outlines of the Lucide set (ISC licence), drawn at 1.5 px. */
const SHAPES = {
  close: "M18 6 6 18M6 6l12 12",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  send: "m5 12 7-7 7 7M12 19V5",
  down: "M12 5v14M19 12l-7 7-7-7",
  plus: "M5 12h14M12 5v14",
  moon: "M12 3a6 6 0 0 0 9 9 9 9 0 1 1-9-9Z",
  sun: "M8 12a4 4 0 1 0 8 0 4 4 0 1 0-8 0M12 2v2M12 20v2M4.900 4.900l1.400 1.400M17.700 17.700l1.400 1.400M2 12h2M20 12h2M6.300 17.700l-1.400 1.400M19.100 4.900l-1.400 1.400",
  up: "M7 10v12M15 5.900 14 10h5.800a2 2 0 0 1 1.900 2.600l-2.300 8a2 2 0 0 1-1.900 1.400H4a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2h2.800a2 2 0 0 0 1.800-1.100L12 2a3.100 3.100 0 0 1 3 3.900Z",
  thumbDown:
    "M17 14V2M9 18.100 10 14H4.200a2 2 0 0 1-1.900-2.600l2.300-8A2 2 0 0 1 6.500 2H20a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-2.800a2 2 0 0 0-1.800 1.100L12 22a3.100 3.100 0 0 1-3-3.900Z",
  copy: "M10 8h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H10a2 2 0 0 1-2-2V10a2 2 0 0 1 2-2ZM4 16a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2",
  check: "M20 6 9 17l-5-5",
  retry: "M3 12a9 9 0 1 0 9-9 9.800 9.800 0 0 0-6.700 2.700L3 8M3 3v5h5",
  book: "M12 7v14M3 18a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1h5a4 4 0 0 1 4 4 4 4 0 0 1 4-4h5a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1h-6a3 3 0 0 0-3 3 3 3 0 0 0-3-3z",
  eye: "M2.100 12.300a1 1 0 0 1 0-.7 10.800 10.800 0 0 1 19.900 0 1 1 0 0 1 0 .7 10.800 10.800 0 0 1-19.900 0M9 12a3 3 0 1 0 6 0 3 3 0 1 0-6 0",
  tool: "M14.700 6.300a1 1 0 0 0 0 1.400l1.600 1.600a1 1 0 0 0 1.400 0l3.800-3.800a6 6 0 0 1-7.900 7.900l-6.900 6.900a2.100 2.100 0 0 1-3-3l6.900-6.900a6 6 0 0 1 7.900-7.900z",
};

export type IconName = keyof typeof SHAPES;

export function Icon({ name, flip = false }: { name: IconName; flip?: boolean }) {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true" class=${flip ? "flip" : ""} stroke-width=${name === "more" ? 2.5 : 1.75}><path d=${SHAPES[name]} /></svg>`;
}

export function StopIcon() {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true"><rect x="7" y="7" width="10" height="10" rx="2" fill="currentColor" /></svg>`;
}

/** Two quotation marks that are also two people; they lean in while an answer is written. */
export function Mark({ outlines: [left, right] }: { outlines: readonly string[] }) {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true"><path class="l" d=${left} /><path class="r" d=${right} /></svg>`;
}
