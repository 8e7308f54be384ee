/** Pages of glyphs to pages of lines and tables in reading order. Pure. */
import { arrange, type Element } from "./columns.ts";
import { textOf } from "./direction.ts";
import { type Frame, framesOf } from "./frames.ts";
import { withLattices } from "./lattice.ts";
import { toLine } from "./lines.ts";
import type { PageContent, Ruling } from "./page-content.ts";
import { type Row, toRows } from "./rows.ts";
import { isPageNumber, runningLines } from "./running.ts";

export type LaidPage = { elements: Element[] };
/** A page before it is known what runs through the document. `others` is text in other directions. */
export type RoughPage = { rows: Row[]; rulings: Ruling[]; height: number; others: Row[][] };

export function roughPage(content: PageContent): RoughPage {
  const [main, ...others] = framesOf(content);
  const { rulings, height }: Pick<Frame, "rulings" | "height"> = main ?? {
    rulings: [],
    height: content.height,
  };
  return {
    rows: main ? toRows(main.glyphs) : [],
    ...{ rulings, height },
    others: others.map(({ glyphs }) => toRows(glyphs)),
  };
}

/** Running heads and feet stay where they are said first; page numbers go. */
export function layPages(pages: readonly RoughPage[]): LaidPage[] {
  const running = runningLines(
    pages.map(({ rows, height }) => ({
      lines: rows.map(({ words, y }) => ({ text: textOf(words), y })),
      height,
    })),
  );
  const said = new Set<string>();
  return pages.map(({ rows, rulings, others }, page) => {
    const kept = rows.filter((row, index) => {
      if (!running[page]?.has(index)) return true;
      const text = textOf(row.words);
      const key = text.replace(/\d+/g, "#");
      if (isPageNumber(text) || said.has(key)) return false;
      said.add(key);
      return true;
    });
    return {
      elements: [
        ...arrange(withLattices(kept, rulings), rulings),
        ...others.flat().map(({ words }): Element => ({ kind: "line", line: toLine(words) })),
      ],
    };
  });
}
