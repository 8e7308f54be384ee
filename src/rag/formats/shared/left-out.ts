/**
 * What a reader leaves out on purpose. Readers put a mark where it stood, which is a character that no text has, and the
 * writer counts the marks when it writes the block around them.
 */

export const STRUCK_OUT = "\ufdd0";
export const HIDDEN_TEXT = "\ufdd1";

const NAMES: Record<string, string> = {
  [STRUCK_OUT]: "Struck-out text",
  [HIDDEN_TEXT]: "Text that the document hides from its readers",
};
const MARK = /[\ufdd0\ufdd1]/g;
/** A list of places is for looking them up, not for reading. */
const MOST_PLACES = 5;

/** The text without marks, and the name of what each one stood for. */
export function takeMarks(text: string): { text: string; names: string[] } {
  const names = (text.match(MARK) ?? []).map((mark) => NAMES[mark] ?? "");
  return names.length === 0 ? { text, names } : { text: text.replace(/ ?[\ufdd0\ufdd1]/g, ""), names };
}

/** Counts what was left out, and says how much and where. */
export class LeftOut {
  readonly #places = new Map<string, string[]>();

  add(name: string, place: string): void {
    this.#places.set(name, [...(this.#places.get(name) ?? []), place]);
  }

  sentences(): string[] {
    return [...this.#places].map(([name, all]) => {
      const places = [...new Set(all)];
      const shown = places.slice(0, MOST_PLACES).join(", ");
      const more = places.length > MOST_PLACES ? ` and ${places.length - MOST_PLACES} more` : "";
      return `${name} was left out, ${all.length === 1 ? "once" : `${all.length} times`}: ${shown}${more}.`;
    });
  }
}

/** Where something stands, as an admin finds it. */
export function placeOf(headings: readonly string[], page: number | null): string {
  if (page !== null) return `on page ${page}`;
  const heading = headings.at(-1);
  return heading === undefined ? "before the first heading" : `under “${heading}”`;
}
