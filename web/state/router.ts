import { signal } from "@preact/signals";

/** Where the person is: `#/knowledge/src_1?status=failed` is path ["knowledge","src_1"]. */
export type Route = { path: string[]; query: URLSearchParams };

export const route = signal<Route>(parse(currentHash()));

/** How the page at an address was left, so that it is found like that when one comes back. */
type Left = { scrollY: number; row: string | null };
const left = new Map<string, Left>();
/** Page → its address with the filters that were last in it. */
const lastAddresses = new Map<string, string>();
let leaving = currentHash();

export function startRouter(): void {
  history.scrollRestoration = "manual";
  remember();
  addEventListener("hashchange", () => {
    left.set(leaving, { scrollY, row: focusedRow() });
    const isSamePage = pathOf(leaving) === pathOf(currentHash());
    leaving = currentHash();
    remember();
    route.value = parse(leaving);
    if (!isSamePage) requestAnimationFrame(() => scrollTo(0, left.get(leaving)?.scrollY ?? 0));
  });
}

export function href(...path: string[]): string {
  return `#/${path.map(encodeURIComponent).join("/")}`;
}

/** Of a list page: with the search and the filters it was left with. */
export function hrefAsLeft(page: string): string {
  return lastAddresses.get(page) ?? href(page);
}

export function navigate(...path: string[]): void {
  location.hash = href(...path);
}

/** Goes to an address that `href` or `hrefAsLeft` made. */
export function follow(address: string): void {
  location.hash = address;
}

/** Puts search and filters into the address of the page one is on; `push` lets Back undo the change. */
export function setQuery(query: URLSearchParams, how: "push" | "replace"): void {
  const said = query.toString();
  const address = pathOf(currentHash()) + (said && `?${said}`);
  if (address === currentHash()) return;
  if (how === "push") history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  leaving = address;
  remember();
  route.value = parse(address);
}

/** The same for what else stands in the address, such as which row is open beside the list: null takes it out. */
export function setInQuery(name: string, value: string | null, how: "push" | "replace"): void {
  const query = new URLSearchParams(route.peek().query);
  if (value === null) query.delete(name);
  else query.set(name, value);
  setQuery(query, how);
}

/** The row that had the focus when the page at this address was left. */
export function rowLeft(): string | null {
  return left.get(leaving)?.row ?? null;
}

function remember(): void {
  const [page, detail] = parse(leaving).path;
  if (page && detail === undefined) lastAddresses.set(page, leaving);
}

function focusedRow(): string | null {
  return document.activeElement?.closest<HTMLElement>("tr[data-id]")?.dataset.id ?? null;
}

function currentHash(): string {
  return typeof location === "undefined" ? "" : location.hash;
}

function pathOf(hash: string): string {
  return hash.split("?", 1)[0] || "#/";
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
