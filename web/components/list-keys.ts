import { useEffect } from "preact/hooks";

/**
 * `/` to the search field, `j` and `k` from row to row, `x` to select; Enter opens because the row's
 * link has the focus. Rows are `tr[data-id]` with a link of class `row-link`.
 */
export function useListKeys(onToggle: ((id: string) => void) | null): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector("dialog[open]")) return;
      if (event.key === "/") document.querySelector<HTMLInputElement>("[data-search]")?.focus();
      else if (event.key === "j") focusRow(1);
      else if (event.key === "k") focusRow(-1);
      else if (event.key === "x" && onToggle) {
        const id = currentRow()?.dataset.id;
        if (id) onToggle(id);
      } else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [onToggle]);
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
  return document.activeElement?.closest<HTMLElement>("tr[data-id]") ?? null;
}

function isTyping(target: EventTarget | null): boolean {
  const element = target instanceof Element ? target : null;
  if (element?.matches("input[type=checkbox], input[type=radio]")) return false;
  return element?.matches("input, textarea, select, [contenteditable]") ?? false;
}
