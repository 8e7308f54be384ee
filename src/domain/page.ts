/** One page of a list. `nextCursor` is opaque; null when there is no more. */
export type Page<Item> = { items: Item[]; nextCursor: string | null };

/** `cursor` is a former `nextCursor`, null for the first page. `limit` is 1 to 200. */
export type PageRequest = { cursor: string | null; limit: number };
