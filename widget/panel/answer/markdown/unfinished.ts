const UNFINISHED_TASK = /((?:^|\n)[ \t]*(?:[-*+]|\d+[.)]) +)\[[ x]?\]? *$/i;

/**
 * Text that is still arriving, made fit to show: emphasis that is open at the end is closed, and the
 * beginnings of a citation, link, image or task are held back until it is clear what they become. Only the
 * last block is looked at; what is before it is finished.
 */
export function tidyUnfinished(text: string): string {
  const fences = text.match(/^ {0,3}(?:```|~~~)/gm)?.length ?? 0;
  if (fences % 2 === 1) return text;
  const start = text.lastIndexOf("\n\n") + 1;
  const tail = text
    .slice(start)
    .replace(UNFINISHED_TASK, "$1")
    .replace(/!?\[[\d\s,]*$|\*+$|`$/, "");
  const code = tail.split("`").length % 2 === 0;
  const strong = tail.split("**").length % 2 === 0;
  return text.slice(0, start) + tail.trimEnd() + (code ? "`" : strong ? "**" : "");
}
