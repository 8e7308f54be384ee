/** Long writes in short transactions, so that nothing else waits long. */
import type { SqliteClient } from "./connection.ts";

/** Nothing may hold up a stream for more than 20 ms, and the next slice may happen to be a heavier one. */
const SLICE_MS = 8;
const FIRST_SLICE = 16;

/**
 * Does `work` for every item, a slice per transaction and room for others in between. How many items fit into
 * a slice is learnt from the one before, commit included, which costs as much as the work itself. `tidy` is
 * done after each slice, and at the end for as long as it says that there is more.
 */
export async function inSlices<Item>(
  client: SqliteClient,
  items: readonly Item[],
  work: (item: Item) => void,
  tidy: () => boolean = () => false,
): Promise<void> {
  const workThrough = client.transaction((slice: readonly Item[]) => {
    for (const item of slice) work(item);
  });
  let size = FIRST_SLICE;
  for (let next = 0; next < items.length; ) {
    const slice = items.slice(next, next + size);
    const start = performance.now();
    workThrough.immediate(slice);
    next += slice.length;
    const growth = Math.min(SLICE_MS / (performance.now() - start), 2);
    size = Math.max(Math.round(slice.length * growth), 1);
    await othersTurn();
    tidy();
    await othersTurn();
  }
  while (tidy()) await othersTurn();
}

export function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
