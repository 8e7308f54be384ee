/**
 * What a text that enters may hold. SQLite, JSON and every page must give back what was stored, so no half
 * characters; and nothing that a reader cannot see may change how a text reads.
 */

/** Not the tabulator and line breaks, which texts of several lines have. */
const CONTROL = /(?![\t\n\r])\p{Cc}/u;
const CONTROLS = /(?![\t\n\r])\p{Cc}/gu;
/** Reverses what follows, or joins and parts words unseen. What emoji, Persian and Hindi are joined with stays. */
const UNSEEN = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/gu;

/** Why a text cannot be kept as it is, in a sentence; null when it can. */
export function textProblem(text: string): string | null {
  if (!text.isWellFormed()) return "It ends or begins with half of a character. Enter that character again.";
  if (CONTROL.test(text))
    return "It holds a control character that nobody sees. Type the text instead of pasting it.";
  return null;
}

/** A name or title as it is kept: one line, one spelling of each letter, nothing unseen. */
export function asLine(text: string): string {
  return text
    .normalize("NFC")
    .replace(UNSEEN, "")
    .replace(/[\t\n\r\u2028\u2029]+/g, " ")
    .trim();
}

/** For texts that nobody can be asked to correct: half characters and control characters are replaced. */
export function mended(text: string): string {
  return text.toWellFormed().replace(CONTROLS, " ");
}

/** At most so many UTF-16 units of `text`, and no half character at the end. */
export function cut(text: string, most: number): string {
  const end = text.length > most && /[\ud800-\udbff]/.test(text.charAt(most - 1)) ? most - 1 : most;
  return text.slice(0, end);
}
