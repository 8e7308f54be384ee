import { signal } from "@preact/signals";

/** Now, to the half minute: relative times on the page follow it. Unix ms. */
export const now = signal(Date.now());

const HALF_MINUTE = 30_000;

export function startClock(): void {
  setInterval(() => {
    now.value = Date.now();
  }, HALF_MINUTE);
}
