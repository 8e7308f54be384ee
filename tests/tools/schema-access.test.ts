/** What a model is offered of a database that is open to it, and for whom. */
import { describe, expect, test } from "bun:test";
import type { Connection } from "../../src/domain/connection.ts";
import type { Visitor } from "../../src/domain/conversation.ts";
import { newId } from "../../src/domain/ids.ts";
import { schemaAccessTools } from "../../src/tools/schema-access.ts";
import { aConnection } from "../helpers/builders.ts";
import { rejection } from "../helpers/rejection.ts";

const NEVER = new AbortController().signal;
const tenantId = newId("tenant");
const column = (name: string) => ({ name, type: "text", comment: `What ${name} means` });
const PEOPLE = {
  ...{ schema: "public", table: "people", comment: "Everybody" },
  columns: ["id", "name", "email"].map(column),
};
const MASKS = [{ schema: "public", table: "people", column: "Email" }];

function open(
  changes: Partial<Connection> & { audience?: Connection["schemaAccess"]["audience"] } = {},
): Connection {
  const { audience = "everyone", ...others } = changes;
  const schemaAccess = { enabled: true, tables: [PEOPLE], audience };
  return aConnection({ tenantId, name: "Warehouse", schemaAccess, masks: MASKS, ...others });
}

const visitor = (groups: string[]): Visitor => ({ id: "v", email: null, name: null, groups });

function toolsOver(...connections: Connection[]) {
  const asked: string[] = [];
  const tools = schemaAccessTools(
    async () => connections,
    async (_, statement) => {
      asked.push(statement);
      return { columns: [{ name: "n", type: "integer" }], rows: [[3]], truncated: false };
    },
  );
  return { asked, offered: (who: Visitor | null = null) => tools.offered({ tenantId, visitor: who }) };
}

describe("a database that is open to a model", () => {
  test("is one tool, which tells of its tables without what is masked", async () => {
    const [tool] = await toolsOver(open()).offered();

    expect(tool).toMatchObject({ label: "Warehouse", entry: null, definition: { name: "query_warehouse" } });
    expect(tool?.definition.parameters).toMatchObject({
      required: ["statement"],
      additionalProperties: false,
    });
    const told = tool?.definition.description ?? "";
    expect(told).toContain("public.people -- Everybody\n  id text -- What id means\n  name text");
    expect(told).not.toMatch(/email/i);
  });

  test("answers with rows, and with the statement that gave them", async () => {
    const { asked, offered } = toolsOver(open());
    const [tool] = await offered();

    const call = {
      id: "1",
      name: "query_warehouse",
      arguments: '{"statement":" select count(*) as n from people "}',
    };
    expect(await tool?.run(call, NEVER)).toMatchObject({
      statement: "select count(*) as n from people",
      table: { columns: [{ name: "n", label: "n" }], rows: [[3]] },
    });
    expect(asked).toEqual(["select count(*) as n from people"]);
  });

  test.each([
    '{"statement":""}',
    '{"query":"select 1"}',
    '{"statement":["select 1"]}',
    '{"statement":7}',
    JSON.stringify({ statement: `select '${"x".repeat(4_000)}'` }),
    '{"statement":"select \\u0000"}',
    "select 1",
  ])("is asked nothing by %p", async (given) => {
    const { asked, offered } = toolsOver(open());
    const [tool] = await offered();

    const run = tool?.run({ id: "1", name: "query_warehouse", arguments: given }, NEVER) ?? Promise.resolve();
    expect(await rejection(run)).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(asked).toEqual([]);
  });

  test.each([
    ["everyone", null, true],
    ["verified", null, false],
    ["verified", visitor([]), true],
    [{ tags: ["staff"] }, visitor(["guests"]), false],
    [{ tags: ["staff"] }, visitor(["staff", "guests"]), true],
  ] as const)("for %p is offered to %p: %p", async (audience, who, isOffered) => {
    const connection = open({
      audience: typeof audience === "string" ? audience : { tags: [...audience.tags] },
    });

    expect((await toolsOver(connection).offered(who)).length > 0).toBe(isOffered);
  });

  test("is not offered when nothing of it may be read", async () => {
    const masks = ["id", "name", "email"].map((name) => ({
      schema: "public",
      table: "people",
      column: name,
    }));

    expect(await toolsOver(open({ masks })).offered()).toEqual([]);
  });

  test("has a name that every vendor takes, and no other's", async () => {
    const names = ["Größe & Lager", "Grosse-Lager", "grosse_lager", "倉庫", "倉庫 2", "x".repeat(80)];
    const tools = await toolsOver(...names.map((name) => open({ name }))).offered();

    const taken = tools.map(({ definition }) => definition.name);
    expect(new Set(taken).size).toBe(names.length);
    for (const name of taken) expect(name).toMatch(/^[a-z][a-z0-9_]{0,62}$/);
  });

  test("tells less of each table the more there are, and never more than there is room for", async () => {
    const many = (count: number): Connection =>
      open({
        schemaAccess: {
          ...{ enabled: true, audience: "everyone" },
          tables: Array.from({ length: count }, (_, index) => ({ ...PEOPLE, table: `people_${index}` })),
        },
      });
    const told = async (count: number) =>
      (await toolsOver(many(count)).offered())[0]?.definition.description ?? "";

    expect(await told(10)).toContain("-- What id means");
    expect(await told(190)).toContain("public.people_189 (id text, name text");
    expect(await told(200)).toContain("people_199");
    for (const count of [1, 10, 50, 120, 190, 200]) expect((await told(count)).length).toBeLessThan(12_100);
  });
});
