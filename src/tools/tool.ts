/**
 * THE PORT to what a model may call. A tool validates what the model wrote, does one thing and answers with rows or in
 * text; when it may be called, and how often, is decided in services/chat/generate.ts.
 */
import type { Visitor } from "../domain/conversation.ts";
import type { TenantId } from "../domain/ids.ts";
import type {
  CatalogueTool,
  ResultColumn,
  ToolCall,
  ToolDefinition,
  ToolParameter,
  ToolTable,
} from "../domain/tool.ts";

/** For whom a turn is answered. What is bound to a visitor comes from here and never from the model. */
export type ToolContext = {
  tenantId: TenantId;
  visitor: Visitor | null;
  /** Of a call that must not happen twice: by it, what is called can tell that it has seen it. */
  callId?: string;
};

/** What a tool was found to give, and the values that its enums take now. */
export type PreparedTool = {
  parameters: ToolParameter[];
  columns: ResultColumn[];
  /** What is known of a tool only by asking for it, where it is told elsewhere. */
  told?: Pick<CatalogueTool, "name" | "label" | "description" | "action">;
};

/** Runs tools of the catalogue, whoever asks: a model, a form in the chat, an admin who tries them. */
export interface ToolRunner {
  /**
   * Whether a tool can be saved: asks whatever it asks if that is understood, without doing it, and what it gives; and
   * fetches the values of enums that have a query for them.
   *
   * @throws AppError VALIDATION with the fields that are wrong · UNSAFE_QUERY · UNSAFE_PIPELINE · UNKNOWN_PLACEHOLDER ·
   *   TOOL_UNAVAILABLE · TOOL_CHANGED; the reason of `signal`
   */
  prepare(entry: CatalogueTool, signal: AbortSignal): Promise<PreparedTool>;
  /** How what is asked would go about it, as text; null where it does not tell. @throws as `run` */
  explain(
    entry: CatalogueTool,
    given: Readonly<Record<string, unknown>>,
    context: ToolContext,
    signal: AbortSignal,
  ): Promise<string | null>;
  /**
   * Checks what is given against the tool's parameters, adds what is bound to the visitor, and does it. Masked values
   * are `•••` in what comes back.
   *
   * @throws AppError INVALID_ARGUMENT with an `ArgumentProblem[]` as details · TOOL_REQUIRES_IDENTITY · those of what is
   *   asked, such as TOOL_UNAVAILABLE · QUERY_TIMEOUT · TOOL_FORBIDDEN · TOOL_FAILED; the reason of `signal`
   */
  run(
    entry: CatalogueTool,
    given: Readonly<Record<string, unknown>>,
    context: ToolContext,
    signal: AbortSignal,
  ): Promise<ToolTable>;
}

/**
 * The answer to a call: `content` is what the model reads, `table` what can be cited and shown, `statement` the query
 * that a model wrote for it.
 */
export type ToolResult = { content: string; table: ToolTable | null; statement?: string };

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
