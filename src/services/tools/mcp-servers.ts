/** Servers of the Model Context Protocol: added, changed, removed, and asked for their tools. */
import type { Deps } from "../../deps.ts";
import { type McpServerId, newId, type TenantId } from "../../domain/ids.ts";
import { type JobHandler, newJob, retryForEver, UNDO_MS } from "../../domain/job.ts";
import { type McpServer, PURGE_MCP_SERVER, type RemoteTool } from "../../domain/mcp-server.ts";
import type { Page, PageRequest } from "../../domain/page.ts";
import type { CatalogueTool } from "../../domain/tool.ts";
import { deadline } from "./deadline.ts";
import { lookAtServer, type McpCheckDeps } from "./mcp-check.ts";
import { toolUpkeepJob } from "./upkeep-job.ts";

export type McpServerDeps = McpCheckDeps & { wakeQueue: () => void };

/** Nobody has more of them. */
export const MAX_MCP_SERVERS = 50;
const LOOK_MS = 20_000;

export type NewMcpServer = Pick<McpServer, "name" | "url" | "credential">;
export type McpServerChanges = { [Field in keyof NewMcpServer]?: NewMcpServer[Field] | undefined };

/** A tool that a server has, with the tool that was made of it. */
export type OfferedTool = RemoteTool & { tool: CatalogueTool | null };
export type OfferedTools = { serverVersion: string; truncated: boolean; tools: OfferedTool[] };

/** It is asked for its tools when somebody wants to see them. @throws AppError UNSAFE_URL · EGRESS_DENIED · VALIDATION · NOT_FOUND · CONFLICT · RESOURCE_LIMIT */
export async function addMcpServer(
  deps: McpServerDeps,
  tenantId: TenantId,
  given: NewMcpServer,
): Promise<McpServer> {
  const at = deps.now();
  const server: McpServer = {
    ...{ id: newId("mcp-server"), tenantId, ...given },
    ...{ state: "unchecked", problem: null, serverVersion: null, checkedAt: null },
    ...{ createdAt: at, updatedAt: at, deletedAt: null },
  };
  await deps.mcpClient.requireCallable(server);
  await deps.store.mcpServers.create(server, MAX_MCP_SERVERS);
  await deps.store.jobs.createUnlessQueued(toolUpkeepJob(deps, tenantId));
  deps.wakeQueue();
  return server;
}

export async function getMcpServer(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
  serverId: McpServerId,
): Promise<McpServer> {
  return store.mcpServers.get(tenantId, serverId);
}

export async function listMcpServers(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
  page: PageRequest,
): Promise<Page<McpServer>> {
  return store.mcpServers.list(tenantId, page);
}

/** Tools of it stay allowed as they were told; what another address tells is compared with that. @throws AppError as `addMcpServer` */
export async function updateMcpServer(
  deps: McpServerDeps,
  tenantId: TenantId,
  serverId: McpServerId,
  { name, url, credential }: McpServerChanges,
): Promise<McpServer> {
  const before = await deps.store.mcpServers.get(tenantId, serverId);
  const changed: McpServer = {
    ...before,
    name: name ?? before.name,
    url: url ?? before.url,
    credential: credential === undefined ? before.credential : credential,
    updatedAt: Math.max(deps.now(), before.updatedAt + 1),
  };
  const isSame = changed.url === before.url && changed.credential === before.credential;
  const server: McpServer = isSame
    ? changed
    : { ...changed, state: "unchecked", problem: null, serverVersion: null, checkedAt: null };
  await deps.mcpClient.requireCallable(server);
  await deps.store.mcpServers.update(server);
  await deps.mcpClient.release(serverId);
  return server;
}

/** Hides it at once; `restoreMcpServer` brings it back for 30 s. @throws AppError CONFLICT while tools use it */
export async function removeMcpServer(
  deps: McpServerDeps,
  tenantId: TenantId,
  serverId: McpServerId,
): Promise<void> {
  const now = deps.now();
  const purge = { ...newJob(now, tenantId, PURGE_MCP_SERVER, serverId), runAt: now + UNDO_MS };
  await deps.store.mcpServers.remove(tenantId, serverId, now, purge);
  deps.wakeQueue();
  await deps.mcpClient.release(serverId);
}

export async function restoreMcpServer(
  { store, now }: Pick<Deps, "store" | "now">,
  tenantId: TenantId,
  serverId: McpServerId,
): Promise<McpServer> {
  return store.mcpServers.restore(tenantId, serverId, now());
}

/** The job: deletes a removed server for good. */
export const mcpServerPurge: JobHandler<Pick<Deps, "store">> = {
  priority: 0,
  shown: false,
  lane: "background",
  retryAt: retryForEver,
  async run({ store }, { tenantId, subject }) {
    await store.mcpServers.purge(tenantId, subject as McpServerId);
    return "done";
  },
};

/** What the server tells now; tools that it tells otherwise than they were allowed are set aside. @throws AppError those of `McpClient.tools` */
export async function toolsOfServer(
  deps: McpServerDeps,
  tenantId: TenantId,
  serverId: McpServerId,
  signal: AbortSignal,
): Promise<OfferedTools> {
  const server = await deps.store.mcpServers.get(tenantId, serverId);
  const limited = deadline(LOOK_MS, signal);
  const { serverVersion, tools, truncated } = await lookAtServer(deps, server, limited);
  const allowed = await deps.store.tools.ofServer(tenantId, serverId);
  const toolOf = ({ name }: RemoteTool) =>
    allowed.find(({ action }) => action.type === "mcp" && action.remoteName === name) ?? null;
  return { serverVersion, truncated, tools: tools.map((each) => ({ ...each, tool: toolOf(each) })) };
}
