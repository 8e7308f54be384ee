import { expect, test } from "bun:test";
import { newId } from "../../src/domain/ids.ts";
import { createTools } from "../../src/tools/catalog.ts";
import type { Tool, ToolContext, Tools } from "../../src/tools/tool.ts";

const FOR_ADA: ToolContext = {
  tenantId: newId("tenant"),
  visitor: { id: "ada", name: "Ada", email: null, groups: [] },
};

function aTool(name: string, label = name): Tool {
  const definition = { name, description: "", parameters: {} };
  return { definition, label, entry: null, run: async () => ({ content: label, table: null }) };
}

const kindOf = (...tools: Tool[]): Tools => ({ offered: async () => tools });
const labels = async (...kinds: Tools[]) =>
  (await createTools(kinds).offered(FOR_ADA)).map(({ label }) => label);

test("with no kind of tool there is nothing to offer", async () => {
  expect(await labels()).toEqual([]);
});

test("tools of all kinds are offered in order, and of two with one name the first", async () => {
  const queries = kindOf(aTool("stock"), aTool("orders"));
  const apis = kindOf(aTool("weather"), aTool("stock", "another stock"));

  expect(await labels(queries, apis)).toEqual(["stock", "orders", "weather"]);
});

test("every kind is told for whom it is asked", async () => {
  const asked: ToolContext[] = [];
  const kind: Tools = {
    async offered(context) {
      asked.push(context);
      return [];
    },
  };

  await createTools([kind, kind]).offered(FOR_ADA);

  expect(asked).toEqual([FOR_ADA, FOR_ADA]);
});
