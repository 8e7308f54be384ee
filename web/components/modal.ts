import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

type ModalProps = { className: string; label: string; onClose: () => void; children?: ComponentChildren };

/** The browser's own modal dialog: it keeps the focus inside and gives it back, and closes on Escape. */
export function Modal({ className, label, onClose, children }: ModalProps) {
  const element = useRef<HTMLDialogElement>(null);
  // Before the next paint, so that what is typed right after the key that opened it already lands in it.
  useLayoutEffect(() => {
    const shown = element.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return html`<dialog
    class=${className}
    ref=${element}
    aria-label=${label}
    onCancel=${(event: Event) => {
      event.preventDefault();
      onClose();
    }}
    onPointerDown=${(event: PointerEvent) => {
      // The backdrop belongs to the dialog element; its content sits in children.
      if (event.target === element.current && isOutside(event)) onClose();
    }}
  >
    ${children}
  </dialog>`;
}

function isOutside(event: PointerEvent): boolean {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  const { clientX: x, clientY: y } = event;
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}
