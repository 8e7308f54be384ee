/** One commit, and so one wait for the disk, for all writes that came in at the same time. */
import { type Failure, toFailure } from "../../../workers/channel.ts";
import { type Call, givenAtOnce } from "../calls.ts";
import type { SqliteClient } from "../connection.ts";
import { fromSqliteError, isLock } from "../constraint.ts";

/** What became of one call of a group. */
export type Outcome = { result: unknown } | { failure: Failure };

export type GroupCommit = (calls: readonly Call[]) => Outcome[];

/**
 * Does the calls in their order and in one transaction. One that throws leaves nothing behind and does not touch the
 * others. When all of it cannot be committed, as on a full disk, each call is tried by itself, because some of them
 * may still be possible: what deletes something makes room. Outcomes are in the order of the calls, and on disk.
 */
export function groupCommit(client: SqliteClient, work: (call: Call) => Promise<unknown>): GroupCommit {
  /** Inside a transaction this is a savepoint, by itself it is a transaction. */
  const whole = client.transaction((call: Call) => givenAtOnce(work(call), call));
  const together = client.transaction((calls: readonly Call[]) =>
    calls.map((call) => {
      const outcome = outcomeOf(() => whole(call));
      // SQLite gives up the whole transaction over some errors, and with it what was done before this call.
      if (!client.inTransaction) throw new GroupLost();
      return outcome;
    }),
  );

  function outcomeOf(call: () => unknown, locked: (outcome: Outcome) => void = () => {}): Outcome {
    try {
      return { result: call() };
    } catch (thrown) {
      const outcome = { failure: toFailure(fromSqliteError(thrown, client.name)) };
      if (isLock(thrown)) locked(outcome);
      return outcome;
    }
  }

  function oneByOne(calls: readonly Call[]): Outcome[] {
    let locked: Outcome | null = null;
    return calls.map((call) => {
      // Each would wait for the same lock as long as the one before.
      if (locked !== null) return locked;
      return outcomeOf(
        () => whole.immediate(call),
        (outcome) => {
          locked = outcome;
        },
      );
    });
  }

  return (calls) => {
    if (calls.length === 1) return oneByOne(calls);
    try {
      return together.immediate(calls);
    } catch (thrown) {
      if (!isLock(thrown)) return oneByOne(calls);
      const failure = toFailure(fromSqliteError(thrown, client.name));
      return calls.map(() => ({ failure }));
    }
  };
}

class GroupLost extends Error {}
