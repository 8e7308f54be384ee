import { z } from "zod";
import { looseText } from "../text.ts";

/** Query of every list: an opaque cursor and how many, 50 unless asked for fewer. */
export const pageQuery = {
  cursor: looseText(200).optional(),
  limit: z.coerce.number().int().min(1).max(50).default(50),
};

export const isoTime = z.string().describe("ISO 8601, UTC");

/** `{items, nextCursor}` of `item`. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
}
