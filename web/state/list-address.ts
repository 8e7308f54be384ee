import { useLayoutEffect } from "preact/hooks";
import type { ListStore } from "./list.ts";
import { follow, href, route, setQuery } from "./router.ts";

type Texts = Record<string, string | null>;
/** The values that a filter may have, or the form of them; what is not named here is free text. */
type Choices<Filter> = { [Name in keyof Filter]?: readonly Filter[Name][] | RegExp };

/** A list whose search and filters stand in the address of its page, so that they survive reload and Back. */
export type AddressedList<Item, Filter> = ListStore<Item, Filter> & {
  page: string;
  inQuery: (query: URLSearchParams) => Filter;
  /** What of a filter stands in the address. */
  toQuery: (filter: Partial<Filter>) => URLSearchParams;
  /** Goes to the page of the list with this filter, from anywhere. */
  visit: (filter: Partial<Filter>) => void;
};

export function addressed<Item, Filter extends Texts>(
  list: ListStore<Item, Filter>,
  page: string,
  choices: Choices<Filter>,
): AddressedList<Item, Filter> {
  const first = list.filter.peek();
  const toQuery = (filter: Partial<Filter>) => {
    const said = Object.entries(filter).filter(([name, value]) => value && value !== first[name]);
    return new URLSearchParams(said as [string, string][]);
  };
  return {
    ...list,
    page,
    toQuery,
    inQuery(query) {
      const read = (name: keyof Filter & string) => {
        const value = query.get(name) as Filter[typeof name];
        const choice = choices[name];
        const isKnown =
          value && (choice instanceof RegExp ? choice.test(value) : (choice?.includes(value) ?? true));
        return [name, isKnown ? value : first[name]];
      };
      return Object.fromEntries(Object.keys(first).map(read));
    },
    visit: (filter) => follow(`${href(page)}?${toQuery(filter)}`),
    narrow(change) {
      list.narrow(change);
      // Each key typed into the search is no step to go back over; each filter pressed is.
      const isTyping = Object.keys(change).join() === "q";
      setQuery(toQuery(list.filter.peek()), isTyping ? "replace" : "push");
    },
  };
}

/** Opens the list as the address says, now and whenever Back or a link changes it. */
export function useAddressed<Item, Filter>(list: AddressedList<Item, Filter>, tenant: string): void {
  const { path, query } = route.value;
  const said =
    path[0] === list.page && path.length === 1 ? list.toQuery(list.inQuery(query)).toString() : null;
  // Before the first paint, so that no other filter is seen to be on for a moment.
  useLayoutEffect(() => {
    if (said !== null) list.open(tenant, list.inQuery(new URLSearchParams(said)));
  }, [list, tenant, said]);
}
