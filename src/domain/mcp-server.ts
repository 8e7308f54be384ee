/** Servers of the Model Context Protocol, and what they say of their tools. */
import type { ErrorCode } from "../errors.ts";
import type { CredentialId, McpServerId, TenantId, UnixMs } from "./ids.ts";
import type { ToolParameter } from "./tool.ts";

/** The job that deletes a removed server for good. */
export const PURGE_MCP_SERVER = "purge-mcp-server";

export type McpServer = {
  id: McpServerId;
  tenantId: TenantId;
  name: string;
  url: string;
  /** What it is shown; null for nothing. */
  credential: CredentialId | null;
  /** `unchecked` until it has told its tools once, `failed` when it did not the last time. */
  state: "ready" | "unchecked" | "failed";
  /** Why it did not; null when it did. */
  problem: { code: ErrorCode; message: string } | null;
  /** Its own name and version, as it says; null until it has. */
  serverVersion: string | null;
  checkedAt: UnixMs | null;
  createdAt: UnixMs;
  updatedAt: UnixMs;
  deletedAt: UnixMs | null;
};

/** What a server says of a tool, and an admin allows or not. */
export type RemoteDefinition = {
  title: string | null;
  /** Without signs that nobody sees. */
  description: string;
  /** JSON Schema of its arguments, as it was told. */
  inputSchema: Record<string, unknown>;
  /** What it says of itself: that it only reads, that it may destroy; null where it says nothing. */
  readOnly: boolean | null;
  destructive: boolean | null;
  /** SHA-256 of all of this as it was told: another one is another tool. */
  fingerprint: string;
};

/** A tool as a server tells it. */
export type RemoteTool = RemoteDefinition & {
  name: string;
  parameters: ToolParameter[];
  /** What an admin should know before allowing it. */
  warnings: string[];
  /** Why it cannot be allowed, in a sentence; null when it can. */
  problem: string | null;
};

export type RemoteTools = {
  serverVersion: string;
  tools: RemoteTool[];
  /** It has more than Parley reads. */
  truncated: boolean;
};

/** Why a tool that was allowed is not used: an admin looks at it, or its server gives it back. */
export type RemoteTrouble =
  | { kind: "changed"; at: UnixMs; found: RemoteDefinition }
  | { kind: "missing"; at: UnixMs };

/** A server's name for a tool as a catalogue has names. */
export function catalogueName(remoteName: string): string {
  const name = remoteName
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "");
  return (name || "tool").slice(0, 63);
}
