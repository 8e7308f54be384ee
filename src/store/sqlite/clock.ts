import type { ClockStore } from "../store.ts";
import type { SqliteDb } from "./connection.ts";

/**
 * Only what is still running moves along. What a clock that jumped ahead shows as long over is left as it is, and
 * runs again when the clock is put right.
 */
const MOVE = [
  "update sessions set created_at = created_at + @by, last_seen_at = last_seen_at + @by, expires_at = expires_at + @by where expires_at > @from",
  "update chat_sessions set expires_at = expires_at + @by where expires_at > @from",
  "update throttles set window_ends_at = window_ends_at + @by where window_ends_at > @from",
  // What was due stays due.
  `update jobs set run_at = iif(run_at > @from, run_at + @by, min(run_at, @from + @by)), updated_at = @from + @by
   where state = 'queued'`,
  "update jobs set lease_until = lease_until + @by where state = 'running'",
];

const SETTLE = [
  `update sessions set last_seen_at = @now, created_at = min(created_at, @now),
     expires_at = expires_at - max(0, created_at - @now)
   where last_seen_at > @now`,
  "update jobs set run_at = run_at - (updated_at - @now), updated_at = @now where state = 'queued' and updated_at > @now",
];

export function sqliteClockStore({ $client: client }: SqliteDb): ClockStore {
  const move = MOVE.map((sql) => client.prepare<[{ from: number; by: number }]>(sql));
  const settle = SETTLE.map((sql) => client.prepare<[{ now: number }]>(sql));
  const all = <Values>(statements: { run(values: Values): unknown }[], values: Values) =>
    client
      .transaction(() => {
        for (const statement of statements) statement.run(values);
      })
      .immediate();

  return {
    async move(from, to) {
      all(move, { from, by: to - from });
    },
    async settle(now) {
      all(settle, { now });
    },
  };
}
