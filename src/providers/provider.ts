/**
 * THE PORT to language models. An adapter translates one vendor's protocol and decides nothing.
 */
import type { MessageRole, Usage } from "../domain/conversation.ts";
import type { ChunkId, SourceId, UnixMs } from "../domain/ids.ts";
import type { Gaps } from "../domain/knowledge.ts";
import type { LlmConfig } from "../domain/llm.ts";
import type { SynonymRule } from "../domain/synonym.ts";
import type { ToolCall, ToolDefinition } from "../domain/tool.ts";
import type { AppError, ErrorCode } from "../errors.ts";

/** A picture as it is sent to models that see. */
export type Picture = { mediaType: string; base64: string };

export type ChatMessage =
  | { role: Extract<MessageRole, "system">; content: string }
  | { role: Extract<MessageRole, "user">; content: string; images?: readonly Picture[] }
  | { role: "assistant"; content: string; toolCalls?: ToolCall[] }
  | { role: "tool"; content: string; toolCallId: string };

/** A chunk chosen for the prompt; `n` is the number that citations use. */
export type Passage = {
  n: number;
  chunk: ChunkId;
  source: SourceId;
  title: string;
  headingPath: string[];
  page: number | null;
  text: string;
  /** 0 to 1: how likely it bears on the question. */
  relevance: number;
  /** What it lacks of the question, for providers that quote; null or absent where words cannot tell. */
  gaps?: Gaps | null;
  /** Which part of a double question it was found for; absent where it was found for all of it. */
  askedAs?: string;
};

export type ChatRequest = {
  model: string;
  temperature: number;
  maxTokens: number;
  /** First a system message, then history, then the question; tool rounds after it. */
  messages: ChatMessage[];
  tools: ToolDefinition[];
  /** What the messages were made from, for providers that quote instead of writing. */
  grounding: { question: string; passages: Passage[]; synonyms?: readonly SynonymRule[] };
};

export type FinishReason = "stop" | "length" | "tool-calls" | "content-filter" | "other";

export type ChatStreamPart =
  | { type: "text"; text: string }
  /** What the model thought before it wrote: never part of the answer. */
  | { type: "reasoning"; text: string }
  | { type: "tool-call"; toolCall: ToolCall }
  | { type: "finish"; reason: FinishReason; usage: Usage };

export type ProviderModel = { id: string; name: string };

/** What is wrong with a server, since when. */
export type ProviderTrouble = { code: ErrorCode; message: string; since: UnixMs };

export interface ChatProvider {
  readonly name: LlmConfig["provider"];
  /** Where it is asked, e.g. `api.openai.com` or `127.0.0.1:8080`; absent where nothing is asked. */
  readonly host?: string | undefined;
  /** Why its server may not be called, as far as that is known without calling it; null when it may. */
  refusal?(): AppError | null;
  /** Null while its server answers, by the last that was heard of it. */
  trouble?(): ProviderTrouble | null;
  /**
   * Streams one reply. Ends with exactly one `finish`; a stream that the vendor cut before its own end
   * marker throws `PROVIDER_UNAVAILABLE` instead, so a truncated answer never looks complete.
   *
   * @throws AppError PROVIDER_REJECTED (key, model or request refused) · PROVIDER_RATE_LIMITED (with
   *   retryAfterMs when told) · PROVIDER_UNAVAILABLE (cannot connect, 5xx, cut) · PROVIDER_TIMEOUT ·
   *   MODEL_NOT_AVAILABLE · UPSTREAM_BAD_RESPONSE (not the protocol) · EGRESS_DENIED.
   *   Aborting `signal` ends the upstream request and throws the signal's reason.
   */
  streamChat(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatStreamPart>;
  /** Models on offer, sorted by id. Same errors. `extractive` answers an empty list. */
  listModels(signal: AbortSignal): Promise<ProviderModel[]>;
}

/** Makes vectors that retrieval compares. */
export interface EmbeddingProvider {
  readonly model: string;
  readonly dimension: number;
  /**
   * L2-normalised, one per text, in order, all or none. Texts beyond what the model reads are cut.
   *
   * @throws AppError as a chat provider; OVERLOADED when too many wait. Aborting `signal` throws its reason.
   */
  embed(texts: readonly string[], kind: "query" | "passage", signal: AbortSignal): Promise<Float32Array[]>;
}

/** Reads a question together with each passage, which says more than comparing two vectors, and takes longer. */
export interface Reranker {
  /** A folder below `<data>/models`. */
  readonly model: string;
  /** Starts it, so that the first question need not wait. @throws AppError MODEL_NOT_AVAILABLE */
  start(): Promise<void>;
  /**
   * A score per passage, in order, all or none. Higher answers better; what a number is worth differs from model to
   * model. Texts beyond what the model reads are cut. Starts the model when it does not run.
   *
   * @throws AppError MODEL_NOT_AVAILABLE · PROVIDER_TIMEOUT: nobody waits longer, in line or for the model ·
   *   OVERLOADED when too many wait · PROVIDER_UNAVAILABLE with retryAfterMs while it is left alone after failures ·
   *   INTERNAL when its worker died. Aborting `signal` throws its reason.
   */
  score(question: string, passages: readonly string[], signal: AbortSignal): Promise<Float32Array>;
  /** Ends what runs for it. */
  close(): void;
}

/** A reranker by the model's name, not started yet. */
export type RerankerFactory = (model: string) => Reranker;

/** Settings to a provider; the only thing services know of vendors. */
export type ProviderFactory = (
  settings: Pick<LlmConfig, "provider" | "baseUrl" | "apiKey" | "keyLost"> &
    Partial<
      Pick<LlmConfig, "id" | "updatedAt" | "savedByOperator" | "tenantId" | "ca" | "proxy" | "headers">
    >,
  /** For a person who is looking at it: nothing is tried again, and no more requests are sent than these. */
  trial?: { requests: number },
) => ChatProvider;
