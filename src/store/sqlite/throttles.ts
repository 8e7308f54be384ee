import { eq, sql } from "drizzle-orm";
import type { ThrottleStore } from "../store.ts";
import type { SqliteDb } from "./connection.ts";
import { throttles } from "./schema.ts";

export function sqliteThrottleStore(db: SqliteDb): ThrottleStore {
  return {
    async hit(key, windowMs, now) {
      const isOver = sql`${throttles.windowEndsAt} <= ${now}`;
      return db
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
    },

    async peek(key, now) {
      const row = db.select().from(throttles).where(eq(throttles.key, key)).get();
      if (row === undefined || row.windowEndsAt <= now) return { count: 0, windowEndsAt: now };
      return { count: row.count, windowEndsAt: row.windowEndsAt };
    },

    async clear(key) {
      db.delete(throttles).where(eq(throttles.key, key)).run();
    },
  };
}
