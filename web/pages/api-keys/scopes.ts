import type { ApiKeyView } from "../../../src/protocol/admin-api/api-keys.ts";

export type Scope = ApiKeyView["scopes"][number];

/** What a key may open, in words. */
export const SCOPES: Record<Scope, { label: string; hint: string }> = {
  mcp: {
    label: "Knowledge over MCP",
    hint: "Search the knowledge, fetch passages, and use the look-ups that are shared with programs.",
  },
  chat: {
    label: "The assistant, as a model",
    hint: "Ask it as an OpenAI-compatible model, at the address below /v1. Its calls are conversations and count in usage.",
  },
};
