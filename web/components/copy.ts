import { html } from "htm/preact";
import { Check, Copy } from "lucide";
import { useRef, useState } from "preact/hooks";
import { Button } from "./button.ts";
import { Icon } from "./icon.ts";

const COPIED_MS = 2000;

/**
 * Copies text. On plain HTTP there is no clipboard API: then a hidden field and the old command do it.
 * Answers whether it worked.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyThroughField(text);
  }
}

function copyThroughField(text: string): boolean {
  const field = document.createElement("textarea");
  const focused = document.activeElement as HTMLElement | null;
  field.value = text;
  field.readOnly = true;
  field.className = "visually-hidden";
  // Inside an open dialog, only what is in the dialog can be focused.
  (focused?.closest("dialog") ?? document.body).append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  return copied;
}

function useCopied(): [boolean, (text: string) => Promise<boolean>] {
  const [copied, setCopied] = useState(false);
  const copy = async (text: string) => {
    const worked = await copyText(text);
    if (worked) {
      setCopied(true);
      setTimeout(() => setCopied(false), COPIED_MS);
    }
    return worked;
  };
  return [copied, copy];
}

/** A text to take away, with a button. Where copying is forbidden the text is selected instead. */
export function CopyBlock({ text, label, rows = 3 }: { text: string; label: string; rows?: number }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [copied, copy] = useCopied();
  const press = async () => {
    if (!(await copy(text))) field.current?.select();
  };
  return html`<div class="field">
    <textarea class="code" ref=${field} readonly rows=${rows} aria-label=${label} value=${text} spellcheck=${false}></textarea>
    <div class="row">
      <${Button} icon=${copied ? Check : Copy} onClick=${press}>${copied ? "Copied" : "Copy"}<//>
    </div>
  </div>`;
}

/** A request id, small, to copy with one click. */
export function CopyId({ id }: { id: string }) {
  const [copied, copy] = useCopied();
  return html`<button class="row hint" type="button" title="Copy the request id" onClick=${() => void copy(id)}>
    <${Icon} of=${copied ? Check : Copy} />
    <span>${copied ? "Copied" : "Request"} <span class="mono">${id}</span></span>
  </button>`;
}
