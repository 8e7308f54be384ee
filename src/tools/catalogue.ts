/** The tenant's own tools, as admins wrote them down, on offer in a turn. */
import type { Visitor } from "../domain/conversation.ts";
import type { TenantId } from "../domain/ids.ts";
import type { CatalogueTool } from "../domain/tool.ts";
import { hasIdentityFor, parametersSchema, parseArguments } from "./arguments.ts";
import { tableText } from "./table-text.ts";
import type { Tool, ToolContext, ToolRunner, Tools } from "./tool.ts";

/** @param entriesOf the tools of a tenant that are enabled and can be used now */
export function catalogueTools(
  entriesOf: (tenantId: TenantId) => Promise<CatalogueTool[]>,
  runner: ToolRunner,
): Tools {
  return {
    async offered(context) {
      const entries = await entriesOf(context.tenantId);
      return entries.flatMap((entry) => toolFor(runner, entry, context) ?? []);
    },
  };
}

/** A tool as it is offered to a visitor; null where it is not theirs to use. */
export function toolFor(runner: ToolRunner, entry: CatalogueTool, context: ToolContext): Tool | null {
  return mayUse(entry, context.visitor) ? toTool(entry, runner, context) : null;
}

/** Whether a tool is this visitor's to use; nobody else learns that there is one. */
export function mayUse(
  { audience, parameters }: Pick<CatalogueTool, "audience" | "parameters">,
  visitor: Visitor | null,
): boolean {
  if (!hasIdentityFor(parameters, visitor)) return false;
  if (audience === "everyone") return true;
  if (visitor === null) return false;
  return audience === "verified" || audience.tags.some((tag) => visitor.groups.includes(tag));
}

function toTool(entry: CatalogueTool, runner: ToolRunner, context: ToolContext): Tool {
  const { name, label, description, parameters } = entry;
  return {
    definition: { name, description, parameters: parametersSchema(parameters) },
    label,
    entry,
    async run(call, signal) {
      const once = entry.effect === "write" ? { ...context, callId: call.id } : context;
      const table = await runner.run(entry, parseArguments(call), once, signal);
      return { content: tableText(table), table };
    },
  };
}
