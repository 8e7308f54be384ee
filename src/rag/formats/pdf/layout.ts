/** Pages of glyphs to pages of lines and tables in reading order. Pure. */
import { arrange, type Element } from "./columns.ts";
import { textOf } from "./direction.ts";
import { type Frame, framesOf } from "./frames.ts";
import { withLattices } from "./lattice.ts";
import { toLine } from "./lines.ts";
import type { PageContent, Ruling } from "./page-content.ts";
import { type Row, toRows } from "./rows.ts";
import { isPageNumber, runningLines } from "./running.ts";

export type LaidPage = { elements: Element[]; comments: readonly string[] };
/**
 * A page before it is known what runs through the document. `others` is text in other directions, `picture` how much
 * of the page a picture takes.
 */
export type RoughPage = {
  rows: Row[];
  rulings: Ruling[];
  height: number;
  others: Row[][];
  picture: number;
  comments: readonly string[];
};

export function roughPage(content: PageContent): Omit<RoughPage, "comments"> {
  const [main, ...others] = framesOf(content);
  const { rulings, height }: Pick<Frame, "rulings" | "height"> = main ?? {
    rulings: [],
    height: content.height,
  };
  return {
    rows: main ? toRows(main.glyphs) : [],
    ...{ rulings, height, picture: content.picture },
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
  return pages.map(({ rows, rulings, others, comments }, page) => {
    const kept = rows.filter((row, index) => {
      if (!running[page]?.has(index)) return true;
      const text = textOf(row.words);
      const key = text.replace(/\d+/g, "#");
      if (isPageNumber(text) || said.has(key)) return false;
      said.add(key);
      return true;
    });
    return {
      comments,
      elements: [
        ...arrange(withLattices(kept, rulings), rulings),
        ...others.flat().map(({ words }): Element => ({ kind: "line", line: toLine(words) })),
      ],
    };
  });
}
