/**
 * The job that looks after connections, MCP servers and tools: a role that could only read may have been given more since,
 * a server that was away may be back, what an MCP server says of its tools and the values of an enum change.
 */
import type { Deps } from "../../deps.ts";
import type { Connection } from "../../domain/connection.ts";
import type { UnixMs } from "../../domain/ids.ts";
import { type JobHandler, retryForEver } from "../../domain/job.ts";
import type { McpServer } from "../../domain/mcp-server.ts";
import type { CatalogueTool } from "../../domain/tool.ts";
import { toAppError } from "../../errors.ts";
import { checkConnection } from "./connection-check.ts";
import { deadline } from "./deadline.ts";
import { lookAtServer, type McpCheckDeps } from "./mcp-check.ts";
import { refreshOutlines } from "./schema-access.ts";
import { usableTools } from "./tools.ts";
import { toolUpkeepJob } from "./upkeep-job.ts";

export type ToolUpkeepDeps = McpCheckDeps & Pick<Deps, "databases" | "toolRunner" | "log">;

const MINUTE_MS = 60_000;
const ROUND_MS = 10 * MINUTE_MS;
/** Of a role that could only read. */
const DAILY_MS = 24 * 60 * MINUTE_MS;
const PREPARE_MS = 15_000;

export const toolUpkeep: JobHandler<ToolUpkeepDeps> = {
  priority: 2,
  shown: false,
  lane: "others",
  everyMs: ROUND_MS,
  retryAt: retryForEver,

  async atStart(deps) {
    const [used] = [...(await deps.store.connections.all()), ...(await deps.store.mcpServers.all())];
    if (used) await deps.store.jobs.createUnlessQueued(toolUpkeepJob(deps, used.tenantId));
  },

  async run(deps, _job, signal) {
    for (const connection of await deps.store.connections.all()) {
      if (signal.aborted) return "again";
      if (isDue(connection, deps.now())) await check(deps, connection);
    }
    for (const server of await deps.store.mcpServers.all()) {
      if (signal.aborted) return "again";
      if (isDueForALook(server, deps.now())) await look(deps, server, signal);
    }
    await refreshAll(deps, signal);
    return "done";
  },
};

/** What could not be reached is tried each round; what was found out is looked at again after a day. */
function isDue({ state, problem, checkedAt }: Connection, now: UnixMs): boolean {
  const isSettled = state === "failed" || (state === "ready" && problem === null);
  return !isSettled || checkedAt === null || now - checkedAt >= DAILY_MS;
}

function isDueForALook({ problem, checkedAt }: McpServer, now: UnixMs): boolean {
  return problem !== null || checkedAt === null || now - checkedAt >= DAILY_MS;
}

async function look(deps: ToolUpkeepDeps, server: McpServer, signal: AbortSignal): Promise<void> {
  try {
    await lookAtServer(deps, server, deadline(PREPARE_MS, signal));
  } catch (thrown) {
    if (signal.aborted) return;
    const { code } = toAppError(thrown);
    deps.log.warn("mcp-server-not-looked-at", { tenant: server.tenantId, server: server.id, code });
  }
}

async function check(deps: ToolUpkeepDeps, connection: Connection): Promise<void> {
  const { problem } = await checkConnection(deps, connection);
  if (problem === null) return await refreshAccess(deps, connection);
  await deps.databases.release(connection.id);
  deps.log.warn("connection-check-failed", {
    tenant: connection.tenantId,
    connection: connection.id,
    code: problem.code,
  });
}

/** Outlines that cannot be fetched stay what they were. */
async function refreshAccess(deps: ToolUpkeepDeps, connection: Connection): Promise<void> {
  try {
    await refreshOutlines(deps, connection);
  } catch (thrown) {
    deps.log.warn("outlines-not-fetched", {
      tenant: connection.tenantId,
      connection: connection.id,
      code: toAppError(thrown).code,
    });
  }
}

async function refreshAll(deps: ToolUpkeepDeps, signal: AbortSignal): Promise<void> {
  for (const { id } of await deps.store.tenants.list()) {
    const tools = (await usableTools(deps, id)).filter(hasQueriedValues);
    for (const tool of tools) {
      if (signal.aborted) return;
      await refreshValues(deps, tool, signal);
    }
  }
}

function hasQueriedValues({ parameters }: CatalogueTool): boolean {
  return parameters.some(({ valuesQuery }) => valuesQuery !== null);
}

/** Values that cannot be fetched stay what they were. */
async function refreshValues(deps: ToolUpkeepDeps, tool: CatalogueTool, signal: AbortSignal): Promise<void> {
  try {
    const limited = deadline(PREPARE_MS, signal);
    const { parameters } = await deps.toolRunner.prepare(tool, limited);
    if (Bun.deepEquals(parameters, tool.parameters)) return;
    await deps.store.tools.replaceParameters(tool, parameters);
  } catch (thrown) {
    if (signal.aborted) return;
    deps.log.warn("tool-values-not-fetched", {
      tenant: tool.tenantId,
      tool: tool.id,
      code: toAppError(thrown).code,
    });
  }
}
