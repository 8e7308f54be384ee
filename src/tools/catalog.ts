import type { Tools } from "./tool.ts";

/**
 * The tools of all kinds together, in the order of `kinds`. Of two with one name the first is offered: vendors refuse a
 * request in which a name stands twice, and that would end every turn of the tenant.
 */
export function createTools(kinds: readonly Tools[]): Tools {
  return {
    async offered(context) {
      const tools = (await Promise.all(kinds.map((kind) => kind.offered(context)))).flat();
      const byName = new Map(tools.toReversed().map((tool) => [tool.definition.name, tool]));
      return tools.filter((tool) => byName.get(tool.definition.name) === tool);
    },
  };
}
