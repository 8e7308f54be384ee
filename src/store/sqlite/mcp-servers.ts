import { and, asc, count, eq, gt, isNotNull, isNull } from "drizzle-orm";
import type { McpServerId, TenantId, UnixMs } from "../../domain/ids.ts";
import { type McpServer, PURGE_MCP_SERVER } from "../../domain/mcp-server.ts";
import { AppError } from "../../errors.ts";
import type { McpServerStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { isUniqueViolation } from "./constraint.ts";
import { hasCredential } from "./credentials.ts";
import { fromCursor, toPage } from "./cursor.ts";
import { cancelUnbegun, insertJob, removeJobsOf } from "./jobs.ts";
import { notFound, required, without } from "./row.ts";
import { mcpServers, tools } from "./schema.ts";
import { removeUsesOf } from "./tool-uses.ts";

export function sqliteMcpServerStore(db: SqliteDb): McpServerStore {
  const write = <Result>(work: (tx: SqliteQueries) => Result): Result =>
    db.transaction(work, { behavior: "immediate" });
  return {
    async create(server, limit) {
      write((tx) => {
        requireRoom(tx, server.tenantId, limit);
        requireCredential(tx, server);
        nameOnce(() => tx.insert(mcpServers).values(server).run());
      });
    },

    async get(tenantId, serverId) {
      return getMcpServer(db, tenantId, serverId);
    },

    async list(tenantId, page) {
      const isBehind =
        page.cursor === null ? undefined : gt(mcpServers.name, String(fromCursor(page.cursor)[0]));
      const rows = db
        .select()
        .from(mcpServers)
        .where(and(ofTenant(tenantId), isBehind))
        .orderBy(asc(mcpServers.name))
        .limit(page.limit + 1)
        .all();
      return toPage(rows, page.limit, ({ name, id }) => [name, id]);
    },

    async all() {
      return db
        .select()
        .from(mcpServers)
        .where(isNull(mcpServers.deletedAt))
        .orderBy(asc(mcpServers.id))
        .all();
    },

    async update(server) {
      const { tenantId, id } = server;
      const changes = without(server, "tenantId", "id", "createdAt", "deletedAt");
      write((tx) => {
        requireCredential(tx, server);
        const { changes: changed } = nameOnce(() =>
          tx.update(mcpServers).set(changes).where(isVisible(tenantId, id)).run(),
        );
        if (changed === 0) throw notFound("MCP server");
      });
    },

    async recordCheck({ tenantId, id, updatedAt }, { state, problem, serverVersion, checkedAt }) {
      db.update(mcpServers)
        .set({ state, problem, serverVersion, checkedAt })
        .where(and(isVisible(tenantId, id), eq(mcpServers.updatedAt, updatedAt)))
        .run();
    },

    async remove(tenantId, serverId, now, purge) {
      write((tx) => {
        requireUnused(tx, tenantId, serverId);
        const removed = tx
          .update(mcpServers)
          .set({ deletedAt: now })
          .where(isVisible(tenantId, serverId))
          .run();
        if (removed.changes === 0) throw notFound("MCP server");
        insertJob(tx, purge);
      });
    },

    async restore(tenantId, serverId, now) {
      return write((tx) => restore(tx, tenantId, serverId, now));
    },

    async purge(tenantId, serverId) {
      write((tx) => {
        const isHidden = and(isMcpServer(tenantId, serverId), isNotNull(mcpServers.deletedAt));
        if (!tx.select({ id: mcpServers.id }).from(mcpServers).where(isHidden).get()) return;
        // Nothing that is there uses it, or it could not have been removed.
        const ofServer = and(eq(tools.tenantId, tenantId), eq(tools.mcpServerId, serverId));
        for (const { id } of tx.delete(tools).where(ofServer).returning({ id: tools.id }).all())
          removeUsesOf(tx, tenantId, id);
        tx.delete(mcpServers).where(isHidden).run();
        removeJobsOf(tx, [PURGE_MCP_SERVER], tenantId, serverId);
      });
    },
  };
}

/** Whether the tenant has this server, and it was not removed. */
export function hasMcpServer(db: SqliteQueries, tenantId: TenantId, serverId: McpServerId): boolean {
  const { id } = mcpServers;
  return db.select({ id }).from(mcpServers).where(isVisible(tenantId, serverId)).get() !== undefined;
}

function getMcpServer(db: SqliteQueries, tenantId: TenantId, serverId: McpServerId): McpServer {
  const row = db.select().from(mcpServers).where(isVisible(tenantId, serverId)).get();
  return required(row, "MCP server");
}

function restore(tx: SqliteQueries, tenantId: TenantId, serverId: McpServerId, now: UnixMs): McpServer {
  const isHidden = and(isMcpServer(tenantId, serverId), isNotNull(mcpServers.deletedAt));
  const hidden = tx.select().from(mcpServers).where(isHidden).get();
  if (hidden === undefined || !cancelUnbegun(tx, PURGE_MCP_SERVER, tenantId, serverId, now))
    throw notFound("MCP server");
  if (hidden.credential !== null && !hasCredential(tx, tenantId, hidden.credential))
    throw new AppError("CONFLICT", "The credential of this MCP server was deleted. Restore that first.");
  nameOnce(() => tx.update(mcpServers).set({ deletedAt: null }).where(isHidden).run());
  return getMcpServer(tx, tenantId, serverId);
}

function requireRoom(tx: SqliteQueries, tenantId: TenantId, limit: number): void {
  const there = tx.select({ all: count() }).from(mcpServers).where(ofTenant(tenantId)).get()?.all ?? 0;
  if (there < limit) return;
  throw new AppError("RESOURCE_LIMIT", `There may be ${limit} MCP servers. Delete one first.`);
}

function requireUnused(tx: SqliteQueries, tenantId: TenantId, serverId: McpServerId): void {
  const using = tx
    .select({ definition: tools.definition })
    .from(tools)
    .where(and(eq(tools.tenantId, tenantId), eq(tools.mcpServerId, serverId), isNull(tools.deletedAt)))
    .orderBy(asc(tools.name))
    .all();
  if (using.length === 0) return;
  const labels = using.map(({ definition }) => `“${definition.label}”`).join(", ");
  throw new AppError("CONFLICT", `Tools use this MCP server: ${labels}. Delete them first.`);
}

/** @throws AppError NOT_FOUND, the same for one that is unknown, removed or another tenant's */
function requireCredential(tx: SqliteQueries, { tenantId, credential }: McpServer): void {
  if (credential !== null && !hasCredential(tx, tenantId, credential)) throw notFound("credential");
}

/** @throws AppError CONFLICT when `work` gives a second server the same name */
function nameOnce<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    if (!isUniqueViolation(thrown)) throw thrown;
    throw new AppError("CONFLICT", "There is an MCP server of this name already. Choose another name.", {
      cause: thrown,
    });
  }
}

function ofTenant(tenantId: TenantId) {
  return and(eq(mcpServers.tenantId, tenantId), isNull(mcpServers.deletedAt));
}

function isMcpServer(tenantId: TenantId, serverId: McpServerId) {
  return and(eq(mcpServers.tenantId, tenantId), eq(mcpServers.id, serverId));
}

function isVisible(tenantId: TenantId, serverId: McpServerId) {
  return and(isMcpServer(tenantId, serverId), isNull(mcpServers.deletedAt));
}
