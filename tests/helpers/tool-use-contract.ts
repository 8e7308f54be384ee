/** What every storage engine promises about what tools did. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { newId, type TenantId, type ToolId } from "../../src/domain/ids.ts";
import { PURGE_TOOL } from "../../src/domain/tool.ts";
import { TOOL_FIGURES_DAYS, TOOL_USES_KEPT, type ToolUse } from "../../src/domain/tool-use.ts";
import type { Store } from "../../src/store/store.ts";
import {
  aChatSession,
  aConversation,
  aFirstAdmin,
  aJob,
  anAnswer,
  aQuestion,
  aTool,
  aTrace,
  NOW,
} from "./builders.ts";
import type { StoreUnderTest } from "./store-contract.ts";

const DAY_MS = 86_400_000;

export function toolUseContract(engine: string, makeDatabase: () => Promise<StoreUnderTest>): void {
  describe(`${engine} keeps the contract of what tools did`, () => {
    let store: Store;
    let tenantId: TenantId;
    let person: ReturnType<typeof aFirstAdmin>["user"];
    let toolId: ToolId;

    beforeEach(async () => {
      store = await (await makeDatabase()).open();
      const first = aFirstAdmin();
      await store.instance.initialise(first);
      ({ id: tenantId } = first.tenant);
      person = first.user;
      toolId = await addTool();
    });
    afterEach(() => store.close());

    async function addTool(): Promise<ToolId> {
      const action = { type: "rest_api", method: "GET", url: "http://erp/stock" } as const;
      const rest = { ...action, headers: {}, credential: null, responsePath: null };
      const tool = aTool({ tenantId, action: rest });
      await store.tools.create(tool, 100);
      return tool.id;
    }

    const aUse = (changes: Partial<ToolUse> = {}): ToolUse => ({
      ...{ tenantId, toolId, at: NOW, ms: 10, error: null, by: "program", actor: null },
      ...{ conversationId: null, messageId: null, ...changes },
    });
    const figures = async (since = NOW, of = toolId) =>
      (await store.toolUses.figures(tenantId, [of], since)).get(of);
    const latest = (limit = 100) => store.toolUses.latest(tenantId, toolId, limit);

    /** A finished answer that called the tool, as a turn leaves it. */
    async function answerWith(...toolCalls: ReturnType<typeof aTrace>["toolCalls"]) {
      const visitor = { id: "ada", name: "Ada", email: null, groups: [] };
      const session = aChatSession({ tenantId, visitor });
      const conversation = { ...aConversation(session), visitor };
      await store.chatSessions.create(session, newId("chat-session"), conversation, []);
      const { id: conversationId } = conversation;
      const question = aQuestion({ conversationId });
      const asked = { tenantId, sessionId: session.id, conversationId, question, page: null, jobs: [] };
      await store.turns.acceptQuestion(asked);
      const answer = anAnswer({ conversationId, status: "complete" });
      await store.turns.beginAnswer(tenantId, question.id, answer);
      const trace = { ...aTrace(), toolCalls };
      await store.turns.finishAnswer(tenantId, answer, trace, [], NOW, []);
      return { session, conversationId, answer };
    }
    const aCall = { name: "stock", arguments: "{}", result: "", ms: 12 };

    test("what a turn called is there with its answer: who asked, and where", async () => {
      const other = await addTool();
      const { conversationId, answer } = await answerWith(
        { ...aCall, tool: toolId },
        { ...aCall, tool: toolId, ms: 30, error: "TOOL_FAILED" },
        { ...aCall, tool: other },
        // Nothing ran: there is no such tool, and a visitor has not said yes yet.
        { ...aCall, error: "UNKNOWN_TOOL" },
        { ...aCall, state: "pending_confirmation" },
      );

      expect(await figures()).toMatchObject({ calls: 2, failures: 1, byVisitors: 2, lastUsedAt: NOW });
      expect(await figures(NOW, other)).toMatchObject({ calls: 1, failures: 0 });
      const where = { by: "visitor", name: "Ada", conversationId, messageId: answer.id, at: NOW };
      expect(await latest()).toMatchObject([
        { ...where, ms: 30, error: "TOOL_FAILED" },
        { ...where, ms: 12, error: null },
      ]);
    });

    test("what a visitor confirmed counts once it has ended", async () => {
      const { session, conversationId, answer } = await answerWith();
      const id = newId("tool-call");
      await store.toolCalls.propose({
        ...{ id, tenantId, sessionId: session.id, conversationId, messageId: answer.id, toolId },
        ...{ name: "order", label: "Order", arguments: {}, words: [], language: "eng" },
        ...{ state: "pending_confirmation", outcomeId: null, createdAt: NOW, expiresAt: NOW + 1_000 },
      });
      expect(await figures()).toMatchObject({ calls: 0 });

      const message = anAnswer({ conversationId, status: "complete" });
      const trace = { ...aTrace(), toolCalls: [{ ...aCall, tool: toolId }] };
      const ended = { from: "pending_confirmation", to: "done", message, trace } as const;
      await store.toolCalls.end(tenantId, id, ended, NOW, []);
      expect(await figures()).toMatchObject({ calls: 1, byVisitors: 1 });
    });

    test("says by whom, as long as they are there, and nothing of a deleted conversation", async () => {
      const { conversationId } = await answerWith({ ...aCall, tool: toolId });
      const key = {
        ...{ id: newId("api-key"), tenantId, name: "An agent", scopes: ["mcp" as const], last4: "1234" },
        ...{ createdAt: NOW, expiresAt: null, lastUsedAt: null },
      };
      await store.apiKeys.create(key, "hash", 10);
      await store.toolUses.record([
        aUse({ actor: key.id }),
        aUse({ by: "person", actor: person.id, error: "INVALID_ARGUMENT" }),
      ]);

      expect(await latest()).toMatchObject([
        { by: "person", name: person.name, error: "INVALID_ARGUMENT", conversationId: null },
        { by: "program", name: "An agent" },
        { by: "visitor", name: "Ada", conversationId },
      ]);
      expect(await latest(1)).toHaveLength(1);
      await store.apiKeys.remove(tenantId, key.id);
      await store.conversations.remove(tenantId, conversationId, NOW, []);
      expect(await latest()).toMatchObject([
        { name: person.name },
        { name: null, error: null },
        { name: null, conversationId: null, messageId: null },
      ]);
    });

    test("keeps figures of so many days and so many single calls, whoever calls most", async () => {
      await store.toolUses.record([aUse({ by: "visitor", at: NOW - (TOOL_FIGURES_DAYS + 1) * DAY_MS })]);
      await store.toolUses.record([aUse({ by: "visitor", at: NOW - 3 * DAY_MS })]);
      await store.toolUses.record(Array.from({ length: TOOL_USES_KEPT + 5 }, (_, ms) => aUse({ ms })));

      expect(await figures(0)).toMatchObject({ calls: TOOL_USES_KEPT + 6, byVisitors: 1 });
      expect(await figures(NOW - DAY_MS)).toMatchObject({ calls: TOOL_USES_KEPT + 5, byVisitors: 0 });
      const kept = await latest(1_000);
      expect(kept.filter(({ by }) => by === "program").map(({ ms }) => ms)).toEqual(
        Array.from({ length: TOOL_USES_KEPT }, (_, at) => TOOL_USES_KEPT + 4 - at),
      );
      expect(kept.filter(({ by }) => by === "visitor")).toHaveLength(2);
    });

    test("goes with the tool, is written of none that is gone, and is another tenant's never", async () => {
      await store.toolUses.record([aUse(), aUse({ toolId: newId("tool") })]);
      const elsewhere = newId("tenant");
      expect((await store.toolUses.figures(elsewhere, [toolId], 0)).get(toolId)).toMatchObject({ calls: 0 });
      expect(await store.toolUses.latest(elsewhere, toolId, 10)).toEqual([]);

      const purge = aJob({ tenantId, kind: PURGE_TOOL, subject: toolId });
      await store.tools.remove(tenantId, toolId, NOW, purge);
      await store.tools.purge(tenantId, toolId);
      await store.toolUses.record([aUse()]);
      expect(await figures(0)).toMatchObject({ calls: 0, lastUsedAt: null });
      expect(await latest()).toEqual([]);
    });
  });
}
