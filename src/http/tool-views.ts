import type { Connection } from "../domain/connection.ts";
import type { ConnectionId, CredentialId, McpServerId } from "../domain/ids.ts";
import type { RemoteTrouble } from "../domain/mcp-server.ts";
import { lostKeySentence } from "../domain/secret.ts";
import type { CatalogueTool, ToolAction, ToolParameter } from "../domain/tool.ts";
import type { ToolFigures } from "../domain/tool-use.ts";
import { AppError } from "../errors.ts";
import type { ConnectionView, TestConnectionAnswer } from "../protocol/admin-api/connections.ts";
import type { NewTool, RunToolAnswer, ToolChanges, ToolView } from "../protocol/admin-api/tools.ts";
import type { CheckResult } from "../services/tools/connection-check.ts";
import type { ToolDraft, ToolRun } from "../services/tools/tools.ts";
import { figuresView } from "./tool-statistics-views.ts";
import { toIso } from "./views.ts";

type ShownCode = NonNullable<ConnectionView["problem"]>["code"];

export function connectionView(connection: Connection): ConnectionView {
  const { id, name, type, host, port, database, username, tls, ca, masks, state, problem } = connection;
  const { enabled, tables, audience } = connection.schemaAccess;
  return {
    ...{ id, name, type, host, port, database, username, tls, ca, masks, state },
    schemaAccess: { enabled, tables: tables.map(({ schema, table }) => ({ schema, table })), audience },
    password: { set: connection.password !== null || connection.keyLost === true },
    passwordProblem: connection.keyLost ? lostKeySentence("database connection", "password") : null,
    problem: problem && { code: shownCode(problem.code), message: problem.message },
    serverVersion: connection.serverVersion,
    checkedAt: connection.checkedAt === null ? null : toIso(connection.checkedAt),
    createdAt: toIso(connection.createdAt),
    updatedAt: toIso(connection.updatedAt),
  };
}

export function checkView({ problem, serverVersion, readOnly }: CheckResult): TestConnectionAnswer {
  const known = {
    ...(serverVersion !== null && { serverVersion }),
    ...(readOnly !== null && { readOnly }),
  };
  if (problem) return { ok: false, code: shownCode(problem.code), message: problem.message, ...known };
  return { ok: true, message: `${serverVersion} answers, and the role can only read.`, ...known };
}

/** An address that is never called is one that may not be called. A service gives no other code of a check. */
function shownCode(code: string): ShownCode {
  return code === "UNSAFE_URL" ? "EGRESS_DENIED" : (code as ShownCode);
}

/** @param figures what it did, where that is told with it */
export function toolView(tool: CatalogueTool, figures?: ToolFigures): ToolView {
  const { id, name, label, description, columns, rowLimit, answerTemplate, emptyTemplate } = tool;
  const { exampleQuestions, audience, effect, sharedOverMcp, enabled } = tool;
  return {
    ...{ id, name, label, description, ...actionView(tool.action), columns, rowLimit },
    parameters: tool.parameters.map(({ default: taken, labels = {}, values, ...parameter }) => ({
      ...parameter,
      values: values.map((value) =>
        Object.hasOwn(labels, value) ? { value, label: labels[value] ?? value } : value,
      ),
      // Only groups of a visitor are a list, and those have no default.
      default: Array.isArray(taken) ? null : (taken as string | number | boolean | null),
    })),
    ...{ answerTemplate, emptyTemplate, exampleQuestions, audience, effect, sharedOverMcp, enabled },
    createdAt: toIso(tool.createdAt),
    updatedAt: toIso(tool.updatedAt),
    ...(figures && { statistics: figuresView(figures) }),
  };
}

function actionView(action: ToolAction) {
  if (action.type !== "mcp") return action;
  const { type, server, remoteName, allowed, trouble } = action;
  if (allowed === null) throw new TypeError("A tool that is saved was allowed.");
  return {
    ...{ type, server, remoteName, fingerprint: allowed.fingerprint, state: toolState(trouble), allowed },
    found: trouble?.kind === "changed" ? trouble.found : null,
  };
}

export function toolState(trouble: RemoteTrouble | null): "ready" | "changed" | "missing" {
  return trouble?.kind ?? "ready";
}

/** A tool as it was sent; the schema has checked that ids are ids. */
export function toolDraft(tool: NewTool): ToolDraft {
  if (tool.type === "db_query") {
    const { type, connection, query, ...common } = tool;
    const parameters = common.parameters.map((parameter) => ({ ...parameterDraft(parameter), in: null }));
    return { ...common, parameters, action: { type, connection: connection as ConnectionId, query } };
  }
  if (tool.type === "mcp") return mcpDraft(tool);
  const { type, method, url, headers, credential, responsePath, effect, ...common } = tool;
  return {
    ...common,
    parameters: common.parameters.map(parameterDraft),
    effect: effect ?? (method === "GET" || method === "HEAD" ? "read" : "write"),
    action: { type, method, url, headers, credential: credential as CredentialId | null, responsePath },
  };
}

