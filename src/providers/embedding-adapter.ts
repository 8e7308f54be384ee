import { AppError } from "../errors.ts";

export type EmbeddingKind = "query" | "passage";

/** One way of making vectors, before batches, checks, deadlines and the cache are put around it. */
export interface EmbeddingAdapter {
  /** For error messages: the host or the model. */
  readonly host: string;
  /** Vectors as the model gave them, one per text and in order if the model does what it should. */
  embed(texts: readonly string[], kind: EmbeddingKind, signal: AbortSignal): Promise<readonly unknown[]>;
}

/** The shortest vector that still has a direction. */
const SHORTEST = 1e-12;

/**
 * The vectors, scaled to length 1.
 * @throws AppError UPSTREAM_BAD_RESPONSE when they are too few, of another dimension or no numbers
 */
export function toVectors(
  host: string,
  given: readonly unknown[],
  count: number,
  dimension: number | null,
): Float32Array[] {
  if (given.length !== count) {
    throw unusable(host, `gave ${given.length} vectors for ${count} ${count === 1 ? "text" : "texts"}`);
  }
  return given.map((numbers) => toVector(host, numbers, dimension));
}

function toVector(host: string, given: unknown, dimension: number | null): Float32Array {
  const isList = Array.isArray(given) || given instanceof Float32Array;
  if (!isList || given.length === 0) throw unusable(host, "gave something that is no vector");
  if (dimension !== null && given.length !== dimension) {
    throw unusable(host, `gave a vector of ${given.length} numbers where ${dimension} were expected`);
  }
  let squares = 0;
  for (const value of given as Iterable<unknown>) {
    if (typeof value !== "number" || !Number.isFinite(value))
      throw unusable(host, "gave a vector with something in it that is no number");
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  if (!(length > SHORTEST && Number.isFinite(length))) throw unusable(host, "gave a vector of zeros");
  return Float32Array.from(given as ArrayLike<number>, (value) => value / length);
}

function unusable(host: string, problem: string): AppError {
  return new AppError(
    "UPSTREAM_BAD_RESPONSE",
    `${host} ${problem}. Choose another embedding model, or look at what the server says.`,
  );
}
