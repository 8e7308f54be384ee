import type { Connection } from "../domain/connection.ts";
import type { ConnectionId } from "../domain/ids.ts";
import { lostKeySentence } from "../domain/secret.ts";
import type { CatalogueTool, ToolAction } from "../domain/tool.ts";
import { AppError } from "../errors.ts";
import type { ConnectionView, TestConnectionAnswer } from "../protocol/admin-api/connections.ts";
import type { NewTool, RunToolAnswer, ToolChanges, ToolView } from "../protocol/admin-api/tools.ts";
import type { CheckResult } from "../services/tools/connection-check.ts";
import type { ToolDraft, ToolRun } from "../services/tools/tools.ts";
import { toIso } from "./views.ts";

type ShownCode = NonNullable<ConnectionView["problem"]>["code"];

export function connectionView(connection: Connection): ConnectionView {
  const { id, name, type, host, port, database, username, tls, ca, masks, state, problem } = connection;
  return {
    ...{ id, name, type, host, port, database, username, tls, ca, masks, state },
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

export function toolView(tool: CatalogueTool): ToolView {
  const { id, name, label, description, columns, rowLimit, answerTemplate, emptyTemplate } = tool;
  const { exampleQuestions, audience, effect, sharedOverMcp, enabled } = tool;
  return {
    ...{ id, name, label, description, ...actionView(tool.action), columns, rowLimit },
    parameters: tool.parameters.map(({ in: _in, default: taken, ...parameter }) => ({
      ...parameter,
      // Only groups of a visitor are a list, and those have no default.
      default: Array.isArray(taken) ? null : (taken as string | number | boolean | null),
    })),
    ...{ answerTemplate, emptyTemplate, exampleQuestions, audience, effect, sharedOverMcp, enabled },
    createdAt: toIso(tool.createdAt),
    updatedAt: toIso(tool.updatedAt),
  };
}

function actionView(action: ToolAction): Pick<ToolView, "type" | "connection" | "query"> {
  if (action.type === "db_query") return action;
  throw new AppError("TOOL_FAILED", `This Parley cannot show a tool of the kind “${action.type}”.`);
}

/** A tool as it was sent; the schema has checked that the connection is an id. */
export function toolDraft({ type, connection, query, parameters, ...common }: NewTool): ToolDraft {
  return {
    ...common,
    action: { type, connection: connection as ConnectionId, query },
    parameters: parameters.map((parameter) => ({ ...parameter, in: null })),
  };
}

/** What a change makes of a tool. */
export function toolChanges(changes: ToolChanges): (before: CatalogueTool) => Partial<ToolDraft> {
  const { type: _type, connection, query, parameters, ...common } = changes;
  return ({ action }) => {
    if (action.type !== "db_query") throw new AppError("VALIDATION", "This tool asks no database.");
    const given = Object.entries(common).filter(([, value]) => value !== undefined);
    return {
      // The schema has the fields of a draft.
      ...(Object.fromEntries(given) as Partial<ToolDraft>),
      action: {
        type: "db_query",
        connection: (connection as ConnectionId | undefined) ?? action.connection,
        query: query ?? action.query,
      },
      ...(parameters && { parameters: parameters.map((parameter) => ({ ...parameter, in: null })) }),
    };
  };
}

export function runView({ table, ms }: ToolRun): RunToolAnswer {
  const { columns, rows, rowCount, truncated } = table;
  return {
    columns: columns.map(({ unit, ...column }) => ({ ...column, ...(unit !== null && { unit }) })),
    ...{ rows, rowCount, truncated, ms },
  };
}
