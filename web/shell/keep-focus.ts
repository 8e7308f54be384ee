/** Where the focus was, and what stood around it, from near to far. */
type Held = { element: HTMLElement; place: number; around: Element[] };

const FOCUSABLE = "a[href], button:not(:disabled), input:not(:disabled), select, textarea, summary";
/** To put the focus into these opens the keyboard of a phone, which nobody asked for. */
const TYPED_INTO = "textarea, input:not([type=checkbox], [type=radio])";

let held: Held | null = null;

/**
 * When what has the focus is taken from the page (a deleted row, a button that did its work), the focus goes
 * to what stands next, instead of to the top of the document.
 */
export function startFocusKeeper(): void {
  document.addEventListener("focusin", ({ target }) => {
    held = target instanceof HTMLElement ? hold(target) : null;
  });
  document.addEventListener("focusout", ({ relatedTarget }) => {
    const leaving = held;
    if (relatedTarget) return;
    // What is being removed is still in the page at this moment; what was only left, is also afterwards.
    queueMicrotask(() => {
      if (held === leaving && leaving?.element.isConnected) held = null;
    });
  });
  new MutationObserver(() => {
    const lost = held;
    if (!lost || lost.element.isConnected) return;
    held = null;
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body)
      successorOf(lost)?.focus({ preventScroll: true });
  }).observe(document.documentElement, { childList: true, subtree: true });
}

function hold(element: HTMLElement): Held {
  const row = rowOf(element);
  const around = [row?.nextElementSibling, row?.previousElementSibling].filter(
    (each) => each instanceof Element,
  );
  for (let each = element.parentElement; each; each = each.parentElement) around.push(each);
  return { element, place: row ? focusablesIn(row).indexOf(element) : 0, around };
}

function rowOf(element: Element): Element | null {
  return element.closest("tbody tr, li");
}

/** The same control of the next row, else of the one before; else the nearest that is left around it. */
function successorOf({ place, around }: Held): HTMLElement | null {
  for (const each of around) {
    if (!each.isConnected || each === document.body || each === document.documentElement) continue;
    if (each.id === "page") return each as HTMLElement;
    const all = focusablesIn(each).filter((one) => !one.matches(TYPED_INTO));
    const found = (rowOf(each) === each && all[place]) || all[0];
    if (found) return found;
  }
  return document.querySelector<HTMLElement>("#page");
}

function focusablesIn(element: Element): HTMLElement[] {
  return [...element.querySelectorAll<HTMLElement>(FOCUSABLE)];
}
