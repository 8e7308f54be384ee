/** Tools of a catalogue, as an admin of the sample company would write them down. */
import { newId } from "../../src/domain/ids.ts";
import type { CatalogueTool, ToolParameter } from "../../src/domain/tool.ts";

type Given = Partial<CatalogueTool> & Pick<CatalogueTool, "name" | "label">;

export function aParameter(name: string, given: Partial<ToolParameter> = {}): ToolParameter {
  return {
    ...{ name, type: "text", description: "", required: true, default: null, values: [], valuesQuery: null },
    ...{ min: null, max: null, pattern: null, example: null, boundTo: null, in: null },
    ...given,
  };
}

export function aCatalogueTool(given: Given): CatalogueTool {
  return {
    ...{
      id: newId("tool"),
      tenantId: newId("tenant"),
      description: "",
      parameters: [],
      columns: [],
      rowLimit: 100,
    },
    action: { type: "db_query", connection: newId("connection"), query: "select 1" },
    ...{
      answerTemplate: null,
      emptyTemplate: null,
      exampleQuestions: [],
      audience: "everyone",
      effect: "read",
    },
    ...{ sharedOverMcp: false, enabled: true, createdAt: 0, updatedAt: 0, deletedAt: null },
    ...given,
  };
}
