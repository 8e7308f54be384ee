import { html } from "htm/preact";
import { X } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { closeToast, holdToast, releaseToast, type Toast, toasts } from "../state/toasts.ts";
import { Button, IconButton } from "./button.ts";
import { CopyId } from "./copy.ts";

/** What just happened, at the foot of the page, with the way back. */
export function Toasts() {
  const element = useRef<HTMLDivElement>(null);
  const shown = toasts.value;
  useEffect(() => {
    // A popover is in the top layer: over dialogs and drawers, without a z-index.
    const layer = element.current;
    if (!layer?.showPopover) return;
    if (layer.matches(":popover-open")) layer.hidePopover();
    if (shown.length > 0) layer.showPopover();
  }, [shown]);
  return html`<div class="toasts" popover="manual" ref=${element} role="status" aria-live="polite">
    ${shown.map((toast) => html`<${ToastView} key=${toast.id} toast=${toast} />`)}
  </div>`;
}

export function ToastView({ toast }: { toast: Toast }) {
  const undo = () => {
    closeToast(toast.id);
    toast.action?.run();
  };
  return html`<div
    class="toast"
    onPointerEnter=${() => holdToast(toast.id)}
    onPointerLeave=${() => releaseToast(toast.id)}
    onFocusIn=${() => holdToast(toast.id)}
    onFocusOut=${() => releaseToast(toast.id)}
  >
    <span>${toast.text}</span>
    ${toast.requestId && html`<${CopyId} id=${toast.requestId} />`}
    ${toast.action && html`<${Button} small onClick=${undo}>${toast.action.label}<//>`}
    <${IconButton} icon=${X} label="Close" onClick=${() => closeToast(toast.id)} />
  </div>`;
}
