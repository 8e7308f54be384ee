const LETTERS = /\p{L}/gu;
const FROM_THE_RIGHT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/gu;

/**
 * How a passage runs, by what most of its letters are: the first one, which `dir="auto"` goes by, is often
 * the name of a product. Null, and so the direction around it, for a text without letters.
 */
export function directionOf(text: string): "ltr" | "rtl" | null {
  const letters = text.match(LETTERS)?.length ?? 0;
  if (letters === 0) return null;
  const fromTheRight = text.match(FROM_THE_RIGHT)?.length ?? 0;
  return fromTheRight * 2 > letters ? "rtl" : "ltr";
}
