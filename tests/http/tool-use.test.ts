/** What a tool did, and what it would do for a visitor, asked over an API that is there. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { TriedAnswer } from "../../src/protocol/admin-api/conversations.ts";
import type { ToolStatisticsView } from "../../src/protocol/admin-api/tool-statistics.ts";
import type { ToolView } from "../../src/protocol/admin-api/tools.ts";
import { type AdminClient, OWNER, setUpOwner } from "../helpers/admin-client.ts";
import { addMember } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { startScriptedProvider } from "../helpers/scripted-provider.ts";
import { openVisitor } from "../helpers/visitor-client.ts";

setDefaultTimeout(60_000);

const asked: string[] = [];
const api = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request) {
    const { pathname } = new URL(request.url);
    asked.push(`${request.method} ${pathname}`);
    if (pathname.endsWith("/ORD-9999")) return Response.json({}, { status: 500 });
    return Response.json({ state: "shipped" });
  },
});

let parley: Parley;
let owner: AdminClient;
beforeAll(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
  await owner.send("PUT", "/api/admin/egress", { allow: [`127.0.0.1:${api.port}`] });
});
afterAll(async () => {
  await parley.remove();
  await api.stop(true);
});

let names = 0;
const ORDER = { name: "order", type: "text", description: "Order", pattern: "ORD-\\d{4}" };
const addTool = (changes: Record<string, unknown> = {}) =>
  owner.send<ToolView>("POST", "/api/admin/tools", {
    ...{ name: `order_${++names}`, label: "State of an order", description: "Where an order is" },
    ...{ type: "rest_api", method: "GET", url: `http://127.0.0.1:${api.port}/orders/{order}` },
    ...{ parameters: [ORDER], exampleQuestions: ["Where is order ORD-4711?"], sharedOverMcp: true },
    ...{ answerTemplate: "Order {order} is {state}.", ...changes },
  });
const statistics = (id: string, query = "") =>
  owner.get<ToolStatisticsView>(`/api/admin/tools/${id}/statistics${query}`);
const remove = ({ id }: ToolView) => owner.send("DELETE", `/api/admin/tools/${id}`);

async function callOverMcp(name: string, given: Record<string, unknown>): Promise<void> {
  const { key } = await owner.send<{ key: string }>("POST", "/api/admin/api-keys", {
    ...{ name: "An agent", scopes: ["mcp"] },
  });
  await fetch(`${parley.url}/mcp`, {
    method: "POST",
    headers: {
      ...{ authorization: `Bearer ${key}`, "content-type": "application/json" },
      accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({
      ...{ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: given } },
    }),
  });
}

describe("what a tool did", () => {
  test("is told of visitors, programs and people who try it, with where they asked", async () => {
    const tool = await addTool();
    const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
    const visitor = await openVisitor(parley, embedKey);
    const answer = await visitor.ask("Where is order ORD-4711?");
    expect(answer.content).toContain("Order ORD-4711 is shipped.");
    await visitor.ask("Where is order ORD-9999?");
    await callOverMcp(tool.name, { order: "ORD-4712" });
    await owner.call("POST", `/api/admin/tools/${tool.id}/run`, { arguments: { order: "nothing" } });

    const told = await statistics(tool.id);
    expect(told).toMatchObject({ days: 30, calls: 3, failures: 1, byVisitors: 2, byPrograms: 1, trials: 1 });
    expect(told.p50Ms).toBeLessThanOrEqual(told.p95Ms ?? -1);
    expect(told.latest).toMatchObject([
      { by: "person", name: OWNER.name, outcome: "failed", error: "INVALID_ARGUMENT", conversation: null },
      { by: "program", name: "An agent", outcome: "done", error: null, conversation: null },
      { by: "visitor", name: null, outcome: "failed", error: "TOOL_FAILED" },
      { by: "visitor", outcome: "done", message: answer.id },
    ]);
    expect(told.lastUsedAt).toBe(told.latest[1]?.at ?? "");
    const { messages } = await owner.get<{ messages: { id: string }[] }>(
      `/api/admin/conversations/${told.latest[3]?.conversation}`,
    );
    expect(messages.map(({ id }) => id)).toContain(answer.id);

    const { items } = await owner.get<{ items: ToolView[] }>("/api/admin/tools");
    const { days: _days, latest: _latest, ...figures } = told;
    expect(items.find(({ id }) => id === tool.id)?.statistics).toEqual(figures);
    await remove(tool);
  });

  test("counts what a model asks for in a turn, each call with how it ended", async () => {
    const provider = await startScriptedProvider();
    const model = { provider: "openai", baseUrl: provider.url("openai"), model: "scripted-small" };
    await owner.send("PUT", "/api/admin/llm/config", model);
    try {
      const tool = await addTool({ sharedOverMcp: false });
      const call = (order: string) => ({ name: tool.name, arguments: JSON.stringify({ order }) });
      provider.script(
        { toolCalls: [call("ORD-4711"), call("x"), { name: "no_such_tool", arguments: "{}" }] },
        { text: "It is shipped [1]." },
      );
      const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
      const answer = await (await openVisitor(parley, embedKey)).ask("Where is my order?");

      const told = await statistics(tool.id);
      expect(told).toMatchObject({ calls: 2, failures: 1, byVisitors: 2 });
      expect(told.latest).toMatchObject([
        { outcome: "failed", error: "INVALID_ARGUMENT", message: answer.id },
        { outcome: "done", error: null, message: answer.id },
      ]);
      await remove(tool);
    } finally {
      await owner.send("PUT", "/api/admin/llm/config", { provider: "extractive" });
      await provider.close();
    }
  });

  test("is nothing yet for a new tool, and another tenant's never", async () => {
    const tool = await addTool();
    expect(await statistics(tool.id, "?days=1")).toEqual({
      ...{ days: 1, calls: 0, failures: 0, byVisitors: 0, byPrograms: 0, trials: 0 },
      ...{ p50Ms: null, p95Ms: null, lastUsedAt: null, latest: [] },
    });
    for (const days of ["0", "91", "x"])
      expect((await owner.call("GET", `/api/admin/tools/${tool.id}/statistics?days=${days}`)).status).toBe(
        400,
      );
    const other = await owner.send<{ id: string }>("POST", "/api/admin/tenants", { name: "Other" });
    const elsewhere = await addMember(parley, other.id, "admin");
    expect((await elsewhere.call("GET", `/api/admin/tools/${tool.id}/statistics`)).status).toBe(404);
    await remove(tool);
  });
});

describe("a tool is tried with a question", () => {
  const tryIt = (question: string, tool: ToolView, more: object = {}) =>
    owner.call<TriedAnswer & { error?: { code: string } }>("POST", "/api/admin/knowledge/answer", {
      ...{ question, tool: tool.id, ...more },
    });

  test("as it was saved, also while it is off, and no other takes part", async () => {
    const other = await addTool({ answerTemplate: "The other one says {state}." });
    const tool = await addTool({ enabled: false });
    const { answer, trace } = (await tryIt("Where is order ORD-4711?", tool)).body;
    expect(answer.content).toContain("Order ORD-4711 is shipped.");
    expect(trace.toolCalls).toMatchObject([
      { name: tool.name, label: tool.label, tool: tool.id, arguments: '{"order":"ORD-4711"}' },
    ]);

    await owner.send("PATCH", `/api/admin/tools/${tool.id}`, { answerTemplate: "It is {state} now." });
    expect((await tryIt("Where is order ORD-4711?", tool)).body.answer.content).toContain(
      "It is shipped now.",
    );
    expect(await statistics(tool.id)).toMatchObject({ calls: 0, trials: 2 });
    expect(await statistics(other.id)).toMatchObject({ calls: 0, trials: 0 });
    await remove(tool);
    await remove(other);
  });

  test("as a visitor whom it is for, and says so where it is for another", async () => {
    const tool = await addTool({
      ...{ audience: { tags: ["sales"] } },
      parameters: [ORDER, { name: "who", type: "text", description: "Who", boundTo: "visitor.email" }],
    });
    const question = "Where is order ORD-4711?";
    expect((await tryIt(question, tool)).body.error?.code).toBe("TOOL_REQUIRES_IDENTITY");
    const ada = { id: "ada", email: "ada@example.org", groups: ["sales"] };
    const { answer } = (await tryIt(question, tool, { visitor: ada })).body;
    expect(answer.content).toContain("Order ORD-4711 is shipped.");
    await remove(tool);
    expect((await tryIt(question, tool)).status).toBe(404);
  });

  test("and one that changes something is put before whoever tries, with its arguments, and not run", async () => {
    const provider = await startScriptedProvider();
    const model = { provider: "openai", baseUrl: provider.url("openai"), model: "scripted-small" };
    await owner.send("PUT", "/api/admin/llm/config", model);
    try {
      const tool = await addTool({ method: "POST", label: "Cancel an order" });
      asked.length = 0;
      provider.script(
        { toolCalls: [{ name: tool.name, arguments: '{"order":"ORD-4711"}' }] },
        { text: "Confirm it, and it is cancelled." },
      );

      const { answer, trace } = (await tryIt("Cancel order ORD-4711", tool)).body;

      expect(answer).toMatchObject({
        content: "Confirm it, and it is cancelled.",
        confirmations: [{ tool: tool.name, arguments: { order: "ORD-4711" }, state: "pending_confirmation" }],
      });
      expect(trace.toolCalls).toMatchObject([{ name: tool.name, state: "pending_confirmation" }]);
      expect(asked).toEqual([]);
      expect(await statistics(tool.id)).toMatchObject({ calls: 0, trials: 0 });
      await remove(tool);
    } finally {
      await owner.send("PUT", "/api/admin/llm/config", { provider: "extractive" });
      await provider.close();
    }
  });
});
