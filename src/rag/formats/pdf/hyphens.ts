/** Line breaks undone. Whether a hyphen at one is the word's own is known only when the whole document is. */

/** Stands behind a hyphen that a line ended with until that is settled. */
const OPEN_BREAK = "\u2028";
const WORDS = /[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*/gu;
const BROKEN = new RegExp(`([\\p{L}\\p{M}]+)([-\\u2010])${OPEN_BREAK}([\\p{L}\\p{M}]+)`, "gu");

export function joined(before: string, after: string): string {
  if (before === "" || after === "") return before + after;
  if (before.endsWith("\u00ad")) return before.slice(0, -1) + after;
  if (/\p{L}[-\u2010]$/u.test(before) && /^\p{L}/u.test(after)) return before + OPEN_BREAK + after;
  // Chinese and Japanese put no space between lines.
  const isUnspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}。、]$/u.test(before);
  return isUnspaced && /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}「『（]/u.test(after)
    ? before + after
    : `${before} ${after}`;
}

/** The text without words whose break is not settled. */
export function withoutBroken(text: string): string {
  return text.replace(BROKEN, "");
}

export class Hyphens {
  readonly #words = new Set<string>();

  /** Learns how the document writes its words. */
  learn(text: string): void {
    for (const [word] of text.matchAll(WORDS)) this.#words.add(word.toLowerCase());
  }

  /** Settles the breaks: a word that the document writes without its hyphen, or in no other way, is one. */
  settle(text: string): string {
    if (!text.includes(OPEN_BREAK)) return text;
    return text
      .replace(BROKEN, (_, before: string, hyphen: string, after: string) =>
        this.#isOneWord(before, after) ? before + after : before + hyphen + after,
      )
      .replaceAll(OPEN_BREAK, "");
  }

  #isOneWord(before: string, after: string): boolean {
    const [first, second] = [before.toLowerCase(), after.toLowerCase()];
    if (this.#words.has(first + second)) return true;
    if (this.#words.has(`${first}-${second}`) || !/^\p{Ll}|^\p{Lo}/u.test(after)) return false;
    return !(this.#words.has(first) && this.#words.has(second));
  }
}
