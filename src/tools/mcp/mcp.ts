/** Tools that an MCP server has, each allowed by an admin as it was told then and not otherwise. */
import type { McpServerId, TenantId } from "../../domain/ids.ts";
import {
  catalogueName,
  type McpServer,
  type RemoteDefinition,
  type RemoteTool,
} from "../../domain/mcp-server.ts";
import type { CatalogueTool, ToolAction, ToolParameter } from "../../domain/tool.ts";
import { AppError } from "../../errors.ts";
import { validArguments } from "../arguments.ts";
import { requireKnownNames, requireSoundDefinition } from "../definition.ts";
import { resultColumns, tableOf } from "../table.ts";
import type { PreparedTool, ToolRunner } from "../tool.ts";
import type { McpConnections } from "./client.ts";
import { isObject } from "./json-schema.ts";
import { remoteArguments } from "./parameters.ts";
import { rowsOf, textOf } from "./rows.ts";
import { said } from "./trouble.ts";

type McpAction = Extract<ToolAction, { type: "mcp" }>;

export type McpCallDeps = {
  connections: Pick<McpConnections, "tools" | "call">;
  /** @throws AppError NOT_FOUND */
  serverOf: (tenantId: TenantId, serverId: McpServerId) => Promise<McpServer>;
  /** Keeps that a tool is not what was allowed, or that it is again. @param found null for one that is there no longer */
  noteFound: (entry: CatalogueTool, found: RemoteTool | null) => Promise<void>;
};

export function mcpCalls({ connections, serverOf, noteFound }: McpCallDeps): ToolRunner {
  return {
    async prepare(entry, signal) {
      const action = actionOf(entry);
      const server = await serverOf(entry.tenantId, action.server);
      const { tools } = await connections.tools(server, signal);
      return prepared(entry, action, server, tools.find(({ name }) => name === action.remoteName) ?? null);
    },

    async run(entry, given, { visitor, callId }, signal) {
      const { server: serverId, remoteName, allowed, trouble } = actionOf(entry);
      if (allowed === null) throw new TypeError("A draft is prepared before it is run.");
      if (trouble?.kind === "changed") throw changed(entry);
      const values = validArguments(entry.parameters, given, visitor);
      const sent = remoteArguments(allowed.inputSchema, entry.parameters, values);
      const server = await serverOf(entry.tenantId, serverId);
      const agree = async (found: RemoteTool | null) => {
        if (found?.fingerprint === allowed.fingerprint) return;
        await noteFound(entry, found);
        throw found === null ? missing(entry, server) : changed(entry);
      };
      const call = { name: remoteName, arguments: sent, callId: callId ?? null };
      const result = await connections.call(server, call, agree, signal);
      if (result.isError)
        throw new AppError("TOOL_FAILED", `${server.name} says: ${said(textOf(result.content))}`);
      return tableOf(entry, rowsOf(entry, result));
    },

    async explain(entry, given, { visitor }) {
      const { remoteName, allowed } = actionOf(entry);
      const values = validArguments(entry.parameters, given, visitor);
      return `${remoteName} ${JSON.stringify(remoteArguments(allowed?.inputSchema ?? {}, entry.parameters, values))}`;
    },
  };
}

function actionOf({ action }: CatalogueTool): McpAction {
  if (action.type === "mcp") return action;
  throw new TypeError(`This is no tool of an MCP server but ${action.type}.`);
}

/** What an admin left open is taken as the server tells it. */
function prepared(
  entry: CatalogueTool,
  action: McpAction,
  server: McpServer,
  remote: RemoteTool | null,
): PreparedTool {
  if (remote === null)
    throw invalid("remoteName", `${server.name} has no tool called “${action.remoteName}”.`);
  if (remote.problem !== null) throw invalid("remoteName", remote.problem);
  if (action.fingerprint !== null && action.fingerprint !== remote.fingerprint) throw changedSince(server);
  requireConfirmed(entry, remote);
  const parameters = parametersWith(entry, action, remote);
  requireSoundDefinition({ parameters });
  const columns = entry.columns.map(({ name }) => ({ name, type: "text" as const }));
  if (columns.length > 0) requireKnownNames({ ...entry, parameters }, columns);
  const description = entry.description || remote.description.trim();
  if (description === "") throw invalid("description", "Say what the tool tells; the server does not.");
  return {
    parameters,
    columns: resultColumns(entry, columns),
    told: {
      name: entry.name || catalogueName(remote.name),
      label: entry.label || (remote.title ?? remote.name).slice(0, 100),
      description,
      action: { ...action, fingerprint: remote.fingerprint, allowed: definitionOf(remote), trouble: null },
    },
  };
}

function definitionOf({ title, description, inputSchema, readOnly, destructive, fingerprint }: RemoteTool) {
  return { title, description, inputSchema, readOnly, destructive, fingerprint } satisfies RemoteDefinition;
}

/**
 * The parameters that the server tells of, with what an admin wrote down of each: its description, an example, a value
 * of its own and whom it is bound to. Where the server asks for something else by now, the admin's word of it is old.
 */
function parametersWith(
  { parameters: given }: CatalogueTool,
  { allowed }: McpAction,
  remote: RemoteTool,
): ToolParameter[] {
  const stray = given.findIndex(
    ({ name }) => !remote.parameters.some((parameter) => parameter.name === name),
  );
  const isNew = allowed === null;
  if (isNew && stray >= 0)
    throw invalid(`parameters.${stray}.name`, `The tool has no argument “${given[stray]?.name}”.`);
  return remote.parameters.map((parameter) => {
    const own = given.find(({ name }) => name === parameter.name);
    const isKept = own !== undefined && (isNew || isSamePart(allowed, remote, parameter.name));
    if (!isKept) return { ...parameter, boundTo: own?.boundTo ?? null };
    const { description, boundTo, example } = own;
    const taken = boundTo === null ? (own.default ?? parameter.default) : null;
    return {
      ...parameter,
      description: description || parameter.description,
      boundTo,
      example,
      default: taken,
    };
  });
}

function isSamePart(before: RemoteDefinition, now: RemoteDefinition, name: string): boolean {
  const partOf = ({ inputSchema: { properties } }: RemoteDefinition) =>
    isObject(properties) ? properties[name] : undefined;
  return Bun.deepEquals(partOf(before), partOf(now));
}

/** What says of itself that it changes something waits for the visitor, whatever an admin says of it. */
function requireConfirmed({ effect }: CatalogueTool, { readOnly, destructive }: RemoteTool): void {
  if (effect === "write" || (readOnly !== false && (destructive !== true || readOnly === true))) return;
  throw invalid(
    "effect",
    "The server says that this changes something, so its effect is “write”: the visitor confirms each call.",
  );
}

function changed({ label }: CatalogueTool): AppError {
  return new AppError(
    "TOOL_CHANGED",
    `“${label}” is not what an admin allowed: its server says something else of it now. It is used again once an admin has looked at it under Tools.`,
  );
}

function changedSince({ name }: McpServer): AppError {
  return new AppError(
    "TOOL_CHANGED",
    `${name} says something else of this tool than what you looked at. Look at it again, and allow what it says now.`,
  );
}

function missing({ label }: CatalogueTool, { name }: McpServer): AppError {
  return new AppError("TOOL_UNAVAILABLE", `“${label}” cannot be used: ${name} does not have it any longer.`);
}

function invalid(field: string, sentence: string): AppError {
  return new AppError("VALIDATION", `Check “${field}”: ${sentence}`, {
    details: { fields: { [field]: sentence } },
  });
}
