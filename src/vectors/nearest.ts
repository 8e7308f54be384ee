/** A question to a sketch, down to exact similarities of rows that may be shown. */
import type { ExactHit, VectorSketchReader } from "./reader.ts";
import { MAX_CANDIDATES } from "./reader.ts";

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
const candidatesFor = (limit: number) => 60 + 4 * limit;
/** Candidates that nobody may see count for nothing; with fewer visible ones than this share more are looked at. */
const LEAST_VISIBLE = 0.5;
const GROWTH = 4;

/** Nearest first. Null when so many of the nearest are invisible that the sketch cannot tell. */
export function nearest(
  reader: VectorSketchReader,
  rows: NearestRows,
  partition: string,
  question: Float32Array,
  limit: number,
): ExactHit[] | null {
  const enough = candidatesFor(limit) * LEAST_VISIBLE;
  for (let wanted = candidatesFor(limit); ; wanted *= GROWTH) {
    const asked = Math.min(wanted, MAX_CANDIDATES);
    const candidates = Array.from(reader.scan(question, partition, asked, 1).rowIds);
    const visible = rows.visible(candidates);
    const areAll = candidates.length < asked;
    if (areAll || visible.length >= enough) {
      const vectors = rows.vectors(visible);
      return reader.rescore(question, visible, (rowId) => vectors.get(rowId) ?? null, limit);
    }
    if (asked === MAX_CANDIDATES) return null;
  }
}
