/** What an MCP server tells of its tools, beside what was allowed: what differs is not used until an admin looks at it. */
import type { Deps } from "../../deps.ts";
import type { McpServer, RemoteTool, RemoteTools, RemoteTrouble } from "../../domain/mcp-server.ts";
import type { CatalogueTool, ToolAction } from "../../domain/tool.ts";
import { AppError, toAppError } from "../../errors.ts";

export type McpCheckDeps = Pick<Deps, "store" | "now" | "live"> & Pick<Deps, "mcpClient">;

type McpAction = Extract<ToolAction, { type: "mcp" }>;

/**
 * Asks the server for its tools, and keeps what was found: of the server, and of each tool of it that was allowed.
 *
 * @throws AppError those of `McpClient.tools`; they are kept with the server
 */
export async function lookAtServer(
  deps: McpCheckDeps,
  server: McpServer,
  signal: AbortSignal,
): Promise<RemoteTools> {
  const checkedAt = deps.now();
  try {
    const found = await deps.mcpClient.tools(server, signal);
    const { serverVersion } = found;
    await deps.store.mcpServers.recordCheck(server, {
      state: "ready",
      problem: null,
      serverVersion,
      checkedAt,
    });
    for (const tool of await deps.store.tools.ofServer(server.tenantId, server.id)) {
      const remote = remoteOf(tool, found.tools);
      // One that is not among the first pages of very many may be behind them.
      if (remote !== null || !found.truncated) await noteFound(deps, tool, remote);
    }
    return found;
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    const { code, message } = toAppError(thrown);
    const { serverVersion } = server;
    const state = server.state === "unchecked" ? "unchecked" : "failed";
    await deps.store.mcpServers.recordCheck(server, {
      state,
      problem: { code, message },
      serverVersion,
      checkedAt,
    });
    throw thrown instanceof AppError ? thrown : new AppError("TOOL_FAILED", message, { cause: thrown });
  }
}

function remoteOf({ action }: CatalogueTool, tools: readonly RemoteTool[]): RemoteTool | null {
  return tools.find(({ name }) => action.type === "mcp" && name === action.remoteName) ?? null;
}

/**
 * Keeps that a tool is not what was allowed, or that it is again. What has changed is disabled, written into the audit
 * log and told to whoever is in the backoffice.
 *
 * @param found null for one that the server has no longer
 */
export async function noteFound(
  deps: Pick<McpCheckDeps, "store" | "now" | "live">,
  tool: CatalogueTool,
  found: RemoteTool | null,
): Promise<void> {
  if (tool.action.type !== "mcp") return;
  const before = tool.action.trouble;
  const trouble = troubleOf(tool.action, found, deps.now());
  if (trouble?.kind === before?.kind && foundIn(trouble) === foundIn(before)) return;
  const isKept = await deps.store.tools.recordTrouble(tool, trouble);
  if (!isKept || trouble?.kind !== "changed") return;
  await deps.store.audit.append({
    ...{ at: deps.now(), tenantId: tool.tenantId, actor: "system", address: null, requestId: null },
    ...{ action: "tool.changed-by-server", target: tool.id },
    changes: { name: tool.name, enabled: false, fingerprint: trouble.found.fingerprint },
  });
  deps.live.publish({
    ...{ type: "notice", tenantId: tool.tenantId, level: "warn", code: "TOOL_CHANGED" },
    text: `“${tool.label}” was changed by its server and is off until somebody looks at it.`,
  });
}

/** What has changed stays set aside until an admin has looked, whatever the server says next; they see what it says now. */
function troubleOf(
  { allowed, trouble }: McpAction,
  found: RemoteTool | null,
  at: number,
): RemoteTrouble | null {
  if (found === null) return trouble?.kind === "changed" ? trouble : { kind: "missing", at };
  const isAllowed = found.fingerprint === allowed?.fingerprint;
  if (isAllowed && trouble?.kind !== "changed") return null;
  const { title, description, inputSchema, readOnly, destructive, fingerprint } = found;
  return {
    kind: "changed",
    at: trouble?.kind === "changed" ? trouble.at : at,
    found: { title, description, inputSchema, readOnly, destructive, fingerprint },
  };
}

function foundIn(trouble: RemoteTrouble | null): string | null {
  return trouble?.kind === "changed" ? trouble.found.fingerprint : null;
}
