/** A question to a sketch, down to exact similarities of rows that may be shown. */
import { type Candidates, type ExactHit, MAX_CANDIDATES, type VectorSketchReader } from "./reader.ts";

/** All calls see the state of the database that the sketch is current with. */
export interface NearestRows {
  /** Those of the rows that people may see. */
  visible(rowIds: readonly number[]): number[];
  vectors(rowIds: readonly number[]): Map<number, Float32Array>;
}

/**
 * With this many candidates at least 99 % of the exact best are among them: measured with 10 and with 50 results on
 * clustered vectors, loaded at once and twenty at a time (docs/benchmarks.md).
 */
const candidatesFor = (results: number) => 60 + 4 * results;
/** When some of the nearest are invisible, this share of the candidates is still enough not to look again. */
const ENOUGH = 2 / 3;

/** Nearest first. Null when so many of the nearest are invisible that the sketch cannot tell. */
export function nearest(
  reader: VectorSketchReader,
  rows: NearestRows,
  partition: string,
  question: Float32Array,
  limit: number,
): ExactHit[] | null {
  for (let asked = Math.min(candidatesFor(limit), MAX_CANDIDATES); ; ) {
    const candidates = reader.scan(question, partition, asked, 1);
    const visible = rows.visible(Array.from(candidates.rowIds));
    const vectors = rows.vectors(visible);
    const hits = reader.rescore(question, visible, (rowId) => vectors.get(rowId) ?? null, limit);
    if (candidates.rowIds.length < asked) return hits;
    // Invisible rows take places among the candidates as if they had been asked for.
    const wanted = candidatesFor(limit + invisibleAmong(candidates, visible, hits[limit - 1]));
    if (asked >= ENOUGH * wanted) return hits;
    if (asked === MAX_CANDIDATES) return null;
    asked = Math.min(Math.max(wanted, 2 * asked), MAX_CANDIDATES);
  }
}

/** How many that nobody may see are nearer than the last hit; all of them when there are too few hits. */
function invisibleAmong(
  { rowIds, estimates }: Candidates,
  visible: readonly number[],
  last: ExactHit | undefined,
): number {
  const shown = new Set(visible);
  const isNearer = (place: number) => last === undefined || (estimates[place] ?? 0) > last.similarity;
  return rowIds.reduce((count, rowId, place) => count + (!shown.has(rowId) && isNearer(place) ? 1 : 0), 0);
}
