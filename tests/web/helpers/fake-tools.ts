import type { TriedAnswer } from "../../../src/protocol/admin-api/conversations.ts";
import type { ToolStatisticsView, ToolUseView } from "../../../src/protocol/admin-api/tool-statistics.ts";
import type { ToolView } from "../../../src/protocol/admin-api/tools.ts";
import { aMessage, before, TRACE } from "./sample-data.ts";

/** Tools of the fake server, with what each did. */
export type FakeTools = { tools: ToolView[]; uses: ToolUseView[] };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ORDER = {
  ...{ name: "order", type: "text" as const, description: "Number of the order", required: true },
  ...{
    default: null,
    values: [],
    valuesQuery: null,
    min: null,
    max: null,
    pattern: "\\d{4}",
    example: "4711",
  },
  ...{ boundTo: null, in: "path" as const },
};

export function aCall(at: number, given: Partial<Extract<ToolView, { type: "rest_api" }>> = {}): ToolView {
  return {
    ...{ id: `tol_${at}`, type: "rest_api", name: `order_state_${at}`, label: `State of an order ${at}` },
    ...{ description: "Where an order is", method: "GET", url: "https://erp.example/orders/{order}" },
    ...{ headers: {}, credential: null, responsePath: "$.order", parameters: [ORDER], columns: [] },
    ...{ rowLimit: 50, answerTemplate: "Order {order} is {state}.", emptyTemplate: null },
    ...{ exampleQuestions: ["Where is order 4711?"], audience: "everyone", effect: "read" },
    ...{ sharedOverMcp: true, enabled: true, createdAt: before(HOUR), updatedAt: before(HOUR) },
    statistics: {
      ...{ calls: 1_284 - at, failures: at, p50Ms: 12, p95Ms: 1_480, byVisitors: 1_200 - at, byPrograms: 84 },
      ...{ trials: 3, lastUsedAt: before(at * HOUR) },
    },
    ...given,
  };
}

const NEVER = {
  ...{ calls: 0, failures: 0, p50Ms: null, p95Ms: null, byVisitors: 0, byPrograms: 0, trials: 0 },
  lastUsedAt: null,
};

function someUses(): ToolUseView[] {
  const visited = { by: "visitor" as const, conversation: "cnv_1", message: "msg_2" };
  const elsewhere = { conversation: null, message: null };
  return [
    { at: before(MINUTE), ms: 12, outcome: "done", error: null, name: "Ada Lovelace", ...visited },
    { at: before(HOUR), ms: 5_004, outcome: "failed", error: "TOOL_TIMEOUT", name: null, ...visited },
    {
      at: before(2 * HOUR),
      ms: 9,
      outcome: "done",
      error: null,
      by: "program",
      name: "Desk assistant of sales",
      ...elsewhere,
    },
    {
      at: before(3 * HOUR),
      ms: 14,
      outcome: "failed",
      error: "INVALID_ARGUMENT",
      by: "person",
      name: "Fiona Marsh",
      ...elsewhere,
    },
  ];
}

export function toolsFor(scenario: string): FakeTools {
  if (scenario === "empty") return { tools: [], uses: [] };
  const tools = [
    aCall(1),
    aCall(2, {
      ...{ label: "Bestellungsstornierungsbestätigungsversand auslösen", effect: "write", method: "POST" },
      ...{ name: "bestellungsstornierungsbestaetigungsversand_ausloesen", enabled: false },
      ...{ audience: { tags: ["sales"] }, statistics: NEVER },
    }),
  ];
  if (scenario !== "crowded") return { tools, uses: someUses() };
  const uses = Array.from({ length: 12 }, someUses).flat();
  return { tools: Array.from({ length: 200 }, (_, at) => aCall(at + 1)), uses };
}

/** The answer to a call about tools, or with one alone; null for any other. */
export function toolCall(
  call: string,
  url: URL,
  body: Record<string, unknown>,
  state: FakeTools,
): Response | null {
  if (call === "GET /api/admin/db" || call === "GET /api/admin/credentials")
    return Response.json({ items: [], nextCursor: null });
  if (call === "POST /api/admin/knowledge/answer" && body.tool) return tried(body, state);
  if (!url.pathname.startsWith("/api/admin/tools")) return null;
  const [, id = "", verb = ""] = /^\/api\/admin\/tools\/(tol_[^/]+)\/?(.*)$/.exec(url.pathname) ?? [];
  if (id === "") return Response.json({ items: state.tools.slice(0, 50), nextCursor: null });
  const tool = state.tools.find((each) => each.id === id);
  if (tool === undefined) return null;
  if (verb === "statistics") return Response.json(statisticsOf(tool, state));
  if (verb === "run") {
    const columns = [{ name: "state", label: "State", type: "text" }];
    return Response.json({ columns, rows: [["cancelled"]], rowCount: 1, truncated: false, ms: 31 });
  }
  const { statistics: _listed, ...shown } = tool;
  return Response.json(shown);
}

function statisticsOf({ statistics = NEVER }: ToolView, { uses }: FakeTools): ToolStatisticsView {
  return { ...statistics, days: 30, latest: statistics.calls === 0 ? [] : uses };
}

function tried(body: Record<string, unknown>, { tools }: FakeTools): Response {
  const tool = tools.find(({ id }) => id === body.tool);
  if (tool?.audience !== "everyone" && !body.visitor) {
    const message = "This tool is not for such a visitor. Say as whom you ask.";
    return Response.json(
      { error: { code: "TOOL_REQUIRES_IDENTITY", message, requestId: "req_1" } },
      { status: 422 },
    );
  }
  const trace = { ...TRACE, provider: "extractive", candidates: [], toolCalls: [] };
  const reason = "Nothing in the knowledge bears on the question, so no model was asked to answer.";
  if (!String(body.question).includes("4711")) {
    const answer = aMessage({ content: "I could not find an answer to that.", abstained: true });
    return Response.json({
      answer,
      trace: { ...trace, outcome: { ...TRACE.outcome, reason } },
    } satisfies TriedAnswer);
  }
  const called = { name: tool?.name ?? "", label: tool?.label ?? "", arguments: '{"order":"4711"}', ms: 12 };
  if (tool?.effect !== "write") {
    const answer = aMessage({ content: "Order 4711 is shipped." });
    return Response.json({
      answer,
      trace: { ...trace, toolCalls: [{ ...called, result: "state: shipped" }] },
    });
  }
  const words = [{ label: "Number of the order", value: "4711" }];
  const waiting = { state: "pending_confirmation" as const, expiresAt: before(-5 * MINUTE) };
  const confirmation = {
    call: "tcl_1",
    tool: tool.name,
    label: tool.label,
    arguments: { order: "4711" },
    words,
  };
  const answer = aMessage({ content: "Confirm it below.", confirmations: [{ ...confirmation, ...waiting }] });
  const toolCalls = [{ ...called, state: waiting.state, result: "" }];
  return Response.json({ answer, trace: { ...trace, provider: "openai", toolCalls } } satisfies TriedAnswer);
}
