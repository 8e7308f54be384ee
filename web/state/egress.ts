import { type LedgerRow, listUses } from "../api/egress.ts";
import { createList } from "./list.ts";

/** Where Parley has called, latest first. Of the whole installation, so it is the same in every tenant. */
export const ledger = createList<LedgerRow, Record<string, never>>({}, (_filter, cursor, abort) =>
  listUses(cursor, abort),
);
