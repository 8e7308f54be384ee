/** One line of running text, and what the layout asks of it. */
import { textOf } from "./direction.ts";
import { middleOf } from "./measures.ts";
import type { Row, Word } from "./rows.ts";

/** `firstWidth` is how wide its first word is. */
export type Line = {
  text: string;
  x: number;
  right: number;
  y: number;
  size: number;
  isBold: boolean;
  firstWidth: number;
};

export function toLine(words: readonly Word[]): Line {
  const sizes = new Map<number, number>();
  for (const { size, glyphs } of words) sizes.set(size, (sizes.get(size) ?? 0) + glyphs.length);
  const [first] = words;
  const [usual] = [...sizes].sort(([, left], [, right]) => right - left);
  return {
    text: withoutLeaders(textOf(words)),
    x: Math.min(...words.map(({ x }) => x)),
    right: Math.max(...words.map(({ right }) => right)),
    y: first?.y ?? 0,
    size: usual?.[0] ?? 10,
    isBold: words.every(({ isBold }) => isBold),
    firstWidth: first ? first.right - first.x : 0,
  };
}

/** Words between two places, row by row; rows without any are left out. */
export function rowsBetween(rows: readonly Row[], from: number, to: number): Row[] {
  return rows.flatMap((row) => {
    const words = row.words.filter((word) => middleOf(word) >= from && middleOf(word) < to);
    const size = Math.max(...words.map((word) => word.size));
    return words.length > 0 ? [{ ...row, size, words }] : [];
  });
}

/** The dots between a title and its page. */
function withoutLeaders(text: string): string {
  return text.replace(/\s*(?:[.·…_]\s?){5,}\s*/g, " … ").trim();
}
