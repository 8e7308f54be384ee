import { type Call, calledOn, givenAtOnce, type Nouns } from "../calls.ts";
import type { SqliteClient } from "../connection.ts";
import { fromSqliteError } from "../constraint.ts";

/**
 * Answers calls that only read, each from one state of the database. One that writes is undone and refused, also where
 * the connection would let it: what is a read must be one in whichever thread it is done.
 */
export function readingOf(client: SqliteClient, nouns: Nouns): (call: Call) => unknown {
  const changes = client.prepare<[], number>("select total_changes()").pluck();
  const inSnapshot = client.transaction((call: Call) => {
    const before = changes.get();
    const given = givenAtOnce(calledOn(nouns, call), call);
    if (changes.get() !== before)
      throw new TypeError(`${call.noun}.${call.method} writes, so CALLS must say that it does.`);
    return given;
  });
  return (call) => {
    try {
      return inSnapshot(call);
    } catch (thrown) {
      throw fromSqliteError(thrown, client.name);
    }
  };
}
