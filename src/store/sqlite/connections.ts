import { and, asc, count, eq, gt, isNotNull, isNull, type Placeholder, sql } from "drizzle-orm";
import { type Connection, PURGE_CONNECTION } from "../../domain/connection.ts";
import type { ConnectionId, TenantId, UnixMs } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";
import type { ConnectionStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { isUniqueViolation } from "./constraint.ts";
import { fromCursor, toPage } from "./cursor.ts";
import { cancelUnbegun, insertJob, removeJobsOf } from "./jobs.ts";
import { notFound, required, without } from "./row.ts";
import { dbConnections, tools } from "./schema.ts";
import { removeUsesOf } from "./tool-uses.ts";

export function sqliteConnectionStore(db: SqliteDb): ConnectionStore {
  const write = <Result>(work: (tx: SqliteQueries) => Result): Result =>
    db.transaction(work, { behavior: "immediate" });
  // Kept, because every turn asks for it: building the query takes longer than running it.
  const ofTenantByName = db
    .select()
    .from(dbConnections)
    .where(and(ofTenant(sql.placeholder("tenantId")), gt(dbConnections.name, sql.placeholder("behind"))))
    .orderBy(asc(dbConnections.name))
    .limit(sql.placeholder("limit"))
    .prepare();

  return {
    async create(connection, limit) {
      write((tx) => {
        requireRoom(tx, connection.tenantId, limit);
        nameOnce(() => tx.insert(dbConnections).values(toRow(connection)).run());
      });
    },

    async get(tenantId, connectionId) {
      return getConnection(db, tenantId, connectionId);
    },

    async list(tenantId, page) {
      // No connection is without a name.
      const behind = page.cursor === null ? "" : String(fromCursor(page.cursor)[0]);
      const rows = ofTenantByName.all({ tenantId, behind, limit: page.limit + 1 });
      return toPage(rows, page.limit, ({ name, id }) => [name, id]);
    },

    async all() {
      return db
        .select()
        .from(dbConnections)
        .where(isNull(dbConnections.deletedAt))
        .orderBy(asc(dbConnections.id))
        .all();
    },

    async update(connection) {
      const { tenantId, id } = connection;
      const changes = without(toRow(connection), "tenantId", "id", "createdAt", "deletedAt");
      const { changes: changed } = nameOnce(() =>
        db.update(dbConnections).set(changes).where(isVisible(tenantId, id)).run(),
      );
      if (changed === 0) throw notFound("connection");
    },

    async recordCheck({ tenantId, id, updatedAt }, { state, problem, serverVersion, checkedAt }) {
      db.update(dbConnections)
        .set({ state, problem, serverVersion, checkedAt })
        .where(and(isVisible(tenantId, id), eq(dbConnections.updatedAt, updatedAt)))
        .run();
    },

    async replaceOutlines({ tenantId, id, schemaAccess }, tables) {
      db.update(dbConnections)
        .set({ schemaAccess: { ...schemaAccess, tables } })
        .where(and(isVisible(tenantId, id), eq(dbConnections.schemaAccess, schemaAccess)))
        .run();
    },

    async remove(tenantId, connectionId, now, purge) {
      write((tx) => {
        requireUnused(tx, tenantId, connectionId);
        const removed = tx
          .update(dbConnections)
          .set({ deletedAt: now })
          .where(isVisible(tenantId, connectionId))
          .run();
        if (removed.changes === 0) throw notFound("connection");
        insertJob(tx, purge);
      });
    },

    async restore(tenantId, connectionId, now) {
      return write((tx) => restore(tx, tenantId, connectionId, now));
    },

    async purge(tenantId, connectionId) {
      write((tx) => {
        const isHidden = and(isConnection(tenantId, connectionId), isNotNull(dbConnections.deletedAt));
        if (!tx.select({ id: dbConnections.id }).from(dbConnections).where(isHidden).get()) return;
        // Nothing that is there uses it, or it could not have been removed.
        const ofConnection = and(eq(tools.tenantId, tenantId), eq(tools.connectionId, connectionId));
        for (const { id } of tx.delete(tools).where(ofConnection).returning({ id: tools.id }).all())
          removeUsesOf(tx, tenantId, id);
        tx.delete(dbConnections).where(isHidden).run();
        removeJobsOf(tx, [PURGE_CONNECTION], tenantId, connectionId);
      });
    },
  };
}

/** Whether the tenant has this connection, and it was not removed. */
export function hasConnection(db: SqliteQueries, tenantId: TenantId, connectionId: ConnectionId): boolean {
  const { id } = dbConnections;
  return db.select({ id }).from(dbConnections).where(isVisible(tenantId, connectionId)).get() !== undefined;
}

function getConnection(db: SqliteQueries, tenantId: TenantId, connectionId: ConnectionId): Connection {
  const row = db.select().from(dbConnections).where(isVisible(tenantId, connectionId)).get();
  return required(row, "connection");
}

function toRow(connection: Connection): typeof dbConnections.$inferInsert {
  return without(connection, "keyLost");
}

function restore(tx: SqliteQueries, tenantId: TenantId, connectionId: ConnectionId, now: UnixMs): Connection {
  const isHidden = and(isConnection(tenantId, connectionId), isNotNull(dbConnections.deletedAt));
  const { id } = dbConnections;
  const isThere = tx.select({ id }).from(dbConnections).where(isHidden).get() !== undefined;
  if (!isThere || !cancelUnbegun(tx, PURGE_CONNECTION, tenantId, connectionId, now))
    throw notFound("connection");
  nameOnce(() => tx.update(dbConnections).set({ deletedAt: null }).where(isHidden).run());
  return getConnection(tx, tenantId, connectionId);
}

function requireRoom(tx: SqliteQueries, tenantId: TenantId, limit: number): void {
  const there = tx.select({ all: count() }).from(dbConnections).where(ofTenant(tenantId)).get()?.all ?? 0;
  if (there < limit) return;
  throw new AppError("RESOURCE_LIMIT", `There may be ${limit} connections. Delete one first.`);
}

function requireUnused(tx: SqliteQueries, tenantId: TenantId, connectionId: ConnectionId): void {
  const using = tx
    .select({ definition: tools.definition })
    .from(tools)
    .where(and(eq(tools.tenantId, tenantId), eq(tools.connectionId, connectionId), isNull(tools.deletedAt)))
    .orderBy(asc(tools.name))
    .all();
  if (using.length === 0) return;
  const labels = using.map(({ definition }) => `“${definition.label}”`).join(", ");
  throw new AppError(
    "CONFLICT",
    `Tools use this connection: ${labels}. Delete them first, or give them another one.`,
  );
}

/** @throws AppError CONFLICT when `work` gives a second connection the same name */
function nameOnce<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    if (!isUniqueViolation(thrown)) throw thrown;
    throw new AppError("CONFLICT", "There is a connection of this name already. Choose another name.", {
      cause: thrown,
    });
  }
}

function ofTenant(tenantId: TenantId | Placeholder) {
  return and(eq(dbConnections.tenantId, tenantId), isNull(dbConnections.deletedAt));
}

function isConnection(tenantId: TenantId, connectionId: ConnectionId) {
  return and(eq(dbConnections.tenantId, tenantId), eq(dbConnections.id, connectionId));
}

function isVisible(tenantId: TenantId, connectionId: ConnectionId) {
  return and(isConnection(tenantId, connectionId), isNull(dbConnections.deletedAt));
}
