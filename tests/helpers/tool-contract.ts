/** What every storage engine promises about connections and tools. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type Connection, PURGE_CONNECTION } from "../../src/domain/connection.ts";
import { type Credential, PURGE_CREDENTIAL } from "../../src/domain/credential.ts";
import type { TenantId } from "../../src/domain/ids.ts";
import { PURGE_MCP_SERVER } from "../../src/domain/mcp-server.ts";
import { type CatalogueTool, PURGE_TOOL } from "../../src/domain/tool.ts";
import { toAppError } from "../../src/errors.ts";
import type { Store } from "../../src/store/store.ts";
import {
  aConnection,
  aCredential,
  aFirstAdmin,
  aJob,
  aMcpServer,
  anLlmConfig,
  aParameter,
  aTenant,
  aTool,
  aWidget,
  NOW,
} from "./builders.ts";
import { rejection } from "./rejection.ts";
import type { StoreUnderTest } from "./store-contract.ts";

const FIRST_PAGE = { cursor: null, limit: 50 };
const MANY = 100;

/** `written`: everything that the engine has on disk. */
type KeptStore = StoreUnderTest & { written(): Buffer };

export function toolContract(engine: string, makeDatabase: () => Promise<KeptStore>): void {
  describe(`${engine} keeps the contract of connections and tools`, () => {
    let database: KeptStore;
    let store: Store;
    let tenantId: TenantId;
    let otherTenant: TenantId;

    beforeEach(async () => {
      database = await makeDatabase();
      store = await database.open();
      const first = aFirstAdmin();
      await store.instance.initialise(first);
      tenantId = first.tenant.id;
      const other = aTenant();
      await store.tenants.create(other, first.user.id, aWidget(), anLlmConfig({ tenantId: other.id }));
      otherTenant = other.id;
    });
    afterEach(() => store.close());

    async function addConnection(changes: Partial<Connection> = {}): Promise<Connection> {
      const connection = aConnection({ tenantId, ...changes });
      await store.connections.create(connection, MANY);
      return connection;
    }

    async function addTool(
      { id, tenantId: tenant }: Connection,
      changes: Partial<CatalogueTool> = {},
    ): Promise<CatalogueTool> {
      const action = { type: "db_query", connection: id, query: "select 1" } as const;
      const tool = aTool({ action, tenantId: tenant, ...changes });
      await store.tools.create(tool, MANY);
      return tool;
    }

    const purgeOf = (kind: string, subject: string) => aJob({ tenantId, kind, subject, runAt: NOW + 30_000 });
    const removeConnection = ({ id }: Connection) =>
      store.connections.remove(tenantId, id, NOW, purgeOf(PURGE_CONNECTION, id));
    const removeTool = ({ id }: CatalogueTool) =>
      store.tools.remove(tenantId, id, NOW, purgeOf(PURGE_TOOL, id));
    const codeOf = async (work: Promise<unknown>) => toAppError(await rejection(work)).code;

    describe("connections", () => {
      test("are given back as they were put in, by name, and the password stands nowhere in the clear", async () => {
        const second = await addConnection({ name: "b", password: "a password to look for" });
        const first = await addConnection({ name: "a", masks: [{ schema: "s", table: "t", column: "c" }] });
        await addConnection({ name: "a", tenantId: otherTenant });

        expect((await store.connections.list(tenantId, FIRST_PAGE)).items).toEqual([first, second]);
        expect(await store.connections.get(tenantId, second.id)).toEqual(second);
        expect((await store.connections.all()).length).toBe(3);
        expect(database.written().includes("a password to look for")).toBe(false);
      });

      test("come in pages", async () => {
        for (const name of ["a", "b", "c"]) await addConnection({ name });

        const first = await store.connections.list(tenantId, { cursor: null, limit: 2 });
        const second = await store.connections.list(tenantId, { cursor: first.nextCursor, limit: 2 });

        expect([first, second].map(({ items }) => items.map(({ name }) => name))).toEqual([
          ["a", "b"],
          ["c"],
        ]);
        expect(second.nextCursor).toBeNull();
      });

      test("have names of their own, and there are only so many", async () => {
        const first = await addConnection({ name: "a" });
        const second = await addConnection({ name: "b" });

        expect(await codeOf(store.connections.create(aConnection({ tenantId, name: "a" }), MANY))).toBe(
          "CONFLICT",
        );
        expect(await codeOf(store.connections.update({ ...second, name: "a" }))).toBe("CONFLICT");
        expect(await codeOf(store.connections.create(aConnection({ tenantId }), 2))).toBe("RESOURCE_LIMIT");
        expect((await store.connections.list(tenantId, FIRST_PAGE)).items).toEqual([first, second]);
      });

      test("are changed, password and all, and another tenant's are not there", async () => {
        const before = await addConnection();
        const after = { ...before, host: "other.example", password: null, updatedAt: NOW + 1 };

        await store.connections.update(after);

        expect(await store.connections.get(tenantId, before.id)).toEqual(after);
        expect(await codeOf(store.connections.update({ ...after, tenantId: otherTenant }))).toBe("NOT_FOUND");
        expect(await codeOf(store.connections.get(otherTenant, before.id))).toBe("NOT_FOUND");
      });

      test("keep what a check found of them as they are, and nothing of what they were", async () => {
        const connection = await addConnection();
        const problem = { code: "CONNECTION_REFUSED", message: "Nobody is there." } as const;
        const found = { state: "failed", problem, serverVersion: null, checkedAt: NOW + 5 } as const;

        await store.connections.recordCheck({ ...connection, updatedAt: NOW - 1 }, found);
        expect(await store.connections.get(tenantId, connection.id)).toEqual(connection);
        await store.connections.recordCheck(connection, found);

        expect(await store.connections.get(tenantId, connection.id)).toEqual({ ...connection, ...found });
      });

      test("keep what their tables are like, and what an admin chose meanwhile", async () => {
        const table = { schema: "s", table: "t", comment: null, columns: [] };
        const schemaAccess = { enabled: true, tables: [table], audience: { tags: ["staff"] } };
        const connection = await addConnection({ schemaAccess });
        const [seen] = [{ ...table, columns: [{ name: "id", type: "integer", comment: "No." }] }];

        await store.connections.replaceOutlines(connection, [seen]);
        expect(await store.connections.get(tenantId, connection.id)).toEqual({
          ...connection,
          schemaAccess: { ...schemaAccess, tables: [seen] },
        });
        const closed = { ...connection, schemaAccess: { ...schemaAccess, enabled: false } };
        await store.connections.update(closed);
        await store.connections.replaceOutlines(connection, [seen]);

        expect(await store.connections.get(tenantId, connection.id)).toEqual(closed);
      });

      test("are removed when no tool uses them, restored while the purge waits, and then gone", async () => {
        const connection = await addConnection();
        const tool = await addTool(connection, { label: "In use" });

        const refused = toAppError(await rejection(removeConnection(connection)));
        expect([refused.code, refused.message]).toEqual(["CONFLICT", expect.stringContaining("“In use”")]);
        await removeTool(tool);
        await removeConnection(connection);
        expect(await codeOf(store.connections.get(tenantId, connection.id))).toBe("NOT_FOUND");
        expect(await codeOf(store.tools.restore(tenantId, tool.id, NOW))).toBe("CONFLICT");
        expect(await store.connections.restore(tenantId, connection.id, NOW)).toEqual(connection);
        expect(await store.tools.restore(tenantId, tool.id, NOW)).toEqual(tool);

        await removeTool(tool);
        await removeConnection(connection);
        await store.connections.purge(tenantId, connection.id);
        expect(await codeOf(store.connections.restore(tenantId, connection.id, NOW))).toBe("NOT_FOUND");
        expect(await codeOf(store.tools.restore(tenantId, tool.id, NOW))).toBe("NOT_FOUND");
      });

      test("are not restored over another one of the same name, and a purge leaves alone what is there", async () => {
        const connection = await addConnection({ name: "a" });
        await removeConnection(connection);
        const again = await addConnection({ name: "a" });

        expect(await codeOf(store.connections.restore(tenantId, connection.id, NOW))).toBe("CONFLICT");
        await store.connections.purge(tenantId, again.id);
        expect(await store.connections.get(tenantId, again.id)).toEqual(again);
      });
    });

    describe("credentials", () => {
      const removeCredential = ({ id }: Credential) =>
        store.credentials.remove(tenantId, id, NOW, purgeOf(PURGE_CREDENTIAL, id));
      const calling = ({ id }: Credential): CatalogueTool["action"] => ({
        ...{ type: "rest_api", method: "GET", url: "https://erp.example/", headers: {}, responsePath: null },
        credential: id,
      });
      const addCredential = async (tenant = tenantId) => {
        const credential = aCredential({ tenantId: tenant });
        await store.credentials.create(credential, MANY);
        return credential;
      };

      test("are removed when no tool uses them, and a tool comes back only to one that is there", async () => {
        const credential = await addCredential();
        const tool = aTool({ tenantId, label: "In use", action: calling(credential) });
        await store.tools.create(tool, MANY);

        const refused = toAppError(await rejection(removeCredential(credential)));
        expect([refused.code, refused.message]).toEqual(["CONFLICT", expect.stringContaining("“In use”")]);
        expect(await store.credentials.get(tenantId, credential.id)).toMatchObject({ deletedAt: null });
        await removeTool(tool);
        await removeCredential(credential);

        expect(await codeOf(store.tools.restore(tenantId, tool.id, NOW))).toBe("CONFLICT");
        await store.credentials.restore(tenantId, credential.id, NOW);
        expect(await store.tools.restore(tenantId, tool.id, NOW)).toEqual(tool);
      });

      test("are removed when no MCP server is shown them, and a server comes back only to one that is there", async () => {
        const credential = await addCredential();
        const server = aMcpServer({ tenantId, name: "Docs", credential: credential.id });
        await store.mcpServers.create(server, MANY);

        const refused = toAppError(await rejection(removeCredential(credential)));
        expect([refused.code, refused.message]).toEqual(["CONFLICT", expect.stringContaining("“Docs”")]);
        await store.mcpServers.remove(tenantId, server.id, NOW, purgeOf(PURGE_MCP_SERVER, server.id));
        await removeCredential(credential);

        expect(await codeOf(store.mcpServers.restore(tenantId, server.id, NOW))).toBe("CONFLICT");
        const other = aMcpServer({ tenantId, credential: credential.id });
        expect(await codeOf(store.mcpServers.create(other, MANY))).toBe("NOT_FOUND");
        await store.credentials.restore(tenantId, credential.id, NOW);
        expect(await store.mcpServers.restore(tenantId, server.id, NOW)).toEqual(server);
        const foreign = await addCredential(otherTenant);
        const changed = store.mcpServers.update({ ...server, credential: foreign.id });
        expect(await codeOf(changed)).toBe("NOT_FOUND");
      });

      test("are those of the same tenant that are there", async () => {
        const foreign = await addCredential(otherTenant);
        const own = await addCredential();
        await removeCredential(own);

        for (const credential of [foreign, own]) {
          const tool = aTool({ tenantId, action: calling(credential) });
          expect(await codeOf(store.tools.create(tool, MANY))).toBe("NOT_FOUND");
        }
        expect((await store.tools.list(tenantId, FIRST_PAGE)).items).toEqual([]);
      });
    });

    describe("tools", () => {
      test("are given back as they were put in, by name, those that are enabled by themselves", async () => {
        const connection = await addConnection();
        const parameters = [
          aParameter({ name: "city", type: "enum", values: ["Berlin"], default: "Berlin" }),
        ];
        const second = await addTool(connection, { name: "b", parameters, audience: { tags: ["staff"] } });
        const first = await addTool(connection, { name: "a", enabled: false });

        expect((await store.tools.list(tenantId, FIRST_PAGE)).items).toEqual([first, second]);
        expect(await store.tools.enabled(tenantId)).toEqual([second]);
        expect(await store.tools.get(tenantId, first.id)).toEqual(first);
        expect(await codeOf(store.tools.get(otherTenant, first.id))).toBe("NOT_FOUND");
        expect((await store.tools.list(otherTenant, FIRST_PAGE)).items).toEqual([]);
      });

      test("belong to a connection of the same tenant that is there", async () => {
        const connection = await addConnection();
        const foreign = await addConnection({ tenantId: otherTenant });
        const tool = await addTool(connection);
        const over = ({ id }: Connection) =>
          ({ type: "db_query", connection: id, query: "select 1" }) as const;

        const created = store.tools.create(aTool({ tenantId, action: over(foreign) }), MANY);
        expect(await codeOf(created)).toBe("NOT_FOUND");
        expect(await codeOf(store.tools.update({ ...tool, action: over(foreign) }))).toBe("NOT_FOUND");
        expect(await store.tools.get(tenantId, tool.id)).toEqual(tool);
      });

      test("have names of their own, and there are only so many", async () => {
        const connection = await addConnection();
        await addTool(connection, { name: "a" });
        const second = await addTool(connection, { name: "b" });
        const action = second.action;

        expect(await codeOf(store.tools.create(aTool({ tenantId, action, name: "a" }), MANY))).toBe(
          "CONFLICT",
        );
        expect(await codeOf(store.tools.update({ ...second, name: "a" }))).toBe("CONFLICT");
        expect(await codeOf(store.tools.create(aTool({ tenantId, action }), 2))).toBe("RESOURCE_LIMIT");
      });

      test("keep the values of their enums as they are fetched, unless they were changed meanwhile", async () => {
        const tool = await addTool(await addConnection(), {
          parameters: [aParameter({ type: "enum", values: ["a"] })],
        });
        const fetched = [aParameter({ type: "enum", values: ["a", "b"] })];

        await store.tools.replaceParameters({ ...tool, updatedAt: NOW - 1 }, fetched);
        expect(await store.tools.get(tenantId, tool.id)).toEqual(tool);
        await store.tools.replaceParameters(tool, fetched);

        expect(await store.tools.get(tenantId, tool.id)).toEqual({ ...tool, parameters: fetched });
      });

      test("are removed, restored while the purge waits, and then gone", async () => {
        const connection = await addConnection();
        const tool = await addTool(connection, { name: "a" });

        await removeTool(tool);
        expect(await store.tools.enabled(tenantId)).toEqual([]);
        expect(await store.tools.restore(tenantId, tool.id, NOW)).toEqual(tool);
        await removeTool(tool);
        await addTool(connection, { name: "a" });
        expect(await codeOf(store.tools.restore(tenantId, tool.id, NOW))).toBe("CONFLICT");
        await store.tools.purge(tenantId, tool.id);
        expect(await codeOf(store.tools.restore(tenantId, tool.id, NOW))).toBe("NOT_FOUND");
      });
    });
  });
}
