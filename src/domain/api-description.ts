import type { CatalogueTool, ToolAction, ToolParameter } from "./tool.ts";

/** What a description says of an API, as tools that an admin can pick from. */
export type ApiDescription = { title: string; version: string; operations: ApiOperation[] };

export type ApiOperation = {
  method: string;
  path: string;
  summary: string;
  /** Why it cannot be a tool as it is; null when it can. */
  problem: string | null;
  /** What can be sent to make a tool of it. */
  tool: ApiTool;
};

export type ApiTool = Pick<CatalogueTool, "name" | "label" | "description" | "effect"> &
  Extract<ToolAction, { type: "rest_api" }> & { parameters: ToolParameter[] };
