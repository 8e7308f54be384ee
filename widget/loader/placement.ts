/**
 * Keeps `host` on the page. Turbo and single-page applications swap the body or empty it; the host hangs
 * on the document element, where most of them leave it alone, and comes back where they do not.
 *
 * @returns a function that takes the host away for good
 */
export function keepOnPage(host: HTMLElement): () => void {
  const place = () => {
    if (!host.isConnected) document.documentElement.append(host);
    observer.observe(document.documentElement, { childList: true });
  };
  const observer = new MutationObserver(place);
  const start = () => {
    place();
    observer.observe(document, { childList: true });
  };
  // Before there is a body, an element appended to the document would end up in front of it.
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start, { once: true });
  return () => {
    observer.disconnect();
    removeEventListener("DOMContentLoaded", start);
    host.remove();
  };
}

/** Like `keepOnPage` for a widget inside the page's own element, which may come late or be drawn again. */
export function keepInside(host: HTMLElement, selector: string): () => void {
  const place = () => {
    const target = document.querySelector(selector);
    if (target && host.parentElement !== target) target.append(host);
  };
  const observer = new MutationObserver(place);
  place();
  observer.observe(document, { childList: true, subtree: true });
  return () => {
    observer.disconnect();
    host.remove();
  };
}
