import { batch, type Signal, signal } from "@preact/signals";
import { type ApiError, asApiError } from "../api/client.ts";

type Answer<Item> = { items: Item[]; nextCursor: string | null };

/**
 * A list that pages by cursor and lives outside its page, so that it is where it was left when one
 * comes back from a row. Every field is a signal.
 */
export type ListStore<Item, Filter> = {
  filter: Signal<Filter>;
  /** Null until the first page came. */
  items: Signal<Item[] | null>;
  nextCursor: Signal<string | null>;
  error: Signal<ApiError | null>;
  loading: Signal<boolean>;
  /** Shows what `key` (the tenant) has; what of it is shown already stays until it is read again. */
  open: (key: string, wanted?: Filter) => void;
  /** Reads again as many rows as are shown; the old ones stay meanwhile. */
  refresh: () => Promise<void>;
  narrow: (change: Partial<Filter>) => void;
  more: () => Promise<void>;
  /**
   * What the live socket says of a row that is shown: null takes it out. It holds also against the answer to a load
   * that is on its way, which may be from before.
   */
  replace: (id: string, row: Item | null) => void;
};

/** A closure of short functions over one list: taken apart they would hand each other all its signals. */
export function createList<Item extends { id: string }, Filter>(
  firstFilter: Filter,
  fetchPage: (filter: Filter, cursor: string | null, signal: AbortSignal) => Promise<Answer<Item>>,
): ListStore<Item, Filter> {
  const filter = signal(firstFilter);
  const items = signal<Item[] | null>(null);
  const nextCursor = signal<string | null>(null);
  const error = signal<ApiError | null>(null);
  const loading = signal(false);
  let shownKey: string | null = null;
  let running = new AbortController();
  /** Rows that the live socket told of since the running load was asked for. */
  const told = new Map<string, Item | null>();

  let latest: Promise<void> = Promise.resolve();

  /** A newer load takes the place of a running one; both callers then wait for the newer. */
  function load(wanted: number, append: boolean): Promise<void> {
    latest = read(wanted, append);
    return latest;
  }

  async function read(wanted: number, append: boolean): Promise<void> {
    running.abort();
    const mine = new AbortController();
    running = mine;
    told.clear();
    loading.value = true;
    try {
      let rows = append ? (items.peek() ?? []) : [];
      let cursor = append ? nextCursor.peek() : null;
      let answer: Answer<Item>;
      do {
        answer = await fetchPage(filter.peek(), cursor, mine.signal);
        rows = [...rows, ...answer.items];
        cursor = answer.nextCursor;
      } while (cursor && rows.length < wanted);
      if (mine.signal.aborted) return latest;
      batch(() => {
        items.value = unique(rows).flatMap((row) => (told.has(row.id) ? (told.get(row.id) ?? []) : row));
        nextCursor.value = cursor;
        error.value = null;
        loading.value = false;
      });
    } catch (thrown) {
      if (mine.signal.aborted) return latest;
      error.value = asApiError(thrown);
      loading.value = false;
    }
  }

  const refresh = () => load(items.peek()?.length ?? 0, false);
  return {
    filter,
    items,
    nextCursor,
    error,
    loading,
    refresh,
    open(key, wanted = firstFilter) {
      const isSame = key === shownKey && isEqual(wanted, filter.peek());
      if (isSame && loading.peek()) return;
      batch(() => {
        if (!isSame) nextCursor.value = null;
        if (key !== shownKey) {
          items.value = null;
          error.value = null;
        }
        filter.value = wanted;
      });
      shownKey = key;
      void (isSame ? refresh() : load(0, false));
    },
    narrow(change) {
      batch(() => {
        filter.value = { ...filter.peek(), ...change };
        nextCursor.value = null;
      });
      void load(0, false);
    },
    replace(id, row) {
      if (loading.peek()) told.set(id, row);
      items.value = items.peek()?.flatMap((each) => (each.id === id ? (row ?? []) : each)) ?? null;
    },
    async more() {
      if (nextCursor.peek() && !loading.peek()) await load((items.peek()?.length ?? 0) + 1, true);
    },
  };
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A row that moved between two pages while they were read must not show twice. */
function unique<Item extends { id: string }>(rows: Item[]): Item[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}
