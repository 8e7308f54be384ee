import type { Tools } from "../../tools/tool.ts";

/** The tools that change nothing, for whoever cannot be asked whether they mean it. */
export function onlyReading(tools: Tools): Tools {
  return {
    offered: async (context) =>
      (await tools.offered(context)).filter(({ entry }) => entry === null || entry.effect === "read"),
  };
}
