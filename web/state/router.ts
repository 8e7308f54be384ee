import { signal } from "@preact/signals";

/** Where the person is: `#/knowledge/src_1?status=failed` is path ["knowledge","src_1"]. */
export type Route = { path: string[]; query: URLSearchParams };

export const route = signal<Route>(parse(currentHash()));

/** Scroll position by address, so that a list is where it was left when one comes back. */
const positions = new Map<string, number>();
let leaving = currentHash();

export function startRouter(): void {
  history.scrollRestoration = "manual";
  addEventListener("hashchange", () => {
    positions.set(leaving, scrollY);
    leaving = currentHash();
    route.value = parse(leaving);
    document.querySelector<HTMLElement>("#page")?.focus({ preventScroll: true });
    requestAnimationFrame(() => scrollTo(0, positions.get(leaving) ?? 0));
  });
}

export function href(...path: string[]): string {
  return `#/${path.map(encodeURIComponent).join("/")}`;
}

export function navigate(...path: string[]): void {
  location.hash = href(...path);
}

function currentHash(): string {
  return typeof location === "undefined" ? "" : location.hash;
}

function parse(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?");
  return { path: path.split("/").filter(Boolean).map(decode), query: new URLSearchParams(search) };
}

/** An address typed by hand may hold a lone "%": then it is taken as it stands. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
