/** Upright strips of nothing that pass through several rows: what parts columns, of prose and of tables. */
import { median } from "./measures.ts";
import type { Row, Word } from "./rows.ts";

/** Rows `from` to `to`, both in it. Nothing stands between `left` and `right` in any of them. */
export type Gutter = { from: number; to: number; left: number; right: number };

type Interval = { left: number; right: number };

/** Times the type's size: the gap that a strip is found in, */
const GAP = 0.7;
/** what must be left of it where it passes names that are wider than what stands below them, */
const NARROWEST = 0.35;
/** and a gap that no two words have between them. */
export const WIDE = 1.1;
/** Times the other gaps of a row: in justified lines all of them are wide, but alike. */
const STANDS_OUT = 1.6;
const FEW_ROWS = 3;
/** That are followed from row to row. */
const MOST_STRIPS = 12;

/** Each as tall as it goes from the row it was found in, tallest first. */
export function guttersOf(rows: readonly Row[]): Gutter[] {
  const free = rows.map(freeOf);
  const found = new Map<string, Gutter>();
  for (const gutter of [...fromGaps(rows, free), ...fromMargins(rows, free)]) {
    found.set(`${gutter.from} ${gutter.to} ${Math.round(gutter.left)}`, gutter);
  }
  return [...found.values()]
    .filter((gutter) => parts(rows, gutter))
    .sort((left, right) => right.to - right.from - (left.to - left.from));
}

function gapsOf({ words }: Row): Interval[] {
  const gaps: Interval[] = [];
  let right = words[0]?.right ?? 0;
  for (const word of words.slice(1)) {
    if (word.x > right) gaps.push({ left: right, right: word.x });
    right = Math.max(right, word.right);
  }
  return gaps;
}

/** Gaps and both margins. */
function freeOf(row: Row): Interval[] {
  const left = Math.min(...row.words.map(({ x }) => x));
  const right = Math.max(...row.words.map((word) => word.right));
  return [
    { left: Number.NEGATIVE_INFINITY, right: left },
    ...gapsOf(row).filter((gap) => gap.right - gap.left >= row.size * NARROWEST),
    { left: right, right: Number.POSITIVE_INFINITY },
  ];
}

type Free = readonly (readonly Interval[])[];

/** From every wide gap up and down, unless it is where a strip was found that passes through its row. */
function fromGaps(rows: readonly Row[], free: Free): Gutter[] {
  const found: Gutter[] = [];
  for (const [index, row] of rows.entries()) {
    const here = found.filter(({ to }) => to >= index);
    for (const gap of (free[index] ?? []).slice(1, -1)) {
      if (gap.right - gap.left < row.size * GAP) continue;
      if (!here.some(({ left, right }) => left >= gap.left && right <= gap.right))
        found.push(grown(rows, free, index, gap));
    }
  }
  return found;
}

function grown(rows: readonly Row[], free: Free, index: number, gap: Interval): Gutter {
  const gutter = { from: index, to: index, left: gap.left, right: gap.right };
  for (const step of [1, -1]) {
    for (let i = index + step; i >= 0 && i < rows.length; i += step) {
      const narrower = widestShared(free[i] ?? [], gutter);
      if (!narrower || narrower.right - narrower.left < (rows[i]?.size ?? 0) * NARROWEST) break;
      gutter.left = narrower.left;
      gutter.right = narrower.right;
      if (step > 0) gutter.to = i;
      else gutter.from = i;
    }
  }
  return gutter;
}

function widestShared(free: readonly Interval[], { left, right }: Interval): Interval | null {
  let best: Interval | null = null;
  let width = 0;
  for (const each of free) {
    const shared = Math.min(right, each.right) - Math.max(left, each.left);
    if (shared <= width) continue;
    width = shared;
    best = each;
  }
  return best && { left: Math.max(left, best.left), right: Math.min(right, best.right) };
}

/** Where columns have lines at heights of their own, no row has anything in both: strips are what all rows leave free. */
function fromMargins(rows: readonly Row[], free: Free): Gutter[] {
  const left = Math.min(...free.map(([margin]) => margin?.right ?? 0));
  const right = Math.max(...free.map((each) => each.at(-1)?.left ?? 0));
  const isWide = (index: number): boolean => {
    const [from, to] = [free[index]?.[0]?.right ?? 0, free[index]?.at(-1)?.left ?? 0];
    return to - from > (right - left) * 0.6;
  };
  return rows.flatMap((_, start) =>
    !isWide(start) && (start === 0 || isWide(start - 1)) ? swept(rows, free, start, { left, right }) : [],
  );
}

/** Strips that begin at a row, down to where each of them ends. */
function swept(rows: readonly Row[], free: Free, start: number, region: Interval): Gutter[] {
  const ended: Gutter[] = [];
  let open: Interval[] = [region];
  for (let index = start; index < rows.length && open.length > 0; index++) {
    const least = rows[index]?.size ?? 0;
    const next: Interval[] = [];
    for (const strip of open) {
      const rest = (free[index] ?? [])
        .map((each) => ({ left: Math.max(strip.left, each.left), right: Math.min(strip.right, each.right) }))
        .filter(({ left, right }) => right - left >= least);
      if (rest.length === 0) ended.push({ ...strip, from: start, to: index - 1 });
      next.push(...rest);
    }
    open = next.length > MOST_STRIPS ? next.sort(byWidth).slice(0, MOST_STRIPS) : next;
  }
  return [...ended, ...open.map((strip) => ({ ...strip, from: start, to: rows.length - 1 }))];
}

function byWidth(left: Interval, right: Interval): number {
  return right.right - right.left - (left.right - left.left);
}

/** Whether there is something in at least two rows on both sides, more than marks of a list, and not by chance. */
function parts(rows: readonly Row[], gutter: Gutter): boolean {
  const { from, to, left, right } = gutter;
  const inside = rows.slice(from, to + 1);
  const before = inside.filter(({ words }) => words.some((word) => word.right <= left + 0.01));
  const behind = inside.filter(({ words }) => words.some((word) => word.x >= right - 0.01));
  const fewer = Math.min(before.length, behind.length);
  if (fewer < 2) return false;
  const shared = inside.filter((row) => before.includes(row) && behind.includes(row));
  const clear = shared.filter((row) => standsOut(row, gutter, fewer <= FEW_ROWS));
  if (clear.length < shared.length * (fewer <= FEW_ROWS ? 1 : 0.7)) return false;
  return before.some(({ words }) => !isListMark(words.filter((word) => word.right <= left + 0.01)));
}

function standsOut(row: Row, { left, right }: Gutter, isOneOfFew: boolean): boolean {
  const gaps = gapsOf(row);
  const own = gaps.find((gap) => gap.left <= left + 0.01 && gap.right >= right - 0.01);
  if (!own) return true;
  const width = own.right - own.left;
  const others = gaps.filter((gap) => gap !== own).map((gap) => gap.right - gap.left);
  const isWide = width >= row.size * WIDE;
  const isWider = others.length > 0 && width >= median(others) * STANDS_OUT;
  return isOneOfFew ? isWide && (others.length === 0 || isWider || width >= row.size * 2) : isWide || isWider;
}

function isListMark(words: readonly Word[]): boolean {
  const text = words.map(({ glyphs }) => glyphs.join("")).join(" ");
  return /^(?:[^\p{L}\p{N}]{1,2}|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\d{1,2}(?:\.\d{1,2})+\.?)$/u.test(
    text,
  );
}
