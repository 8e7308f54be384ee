/** What every storage engine promises about MCP servers and the tools that were allowed of them. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { TenantId } from "../../src/domain/ids.ts";
import { type McpServer, PURGE_MCP_SERVER, type RemoteTrouble } from "../../src/domain/mcp-server.ts";
import { type CatalogueTool, PURGE_TOOL } from "../../src/domain/tool.ts";
import { toAppError } from "../../src/errors.ts";
import type { Store } from "../../src/store/store.ts";
import {
  aFirstAdmin,
  aJob,
  aMcpServer,
  anLlmConfig,
  aRemoteDefinition,
  aTenant,
  aTool,
  aWidget,
  NOW,
} from "./builders.ts";
import { rejection } from "./rejection.ts";
import type { StoreUnderTest } from "./store-contract.ts";

const FIRST_PAGE = { cursor: null, limit: 50 };
const MANY = 100;

export function mcpServerContract(engine: string, makeDatabase: () => Promise<StoreUnderTest>): void {
  describe(`${engine} keeps the contract of MCP servers`, () => {
    let store: Store;
    let tenantId: TenantId;
    let otherTenant: TenantId;

    beforeEach(async () => {
      store = await (await makeDatabase()).open();
      const first = aFirstAdmin();
      await store.instance.initialise(first);
      tenantId = first.tenant.id;
      const other = aTenant();
      await store.tenants.create(other, first.user.id, aWidget(), anLlmConfig({ tenantId: other.id }));
      otherTenant = other.id;
    });
    afterEach(() => store.close());

    async function addServer(changes: Partial<McpServer> = {}): Promise<McpServer> {
      const server = aMcpServer({ tenantId, ...changes });
      await store.mcpServers.create(server, MANY);
      return server;
    }
    async function addTool(
      { id, tenantId: tenant }: McpServer,
      changes: Partial<CatalogueTool> = {},
    ): Promise<CatalogueTool> {
      const allowed = aRemoteDefinition();
      const action: CatalogueTool["action"] = {
        type: "mcp",
        ...{ server: id, remoteName: "getStock", fingerprint: allowed.fingerprint, allowed, trouble: null },
      };
      const tool = aTool({ action, tenantId: tenant, ...changes });
      await store.tools.create(tool, MANY);
      return tool;
    }
    const purgeOf = (kind: string, subject: string) => aJob({ tenantId, kind, subject });
    const removed = ({ id }: McpServer) =>
      store.mcpServers.remove(tenantId, id, NOW, purgeOf(PURGE_MCP_SERVER, id));
    const codeOf = async (work: Promise<unknown>) => toAppError(await rejection(work)).code;

    test("they are listed by name, page by page, and are their tenant's alone", async () => {
      const [second, first] = [await addServer({ name: "b" }), await addServer({ name: "a" })];
      const foreign = await addServer({ tenantId: otherTenant, name: "a" });

      const page = await store.mcpServers.list(tenantId, { cursor: null, limit: 1 });
      expect(page.items).toEqual([first]);
      expect(await store.mcpServers.list(tenantId, { cursor: page.nextCursor, limit: 1 })).toEqual({
        ...{ items: [second], nextCursor: null },
      });
      expect((await store.mcpServers.all()).length).toBe(3);
      expect(await codeOf(store.mcpServers.get(tenantId, foreign.id))).toBe("NOT_FOUND");
      expect(await codeOf(removed(foreign))).toBe("NOT_FOUND");
    });

    test("names are unique, and there is room for so many", async () => {
      await addServer({ name: "a" });
      const second = await addServer({ name: "b" });
      expect(await codeOf(addServer({ name: "a" }))).toBe("CONFLICT");
      expect(await codeOf(store.mcpServers.update({ ...second, name: "a" }))).toBe("CONFLICT");
      expect(await codeOf(store.mcpServers.create(aMcpServer({ tenantId }), 2))).toBe("RESOURCE_LIMIT");
    });

    test("a look is kept unless the server was changed meanwhile", async () => {
      const server = await addServer();
      const found: Pick<McpServer, "state" | "problem" | "serverVersion" | "checkedAt"> = {
        state: "failed",
        problem: { code: "TOOL_TIMEOUT", message: "Slow." },
        ...{ serverVersion: null, checkedAt: NOW + 5 },
      };
      await store.mcpServers.recordCheck({ ...server, updatedAt: NOW - 1 }, found);
      expect(await store.mcpServers.get(tenantId, server.id)).toEqual(server);
      await store.mcpServers.recordCheck(server, found);
      expect(await store.mcpServers.get(tenantId, server.id)).toEqual({ ...server, ...found });
      const changed = { ...server, url: "https://elsewhere.corp/mcp", updatedAt: NOW + 9 };
      await store.mcpServers.update(changed);
      expect(await store.mcpServers.get(tenantId, server.id)).toEqual(changed);
    });

    test("one that tools use stays, and one that was removed comes back until it is purged", async () => {
      const server = await addServer();
      const tool = await addTool(server);
      expect(toAppError(await rejection(removed(server)))).toMatchObject({
        code: "CONFLICT",
        message: expect.stringContaining(tool.label),
      });
      await store.tools.remove(tenantId, tool.id, NOW, purgeOf(PURGE_TOOL, tool.id));
      await removed(server);
      expect(await codeOf(store.tools.restore(tenantId, tool.id, NOW))).toBe("CONFLICT");
      expect(await store.mcpServers.restore(tenantId, server.id, NOW)).toEqual(server);
      expect((await store.mcpServers.list(tenantId, FIRST_PAGE)).items).toEqual([server]);

      await removed(server);
      await store.mcpServers.purge(tenantId, server.id);
      expect(await codeOf(store.mcpServers.restore(tenantId, server.id, NOW))).toBe("NOT_FOUND");
      expect(await store.mcpServers.all()).toEqual([]);
    });

    test("a tool is of a server that is there, and found by it", async () => {
      const server = await addServer();
      const tool = await addTool(server);
      await addTool(await addServer());
      expect(await store.tools.ofServer(tenantId, server.id)).toEqual([tool]);
      expect(await store.tools.ofServer(otherTenant, server.id)).toEqual([]);
      expect(await codeOf(addTool({ ...server, tenantId: otherTenant }))).toBe("NOT_FOUND");
    });

    test("what a server tells otherwise is off, what it lacks is not, unless an admin changed it meanwhile", async () => {
      const tool = await addTool(await addServer());
      const troubleOf = async () => {
        const { action, enabled } = await store.tools.get(tenantId, tool.id);
        return action.type === "mcp" && [action.trouble, enabled];
      };
      const missing: RemoteTrouble = { kind: "missing", at: NOW };
      const changed: RemoteTrouble = { kind: "changed", at: NOW, found: aRemoteDefinition() };

      expect(await store.tools.recordTrouble({ ...tool, updatedAt: NOW - 1 }, changed)).toBe(false);
      expect(await store.tools.recordTrouble(tool, missing)).toBe(true);
      expect(await troubleOf()).toEqual([missing, true]);
      expect(await store.tools.recordTrouble(tool, null)).toBe(true);
      expect(await troubleOf()).toEqual([null, true]);
      expect(await store.tools.recordTrouble(tool, changed)).toBe(true);
      expect(await troubleOf()).toEqual([changed, false]);
      expect(await store.tools.enabled(tenantId)).toEqual([]);
    });
  });
}
