import type { PageContext } from "../contract.ts";

const MAX_URL = 2000;
const MAX_TITLE = 300;

/**
 * What goes along of the page that the visitor is on, with what the page says about itself (`given`) before
 * what the browser says. The fragment stays out: single-page logins keep tokens there.
 */
export function describePage(given: PageContext | undefined): PageContext {
  const { origin, pathname, search } = location;
  const { url, title } = { url: origin + pathname + search, title: document.title, ...given };
  return { ...(url && { url: url.slice(0, MAX_URL) }), ...(title && { title: title.slice(0, MAX_TITLE) }) };
}
