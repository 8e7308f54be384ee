/** How much a document may make the parser produce. */
import { AppError } from "../../../errors.ts";

/** UTF-16 units of text that one document may give. */
export const MOST_TEXT = 20 * 1024 * 1024;
/** Bytes of a text file: the most text as UTF-16. */
export const MOST_TEXT_BYTES = 2 * MOST_TEXT + 2;
/** Blocks that one document may give; each makes a chunk at worst. */
export const MOST_BLOCKS = 200_000;
/** Rows of a table that are searched as text. Counting and summing over more is not what text search is for. */
export const MOST_ROWS = 2_000;
export const MOST_PAGES = 10_000;

/** The document would need more memory or time than one document may take. */
export function resourceLimit(what: string): AppError {
  return new AppError("RESOURCE_LIMIT", `${what} Split it into smaller files, then upload those.`);
}

export function malformed(what: string, cause?: unknown): AppError {
  return new AppError(
    "MALFORMED_DOCUMENT",
    `${what} Open it in the program it was made with, save it again, then upload that.`,
    { cause },
  );
}
