import { type Call, calledOn, givenAtOnce, type Nouns } from "../calls.ts";
import type { SqliteClient } from "../connection.ts";
import { fromSqliteError } from "../constraint.ts";

/** Answers calls that only read, each from one state of the database. */
export function readingOf(client: SqliteClient, nouns: Nouns): (call: Call) => unknown {
  const inSnapshot = client.transaction((call: Call) => givenAtOnce(calledOn(nouns, call), call));
  return (call) => {
    try {
      return inSnapshot(call);
    } catch (thrown) {
      throw fromSqliteError(thrown);
    }
  };
}
