import type { ChatProvider, ChatRequest, ChatStreamPart, ProviderModel } from "./provider.ts";

/**
 * What an adapter yields: parts, and now and then word that the vendor is at work (thinking, queueing) with
 * nothing to show yet. A model that thinks is not one that hangs.
 */
export type AdapterPart = ChatStreamPart | { type: "working" };

/** One vendor's protocol, before deadlines, circuit breaker and retries are put around it. */
export interface ChatAdapter {
  readonly name: ChatProvider["name"];
  /** The host for error messages, e.g. `api.openai.com`. */
  readonly host: string;
  streamChat(request: ChatRequest, signal: AbortSignal): AsyncIterable<AdapterPart>;
  listModels(signal: AbortSignal): Promise<ProviderModel[]>;
}

/** Models as the port promises them: sorted by id, each once. */
export function toModels(ids: Iterable<readonly [id: string, name: string]>): ProviderModel[] {
  const byId = new Map(ids);
  return [...byId].map(([id, name]) => ({ id, name })).sort((left, right) => (left.id < right.id ? -1 : 1));
}

/** For requests that are kept for other vendors' sake: the vendor wants an object, the model wrote text. */
export function parseArguments(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What an event brings: words, or thoughts, or a sign of life. */
export function toPart(text: string, thought: string): AdapterPart {
  if (text !== "") return { type: "text", text };
  return thought === "" ? { type: "working" } : { type: "reasoning", text: thought };
}
