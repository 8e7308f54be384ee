/**
 * THE PORT to what a model may call. A tool validates what the model wrote, does one thing and answers with rows or in
 * text; when it may be called, and how often, is decided in services/chat/generate.ts.
 */
import type { Visitor } from "../domain/conversation.ts";
import type { TenantId } from "../domain/ids.ts";
import type { CatalogueTool, ToolCall, ToolDefinition, ToolTable } from "../domain/tool.ts";

/** For whom a turn is answered. What is bound to a visitor comes from here and never from the model. */
export type ToolContext = { tenantId: TenantId; visitor: Visitor | null };

/** The answer to a call: `content` is what the model reads, `table` what can be cited and shown. */
export type ToolResult = { content: string; table: ToolTable | null };

export interface Tool {
  readonly definition: ToolDefinition;
  /** What the visitor reads while it runs. */
  readonly label: string;
  /** What the admin wrote down, for look-ups without a model; null for a tool that is not in the catalogue. */
  readonly entry: CatalogueTool | null;
  /**
   * Runs one call. Several calls of one turn may run at once.
   *
   * @throws AppError whose message tells the model what to do, such as which argument does not fit; it is the call's
   *   result then and does not end the turn. Anything else that is thrown is logged and becomes TOOL_FAILED. When
   *   `signal` is aborted nobody waits any longer, so work that goes on must be ended.
   */
  run(call: ToolCall, signal: AbortSignal): Promise<ToolResult>;
}

export interface Tools {
  /** The tools on offer in one turn, each name once. Asked at the beginning of each: what an admin changes counts then. */
  offered(context: ToolContext): Promise<Tool[]>;
}
