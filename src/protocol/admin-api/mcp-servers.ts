import { z } from "zod";
import { idPattern } from "../../domain/ids.ts";
import { linesText, lineText } from "../text.ts";
import { isoTime, pageOf, pageQuery } from "./common.ts";

const fields = {
  name: lineText(100),
  url: linesText(2_000)
    .trim()
    .min(1, "Enter the address.")
    .describe("where the server speaks streamable HTTP, such as https://tools.corp/mcp"),
  credential: z
    .string()
    .regex(idPattern("credential"), "This is no id of a credential.")
    .nullable()
    .describe("what the server is shown; null for nothing"),
};

export const createMcpServerSchema = z.strictObject({
  ...fields,
  credential: fields.credential.default(null),
});
export const updateMcpServerSchema = z.strictObject(fields).partial();

export const mcpServerSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  credential: z.string().nullable(),
  state: z.enum(["ready", "unchecked", "failed"]),
  /** Why it did not tell its tools the last time; null when it did. */
  problem: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  /** Its own name and version, as it says. */
  serverVersion: z.string().nullable(),
  checkedAt: isoTime.nullable(),
  createdAt: isoTime,
  updatedAt: isoTime,
});
export const mcpServerPageSchema = pageOf(mcpServerSchema);
export const listMcpServersQuery = z.strictObject(pageQuery);

/** What a server says of a tool. */
export const remoteDefinitionSchema = z.strictObject({
  title: z.string().nullable(),
  description: z.string(),
  /** JSON Schema. */
  inputSchema: z.record(z.string(), z.unknown()),
  /** What it says of itself: that it only reads, that it may destroy; null where it says nothing. */
  readOnly: z.boolean().nullable(),
  destructive: z.boolean().nullable(),
  /** SHA-256 of all of this as the server told it. */
  fingerprint: z.string(),
});

export const TOOL_STATES = ["ready", "changed", "missing"] as const;

export const mcpServerToolsSchema = z.strictObject({
  serverVersion: z.string(),
  items: z.array(
    remoteDefinitionSchema.extend({
      name: z.string(),
      arguments: z.array(
        z.strictObject({
          name: z.string(),
          type: z.string(),
          required: z.boolean(),
          description: z.string(),
          values: z.array(z.string()),
        }),
      ),
      /** What to know before allowing it. */
      warnings: z.array(z.string()),
      /** Why it cannot be allowed; null when it can. */
      problem: z.string().nullable(),
      /** The tool that was made of it; null while it is not allowed. */
      tool: z
        .strictObject({ id: z.string(), name: z.string(), enabled: z.boolean(), state: z.enum(TOOL_STATES) })
        .nullable(),
      /** What POST /api/admin/tools takes to allow it as it is told now. */
      draft: z.record(z.string(), z.unknown()),
    }),
  ),
  /** The server has more tools than are read. */
  truncated: z.boolean(),
  nextCursor: z.null(),
});

export type McpServerView = z.output<typeof mcpServerSchema>;
export type McpServerPage = z.output<typeof mcpServerPageSchema>;
export type McpServerTools = z.output<typeof mcpServerToolsSchema>;
export type RemoteDefinitionView = z.output<typeof remoteDefinitionSchema>;
