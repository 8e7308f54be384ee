/** Tools of a catalogue that say nothing but what a test gives them: every word of them counts in a look-up. */
import { newId } from "../../src/domain/ids.ts";
import type { CatalogueTool, ToolParameter } from "../../src/domain/tool.ts";
import { aTool, aParameter as someParameter } from "./builders.ts";

type Given = Partial<CatalogueTool> & Pick<CatalogueTool, "name" | "label">;

export function aParameter(name: string, given: Partial<ToolParameter> = {}): ToolParameter {
  return someParameter({ name, description: "", ...given });
}

export function aCatalogueTool(given: Given): CatalogueTool {
  const action = { type: "db_query", connection: newId("connection"), query: "select 1" } as const;
  return aTool({ action, description: "", rowLimit: 100, ...given });
}
