/** What of a page its reader does not see, and what only waits for a click. */
import { attribute, type Element, elementsIn, type Parent } from "./dom.ts";

const UNSEEN =
  /display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d]*[1-9])/i;
/** What names the part that it opens. */
const OPENERS = ["aria-controls", "data-target", "data-bs-target", "href"];

/** Ids of the parts that a button or a tab of the page opens. */
export function openableParts(page: Parent): ReadonlySet<string> {
  const ids = new Set<string>();
  const stack = elementsIn(page);
  for (let element = stack.pop(); element; element = stack.pop()) {
    for (const name of OPENERS) {
      const target = attribute(element, name);
      if (target && (name === "aria-controls" || /^#./.test(target))) ids.add(target.replace(/^#/, ""));
    }
    stack.push(...elementsIn(element));
  }
  return ids;
}

export function isHidden(element: Element, openable: ReadonlySet<string>): boolean {
  const isUnseen = attribute(element, "hidden") !== null || UNSEEN.test(attribute(element, "style") ?? "");
  return isUnseen && !isOpened(element, openable);
}

function isOpened(element: Element, openable: ReadonlySet<string>): boolean {
  const id = attribute(element, "id");
  return (
    (id !== null && openable.has(id)) ||
    attribute(element, "role") === "tabpanel" ||
    attribute(element, "hidden") === "until-found"
  );
}
