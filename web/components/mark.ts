import { html } from "htm/preact";

const QUOTES = [
  "M4 7.5A3.5 3.5 0 0 1 7.5 4H9a2 2 0 0 1 2 2v3.5C11 13 9.2 15.3 6 16.6l-.9-1.5c1.9-.9 2.9-2 3.1-3.6H6a2 2 0 0 1-2-2z",
  "M20 16.5A3.5 3.5 0 0 1 16.5 20H15a2 2 0 0 1-2-2v-3.5c0-3.5 1.8-5.8 5-7.1l.9 1.5c-1.9.9-2.9 2-3.1 3.6H18a2 2 0 0 1 2 2z",
];

/** Parley's mark: a pair of quotation marks that are two people facing each other. */
export function Mark({ size = 18 }: { size?: number }) {
  return html`<svg width=${size} height=${size} viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
    ${QUOTES.map((d) => html`<path key=${d} d=${d} />`)}
  </svg>`;
}

/**
 * The mark as the tab's icon. Made here as a blob, because the page's policy lets no `data:` image in
 * and the mark should be drawn in one place only.
 */
export function startFavicon(): void {
  const paths = QUOTES.map((d) => `<path d="${d}"/>`).join("");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-5 -5 34 34"><rect x="-5" y="-5" width="34" height="34" rx="9" fill="#00665a"/><g fill="#fff">${paths}</g></svg>`;
  const link = document.createElement("link");
  link.rel = "icon";
  link.href = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  document.head.append(link);
}
