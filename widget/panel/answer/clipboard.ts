/**
 * Copies `text`. On plain HTTP there is no clipboard API; there a selected field and the old command do it.
 *
 * @param beside where the field is put for a moment; it gets the focus back
 * @returns whether it was copied
 */
export async function copyText(text: string, beside: HTMLElement): Promise<boolean> {
  if (navigator.clipboard) {
    const written = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    if (written) return true;
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "sr";
  beside.after(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  beside.focus();
  return copied;
}
