import { eq, lte } from "drizzle-orm";
import type { AdminSessionStore } from "../store.ts";
import type { SqliteDb } from "./connection.ts";
import { sessions, users } from "./schema.ts";
import { toUser } from "./users.ts";

export function sqliteAdminSessionStore(db: SqliteDb): AdminSessionStore {
  return {
    async create(session) {
      db.insert(sessions).values(session).run();
    },

    async find(idHash) {
      const row = db
        .select({ session: sessions, user: users })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(eq(sessions.idHash, idHash))
        .get();
      return row ? { session: row.session, user: toUser(row.user) } : null;
    },

    async touch(idHash, lastSeenAt) {
      db.update(sessions).set({ lastSeenAt }).where(eq(sessions.idHash, idHash)).run();
    },

    async remove(idHash) {
      db.delete(sessions).where(eq(sessions.idHash, idHash)).run();
    },

    async removeExpired(now) {
      return db.delete(sessions).where(lte(sessions.expiresAt, now)).run().changes;
    },
  };
}
