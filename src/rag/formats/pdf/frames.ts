/** Which way text runs: each direction is laid out in a frame of its own, in which it runs from left to right. */
import type { Glyph, PageContent, Ruling } from "./page-content.ts";

/** A glyph in its frame: `x` to `right` along the line, `y` its baseline, growing from line to line. */
export type FramedGlyph = {
  text: string;
  x: number;
  right: number;
  y: number;
  size: number;
  isBold: boolean;
};
export type Frame = { glyphs: FramedGlyph[]; rulings: Ruling[]; width: number; height: number };

type Turn = 0 | 1 | 2 | 3;
type Point = (x: number, y: number) => [number, number];

/** The frames of a page, the one of most characters first. Text at a slant runs as if it were level. */
export function framesOf({ glyphs, rulings, width, height }: PageContent): Frame[] {
  const byTurn = new Map<Turn, Glyph[]>();
  for (const glyph of glyphs) {
    const turn = turnOf(glyph);
    const same = byTurn.get(turn);
    if (same) same.push(glyph);
    else byTurn.set(turn, [glyph]);
  }
  const turns = [...byTurn].sort(([, left], [, right]) => right.length - left.length);
  return turns.map(([turn, turned], index) => {
    const point = pointOf(turn, width, height);
    const isUpright = turn % 2 === 0;
    return {
      glyphs: turn === 0 ? turned : turned.map((glyph) => framed(glyph, point)),
      // Lines part what the page is mostly about.
      rulings: index === 0 ? rulings.map((ruling) => framedRuling(ruling, point)) : [],
      width: isUpright ? width : height,
      height: isUpright ? height : width,
    };
  });
}

/** Quarter turns clockwise. */
function turnOf({ x, y, right, endY }: Glyph): Turn {
  const [along, down] = [right - x, endY - y];
  if (Math.abs(along) >= Math.abs(down)) return along >= 0 ? 0 : 2;
  return down > 0 ? 1 : 3;
}

function pointOf(turn: Turn, width: number, height: number): Point {
  if (turn === 0) return (x, y) => [x, y];
  if (turn === 1) return (x, y) => [y, width - x];
  if (turn === 2) return (x, y) => [width - x, height - y];
  return (x, y) => [height - y, x];
}

function framed({ text, x, y, right, endY, size, isBold }: Glyph, point: Point): FramedGlyph {
  const [start, baseline] = point(x, y);
  const [end] = point(right, endY);
  return { text, x: start, right: end, y: baseline, size, isBold };
}

function framedRuling({ x1, y1, x2, y2 }: Ruling, point: Point): Ruling {
  const [ax, ay] = point(x1, y1);
  const [bx, by] = point(x2, y2);
  return { x1: Math.min(ax, bx), y1: Math.min(ay, by), x2: Math.max(ax, bx), y2: Math.max(ay, by) };
}
