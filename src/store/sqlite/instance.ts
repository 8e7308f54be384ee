import { sql } from "drizzle-orm";
import { AppError } from "../../errors.ts";
import type { InstanceStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { users } from "./schema.ts";
import { insertTenant } from "./tenants.ts";

export function sqliteInstanceStore(db: SqliteDb): InstanceStore {
  return {
    async initialised() {
      return hasUsers(db);
    },

    async madeAt() {
      const [first] = db.all<{ at: number }>(sql`select min(applied_at) as at from schema_migrations`);
      return first?.at ?? 0;
    },

    async initialise({ tenant, user, passwordHash, widget, llm }) {
      const write = (tx: SqliteQueries) => {
        if (hasUsers(tx)) throw alreadyInitialised();
        tx.insert(users)
          .values({ ...user, email: user.email.toLowerCase(), passwordHash })
          .run();
        insertTenant(tx, tenant, user.id, widget, llm);
      };
      db.transaction(write, { behavior: "immediate" });
    },
  };
}

function hasUsers(db: SqliteQueries): boolean {
  return db.select({ id: users.id }).from(users).limit(1).get() !== undefined;
}

function alreadyInitialised(): AppError {
  return new AppError("ALREADY_INITIALISED", "This Parley is set up already. Sign in instead.");
}
