import { and, asc, count, eq, gt, isNotNull, isNull, type Placeholder, type SQL, sql } from "drizzle-orm";
import type { TenantId, ToolId, UnixMs } from "../../domain/ids.ts";
import { type CatalogueTool, PURGE_TOOL } from "../../domain/tool.ts";
import { AppError } from "../../errors.ts";
import type { ToolStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { hasConnection } from "./connections.ts";
import { isUniqueViolation } from "./constraint.ts";
import { hasCredential } from "./credentials.ts";
import { fromCursor, toPage } from "./cursor.ts";
import { cancelUnbegun, insertJob, removeJobsOf } from "./jobs.ts";
import { hasMcpServer } from "./mcp-servers.ts";
import { notFound, required, without } from "./row.ts";
import { tools } from "./schema.ts";
import { removeUsesOf } from "./tool-uses.ts";

type ToolRow = typeof tools.$inferSelect;

export function sqliteToolStore(db: SqliteDb): ToolStore {
  const write = <Result>(work: (tx: SqliteQueries) => Result): Result =>
    db.transaction(work, { behavior: "immediate" });
  // Kept, because every turn asks for it: building the query takes longer than running it.
  const enabled = selectTools(
    db,
    and(ofTenant(sql.placeholder("tenantId")), eq(tools.enabled, true)),
  ).prepare();

  return {
    async create(tool, limit) {
      write((tx) => {
        requireRoom(tx, tool.tenantId, limit);
        requireParts(tx, tool);
        nameOnce(() => tx.insert(tools).values(toRow(tool)).run());
      });
    },

    async get(tenantId, toolId) {
      return getTool(db, tenantId, toolId);
    },

    async list(tenantId, page) {
      const isBehind = page.cursor === null ? undefined : gt(tools.name, String(fromCursor(page.cursor)[0]));
      const rows = selectTools(db, and(ofTenant(tenantId), isBehind))
        .limit(page.limit + 1)
        .all();
      const { items, nextCursor } = toPage(rows, page.limit, ({ name, id }) => [name, id]);
      return { items: items.map(toTool), nextCursor };
    },

    async enabled(tenantId) {
      return enabled.all({ tenantId }).map(toTool);
    },

    async all() {
      return selectTools(db, isNull(tools.deletedAt)).all().map(toTool);
    },

    async update(tool) {
      write((tx) => {
        requireParts(tx, tool);
        const changes = without(toRow(tool), "tenantId", "id", "createdAt", "deletedAt");
        const changed = nameOnce(() =>
          tx.update(tools).set(changes).where(isVisible(tool.tenantId, tool.id)).run(),
        );
        if (changed.changes === 0) throw notFound("tool");
      });
    },

    async replaceParameters({ tenantId, id, updatedAt }, parameters) {
      write((tx) => {
        const isUnchanged = and(isVisible(tenantId, id), eq(tools.updatedAt, updatedAt));
        const row = tx.select().from(tools).where(isUnchanged).get();
        if (row === undefined) return;
        tx.update(tools)
          .set({ definition: { ...row.definition, parameters } })
          .where(isUnchanged)
          .run();
      });
    },

    async ofServer(tenantId, serverId) {
      return selectTools(db, and(ofTenant(tenantId), eq(tools.mcpServerId, serverId)))
        .all()
        .map(toTool);
    },

    async recordTrouble({ tenantId, id, updatedAt }, trouble) {
      return write((tx) => {
        const isUnchanged = and(isVisible(tenantId, id), eq(tools.updatedAt, updatedAt));
        const row = tx.select().from(tools).where(isUnchanged).get();
        if (row?.definition.action.type !== "mcp") return false;
        const action = { ...row.definition.action, trouble };
        const enabled = row.enabled && trouble?.kind !== "changed";
        tx.update(tools)
          .set({ definition: { ...row.definition, action }, enabled })
          .where(isUnchanged)
          .run();
        return true;
      });
    },

    async remove(tenantId, toolId, now, purge) {
      write((tx) => {
        const removed = tx.update(tools).set({ deletedAt: now }).where(isVisible(tenantId, toolId)).run();
        if (removed.changes === 0) throw notFound("tool");
        insertJob(tx, purge);
      });
    },

    async restore(tenantId, toolId, now) {
      return write((tx) => restore(tx, tenantId, toolId, now));
    },

    async purge(tenantId, toolId) {
      write((tx) => {
        const isHidden = and(isTool(tenantId, toolId), isNotNull(tools.deletedAt));
        if (tx.delete(tools).where(isHidden).run().changes === 0) return;
        removeUsesOf(tx, tenantId, toolId);
        removeJobsOf(tx, [PURGE_TOOL], tenantId, toolId);
      });
    },
  };
}

function selectTools(db: SqliteQueries, where: SQL | undefined) {
  return db.select().from(tools).where(where).orderBy(asc(tools.name), asc(tools.id));
}

function getTool(db: SqliteQueries, tenantId: TenantId, toolId: ToolId): CatalogueTool {
  return toTool(required(db.select().from(tools).where(isVisible(tenantId, toolId)).get(), "tool"));
}

function toTool({
  definition,
  kind: _kind,
  connectionId: _connection,
  mcpServerId: _server,
  ...row
}: ToolRow): CatalogueTool {
  return { ...row, ...definition };
}

function toRow(tool: CatalogueTool): ToolRow {
  const { id, tenantId, name, enabled, createdAt, updatedAt, deletedAt, ...definition } = tool;
  const { action } = definition;
  return {
    ...{ id, tenantId, name, enabled, createdAt, updatedAt, deletedAt, definition },
    kind: action.type,
    connectionId: action.type === "db_query" ? action.connection : null,
    mcpServerId: action.type === "mcp" ? action.server : null,
  };
}

function restore(tx: SqliteQueries, tenantId: TenantId, toolId: ToolId, now: UnixMs): CatalogueTool {
  const isHidden = and(isTool(tenantId, toolId), isNotNull(tools.deletedAt));
  const hidden = tx.select().from(tools).where(isHidden).get();
  if (hidden === undefined || !cancelUnbegun(tx, PURGE_TOOL, tenantId, toolId, now)) throw notFound("tool");
  if (hidden.connectionId !== null && !hasConnection(tx, tenantId, hidden.connectionId)) {
    throw new AppError("CONFLICT", "The database connection of this tool was deleted. Restore that first.");
  }
  if (hidden.mcpServerId !== null && !hasMcpServer(tx, tenantId, hidden.mcpServerId)) {
    throw new AppError("CONFLICT", "The MCP server of this tool was deleted. Restore that first.");
  }
  const { action } = hidden.definition;
  if (
    action.type === "rest_api" &&
    action.credential !== null &&
    !hasCredential(tx, tenantId, action.credential)
  )
    throw new AppError("CONFLICT", "The credential of this tool was deleted. Restore that first.");
  nameOnce(() => tx.update(tools).set({ deletedAt: null }).where(isHidden).run());
  return getTool(tx, tenantId, toolId);
}

function requireRoom(tx: SqliteQueries, tenantId: TenantId, limit: number): void {
  const there = tx.select({ all: count() }).from(tools).where(ofTenant(tenantId)).get()?.all ?? 0;
  if (there < limit) return;
  throw new AppError("RESOURCE_LIMIT", `There may be ${limit} tools. Delete one first.`);
}

/** @throws AppError NOT_FOUND, the same for one that is unknown, removed or another tenant's */
function requireParts(tx: SqliteQueries, { tenantId, action }: CatalogueTool): void {
  if (action.type === "mcp" && !hasMcpServer(tx, tenantId, action.server)) throw notFound("MCP server");
  if (action.type === "db_query" && !hasConnection(tx, tenantId, action.connection))
    throw notFound("connection");
  if (
    action.type === "rest_api" &&
    action.credential !== null &&
    !hasCredential(tx, tenantId, action.credential)
  )
    throw notFound("credential");
}

/** @throws AppError CONFLICT when `work` gives a second tool the same name */
function nameOnce<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    if (!isUniqueViolation(thrown)) throw thrown;
    throw new AppError("CONFLICT", "There is a tool of this name already. Choose another name.", {
      cause: thrown,
    });
  }
}

function ofTenant(tenantId: TenantId | Placeholder) {
  return and(eq(tools.tenantId, tenantId), isNull(tools.deletedAt));
}

function isTool(tenantId: TenantId, toolId: ToolId) {
  return and(eq(tools.tenantId, tenantId), eq(tools.id, toolId));
}

function isVisible(tenantId: TenantId, toolId: ToolId) {
  return and(isTool(tenantId, toolId), isNull(tools.deletedAt));
}
