/** Kinds of tools → who runs them; the only switch on the kind. */
import type { CatalogueTool } from "../domain/tool.ts";
import { AppError } from "../errors.ts";
import type { ToolRunner } from "./tool.ts";

type Kind = CatalogueTool["action"]["type"];

export function toolRunners(kinds: Partial<Record<Kind, ToolRunner>>): ToolRunner {
  const runnerOf = ({ action }: CatalogueTool): ToolRunner => {
    const runner = kinds[action.type];
    if (runner) return runner;
    throw new AppError("TOOL_FAILED", `This Parley cannot run a tool of the kind “${action.type}”.`);
  };
  return {
    prepare: async (entry, signal) => runnerOf(entry).prepare(entry, signal),
    run: async (entry, given, context, signal) => runnerOf(entry).run(entry, given, context, signal),
    explain: async (entry, given, context, signal) => runnerOf(entry).explain(entry, given, context, signal),
  };
}