type SentParameter = NonNullable<ToolChanges["parameters"]>[number];

/** Labels stand beside the values. */
function parameterDraft({ values, ...parameter }: Omit<SentParameter, "schema">): ToolParameter {
  const labels = values.flatMap((each) =>
    typeof each === "string" ? [] : [[each.value, each.label] as const],
  );
  return {
    ...parameter,
    values: values.map((each) => (typeof each === "string" ? each : each.value)),
    ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
  };
}

/** What is left out is empty, and taken from what the server says. */
function mcpDraft({
  type,
  server,
  remoteName,
  fingerprint = null,
  ...common
}: Extract<NewTool, { type: "mcp" }>): ToolDraft {
  const { name, label, description, parameters } = common;
  return {
    ...common,
    ...{ name: name ?? "", label: label ?? "", description: description ?? "" },
    parameters: parameters.map(remoteParameter),
    action: {
      ...{ type, server: server as McpServerId, remoteName, fingerprint, allowed: null, trouble: null },
    },
  };
}

/** The schema of a value is the server's to say. */
function remoteParameter({ schema: _, ...parameter }: SentParameter): ToolParameter {
  return { ...parameterDraft(parameter), in: null };
}

/** Fields of a kind's own. */
const OWN_FIELDS = {
  db_query: ["connection", "query"],
  rest_api: ["method", "url", "headers", "credential", "responsePath"],
  mcp: ["server", "remoteName", "fingerprint"],
} as const;

/** What a change makes of a tool. */
export function toolChanges(changes: ToolChanges): (before: CatalogueTool) => Partial<ToolDraft> {
  return ({ action }) => {
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    const own: readonly string[] = OWN_FIELDS[action.type];
    const foreign = Object.values(OWN_FIELDS)
      .flat()
      .filter((field) => !own.includes(field));
    requireSameKind(action, given, foreign);
    const ofAction = given.filter(([field]) => own.includes(field));
    const common = given.filter(([field]) => field !== "type" && !own.includes(field));
    const changed = { ...action, ...Object.fromEntries(ofAction) } as ToolAction;
    return {
      // The schema has the fields of a draft.
      ...(Object.fromEntries(common) as Partial<ToolDraft>),
      ...(changes.parameters && { parameters: parametersFor(action, changes.parameters) }),
      action: action.type === "mcp" ? mcpChanges(action, changes) : changed,
    };
  };
}

type McpAction = Extract<ToolAction, { type: "mcp" }>;

/**
 * Another tool is allowed as it is told; what its server has changed is allowed by whoever turns it on again, just as
 * they saw it where they say what they saw.
 */
function mcpChanges(action: McpAction, { server, remoteName, fingerprint, enabled }: ToolChanges): McpAction {
  const isAnother =
    (server !== undefined && server !== action.server) ||
    (remoteName !== undefined && remoteName !== action.remoteName);
  const isAnew = isAnother || (enabled === true && action.trouble?.kind === "changed");
  return {
    ...action,
    server: (server ?? action.server) as McpServerId,
    remoteName: remoteName ?? action.remoteName,
    fingerprint: fingerprint ?? (isAnew ? null : action.fingerprint),
    ...(isAnother && { allowed: null, trouble: null }),
  };
}

/** @throws AppError VALIDATION for a parameter that only a tool of an MCP server has */
function parametersFor(
  { type }: ToolAction,
  parameters: NonNullable<ToolChanges["parameters"]>,
): CatalogueTool["parameters"] {
  if (type === "mcp") return parameters.map(remoteParameter);
  return parameters.map(({ schema, ...parameter }, index) => {
    if (schema === undefined && /^\w+$/.test(parameter.name)) return parameterDraft(parameter);
    const sentence = "A name has letters, digits and underscores.";
    throw new AppError("VALIDATION", `Check “parameters.${index}.name”: ${sentence}`, {
      details: { fields: { [`parameters.${index}.name`]: sentence } },
    });
  });
}

/** @throws AppError VALIDATION for a field that a tool of this kind does not have */
function requireSameKind(
  { type }: ToolAction,
  given: readonly [string, unknown][],
  foreign: readonly string[],
): void {
  const wrong = given.find(
    ([field, value]) => foreign.includes(field) || (field === "type" && value !== type),
  );
  if (!wrong) return;
  const sentence = `A tool of the kind “${type}” has no such “${wrong[0]}”. Add another tool instead.`;
  throw new AppError("VALIDATION", sentence, { details: { fields: { [wrong[0]]: sentence } } });
}

export function runView({ table, ms }: ToolRun): RunToolAnswer {
  const { columns, rows, rowCount, truncated } = table;
  return {
    columns: columns.map(({ unit, ...column }) => ({ ...column, ...(unit !== null && { unit }) })),
    ...{ rows, rowCount, truncated, ms },
  };
}
