/** Line breaks that an editor made are undone, those of the author stay: addresses and opening hours are written so. */

/** A line at least this long was broken by an editor and not by its author. */
const WRAPPED_LINE = 60;
/** A narrower column is none of running text. */
const NARROWEST_COLUMN = 36;

/** The lines of a paragraph, one again where only an editor broke them. */
export function joinWrapped(lines: readonly string[]): string {
  const trimmed = lines.map((line) => line.trim()).filter((line) => line !== "");
  const isColumn = fillsColumn(trimmed);
  return trimmed.reduce((text, line, place) => {
    if (place === 0) return line;
    const isWrapped = isColumn || goesOn(trimmed[place - 1] ?? "", line);
    return isWrapped ? text + blankBetween(text, line) + line : `${text}\n${line}`;
  }, "");
}

/** Whether a line break is none of the author's: the line before is long, or this one goes on in the middle of a sentence. */
export function goesOn(before: string, line: string): boolean {
  if (before.length >= WRAPPED_LINE) return true;
  return /^\p{Ll}/u.test(line) && /[\p{L}\p{N},]$/u.test(before) && before.length >= NARROWEST_COLUMN / 2;
}

/** No line has room for the first word of the next: all are filled to one width. */
function fillsColumn(lines: readonly string[]): boolean {
  const width = Math.max(0, ...lines.map(({ length }) => length));
  if (lines.length < 3 || width < NARROWEST_COLUMN) return false;
  return lines.slice(1).every((line, place) => {
    const [word = ""] = line.split(" ", 1);
    return (lines[place]?.length ?? 0) + 1 + word.length > width;
  });
}

/** Chinese and Japanese put no space between lines. */
function blankBetween(text: string, line: string): string {
  const isUnspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}。、]$/u.test(text);
  return isUnspaced && /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(line) ? "" : " ";
}
