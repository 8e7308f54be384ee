import type { EgressStore } from "../store.ts";
import type { SqliteDb } from "./connection.ts";

/** In the table of what the instance has one of. */
const KEY = "egress-allow";

export function sqliteEgressStore({ $client: client }: SqliteDb): EgressStore {
  const find = client.prepare<[string], string>("select value from instance where key = ?").pluck();
  const put = client.prepare("insert or replace into instance (key, value) values (?, ?)");

  return {
    async allowed() {
      const kept = find.get(KEY);
      // Written below and nowhere else.
      return kept === undefined ? [] : (JSON.parse(kept) as string[]);
    },

    async replaceAllowed(entries) {
      put.run(KEY, JSON.stringify(entries));
    },
  };
}
