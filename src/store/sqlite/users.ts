import { and, asc, eq } from "drizzle-orm";
import type { User } from "../../domain/user.ts";
import { AppError } from "../../errors.ts";
import type { UserStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { without } from "./row.ts";
import { memberships, sessions, tenants, users } from "./schema.ts";

export function sqliteUserStore(db: SqliteDb): UserStore {
  return {
    async find(userId) {
      const row = db.select().from(users).where(eq(users.id, userId)).get();
      return row ? toUser(row) : null;
    },

    async findByEmail(email) {
      const row = db.select().from(users).where(eq(users.email, email.toLowerCase())).get();
      return row ? { user: toUser(row), passwordHash: row.passwordHash } : null;
    },

    async memberships(userId) {
      return db
        .select({
          tenantId: memberships.tenantId,
          tenantName: tenants.name,
          tenantSlug: tenants.slug,
          role: memberships.role,
        })
        .from(memberships)
        .innerJoin(tenants, eq(tenants.id, memberships.tenantId))
        .where(eq(memberships.userId, userId))
        .orderBy(asc(memberships.createdAt), asc(tenants.number))
        .all();
    },

    async findRole(userId, tenantId) {
      const isMembership = and(eq(memberships.userId, userId), eq(memberships.tenantId, tenantId));
      const row = db.select({ role: memberships.role }).from(memberships).where(isMembership).get();
      return row?.role ?? null;
    },

    async replacePassword(userId, formerHash, passwordHash) {
      const write = (tx: SqliteQueries) => {
        const isFormer = and(eq(users.id, userId), eq(users.passwordHash, formerHash));
        if (tx.update(users).set({ passwordHash }).where(isFormer).run().changes === 0)
          throw new AppError("CONFLICT", "The password was changed meanwhile.");
        tx.delete(sessions).where(eq(sessions.userId, userId)).run();
      };
      db.transaction(write, { behavior: "immediate" });
    },
  };
}

export function toUser(row: typeof users.$inferSelect): User {
  return without(row, "passwordHash");
}
