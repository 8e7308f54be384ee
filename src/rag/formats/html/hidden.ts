/** What of a page its reader does not see, and what only waits for a click. */
import { attribute, type Element, elementsIn, type Parent } from "./dom.ts";

const UNSEEN =
  /display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d]*[1-9])/i;
/** What names the part that it opens. */
const OPENERS = ["aria-controls", "data-target", "data-bs-target", "href"];

/** Parts that a click opens, by their ids: the button or tab that opens them, which is what they are called. */
export type Openable = ReadonlyMap<string, Element>;

export function openableParts(page: Parent): Openable {
  const parts = new Map<string, Element>();
  const stack = elementsIn(page);
  for (let element = stack.pop(); element; element = stack.pop()) {
    for (const id of opens(element)) parts.set(id, element);
    stack.push(...elementsIn(element));
  }
  return parts;
}

/** Ids of what the element opens. A link within the page opens something only if it is made to. */
export function opens(element: Element): string[] {
  const isMade = element.tagName === "button" || isTab(element) || toggles(element);
  return OPENERS.flatMap((name) => {
    const target = attribute(element, name);
    if (!target || (name === "href" && !isMade)) return [];
    return name === "aria-controls" ? target.split(/\s+/) : /^#./.test(target) ? [target.slice(1)] : [];
  });
}

function isTab(element: Element): boolean {
  return attribute(element, "role") === "tab";
}

function toggles(element: Element): boolean {
  return attribute(element, "data-toggle") !== null || attribute(element, "data-bs-toggle") !== null;
}

export function isHidden(element: Element, openable: Openable): boolean {
  const isUnseen = attribute(element, "hidden") !== null || UNSEEN.test(attribute(element, "style") ?? "");
  return isUnseen && !isOpened(element, openable);
}

function isOpened(element: Element, openable: Openable): boolean {
  const id = attribute(element, "id");
  return (
    (id !== null && openable.has(id)) ||
    attribute(element, "role") === "tabpanel" ||
    attribute(element, "hidden") === "until-found" ||
    followsButton(element)
  );
}

/** The button before a part that is not there yet opens it. */
function followsButton(element: Element): boolean {
  const siblings = element.parentNode ? elementsIn(element.parentNode) : [];
  return siblings[siblings.indexOf(element) - 1]?.tagName === "button";
}
