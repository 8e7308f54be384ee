import { useLayoutEffect, useRef } from "preact/hooks";

/** Keys of a list beside its own, each with what it does to the row that one is on. */
type RowKeys = Record<string, (id: string) => void>;

/**
 * `/` to the search field, `j` and `k` from row to row, `x` to select; Enter opens because the row's
 * link has the focus. Rows are `tr[data-id]` with a link of class `row-link`; the one that is open has `aria-current`.
 */
export function useListKeys(onToggle: ((id: string) => void) | null, more: RowKeys = {}): void {
  const keys = useRef<RowKeys>(more);
  keys.current = { ...(onToggle && { x: onToggle }), ...more };
  useKeys((key) => {
    if (key === "/") document.querySelector<HTMLInputElement>("[data-search]")?.focus();
    else if (key === "j") focusRow(1);
    else if (key === "k") focusRow(-1);
    else {
      const act = keys.current[key];
      const id = currentRow()?.dataset.id;
      if (!act) return false;
      if (id) act(id);
    }
    return true;
  });
}

/** Calls `onKey` for keys that nobody types with, while nothing stands over the page. Whether the key was meant. */
export function useKeys(onKey: (key: string) => boolean): void {
  const handler = useRef(onKey);
  handler.current = onKey;
  // With the first paint: whoever sees a row may press a key, and an effect behind it can come a while later.
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector("dialog[open]")) return;
      if (handler.current(event.key)) event.preventDefault();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}

function focusRow(step: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>("tr[data-id]")];
  const current = currentRow();
  const at = current ? rows.indexOf(current) + step : 0;
  const row = rows[Math.min(rows.length - 1, Math.max(0, at))];
  row?.querySelector<HTMLElement>("a.row-link")?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

function currentRow(): HTMLElement | null {
  return (
    document.activeElement?.closest<HTMLElement>("tr[data-id]") ??
    document.querySelector<HTMLElement>("tr[data-id][aria-current]")
  );
}

function isTyping(target: EventTarget | null): boolean {
  const element = target instanceof Element ? target : null;
  if (element?.matches("input[type=checkbox], input[type=radio]")) return false;
  return element?.matches("input, textarea, select, [contenteditable]") ?? false;
}
