import { eq, sql } from "drizzle-orm";
import type { ThrottleStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { throttles } from "./schema.ts";

/** More than one, so that what a flood of addresses has left goes away, and few enough to cost nothing. */
const PRUNED_AT_ONCE = 10;

export function sqliteThrottleStore(db: SqliteDb): ThrottleStore {
  const prune = db.$client.prepare<[number, number]>(
    `delete from throttles where key in (
       select key from throttles where window_ends_at <= ? order by window_ends_at limit ?)`,
  );

  return {
    async hit(key, windowMs, now) {
      const count = (tx: SqliteQueries) => {
        prune.run(now, PRUNED_AT_ONCE);
        return countHit(tx, key, windowMs, now);
      };
      return db.transaction(count, { behavior: "immediate" });
    },

    async peek(key, windowMs, now) {
      const row = db.select().from(throttles).where(eq(throttles.key, key)).get();
      if (row === undefined || row.windowEndsAt <= now || row.windowEndsAt > now + windowMs)
        return { count: 0, windowEndsAt: now };
      return { count: row.count, windowEndsAt: row.windowEndsAt };
    },

    async clear(key) {
      db.delete(throttles).where(eq(throttles.key, key)).run();
    },
  };
}

function countHit(tx: SqliteQueries, key: string, windowMs: number, now: number) {
  // One that ends later than it can was begun under a clock that was ahead.
  const isOver = sql`(${throttles.windowEndsAt} <= ${now} or ${throttles.windowEndsAt} > ${now + windowMs})`;
  return tx
    .insert(throttles)
    .values({ key, count: 1, windowEndsAt: now + windowMs })
    .onConflictDoUpdate({
      target: throttles.key,
      set: {
        count: sql`case when ${isOver} then 1 else ${throttles.count} + 1 end`,
        windowEndsAt: sql`case when ${isOver} then ${now + windowMs} else ${throttles.windowEndsAt} end`,
      },
    })
    .returning({ count: throttles.count, windowEndsAt: throttles.windowEndsAt })
    .get();
}
