import type { PageContext } from "../contract.ts";

const MAX_URL = 2000;
const MAX_TITLE = 300;

export type PageSharing = {
  /** What is sent along; undefined when the visitor or the page said no. */
  current: () => PageContext | undefined;
  set: (page: PageContext | null) => void;
};

/** The page that the visitor is on. The fragment stays out: single-page logins keep tokens there. */
export function createPageSharing(): PageSharing {
  let given: PageContext | null | undefined;
  return {
    current: () => {
      if (given === null) return undefined;
      const { url, title } = { ...ownPage(), ...given };
      return {
        ...(url && { url: url.slice(0, MAX_URL) }),
        ...(title && { title: title.slice(0, MAX_TITLE) }),
      };
    },
    set: (page) => {
      given = page;
    },
  };
}

function ownPage(): PageContext {
  const { origin, pathname, search } = location;
  return { url: origin + pathname + search, title: document.title };
}
