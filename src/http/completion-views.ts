/** Answers and errors in OpenAI-compatible shapes. */
import type { Message } from "../domain/conversation.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { AppError, ErrorCode } from "../errors.ts";
import type {
  ChatCompletion,
  ChatCompletionChunk,
  CompletionsError,
  CompletionUsage,
  FinishReason,
  ModelView,
  UrlCitation,
} from "../protocol/completions.ts";
import type { ProgramAnswer } from "../services/chat/programs.ts";

export function modelView({ slug, createdAt }: Tenant): ModelView {
  return { id: slug, object: "model", created: seconds(createdAt), owned_by: "parley" };
}

/** What all pieces of one answer have in common. */
export type CompletionHead = { id: string; created: number; model: string };

export function completionHead({ slug }: Tenant, id: string, now: number): CompletionHead {
  return { id: `chatcmpl-${id}`, created: seconds(now), model: slug };
}

export function completionView(
  head: CompletionHead,
  { message: answer, ending, usage }: ProgramAnswer,
  origin: string,
): ChatCompletion {
  const message = {
    ...({ role: "assistant", content: answer.content, refusal: null } as const),
    annotations: annotationsOf(answer, origin),
  };
  return {
    ...head,
    object: "chat.completion",
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(ending) }],
    usage: usageView(usage),
  };
}

export function chunkView(
  head: CompletionHead,
  delta: ChatCompletionChunk["choices"][number]["delta"],
  finish: FinishReason | null = null,
): ChatCompletionChunk {
  return {
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  };
}

/** The last chunk for whoever asked for it. */
export function usageChunk(head: CompletionHead, { usage }: ProgramAnswer): ChatCompletionChunk {
  return { ...head, object: "chat.completion.chunk", choices: [], usage: usageView(usage) };
}

function usageView({ inputTokens, outputTokens }: ProgramAnswer["usage"]): CompletionUsage {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
}

export function finishReason(ending: ProgramAnswer["ending"]): FinishReason {
  return ending === "content-filter" ? "content_filter" : (ending ?? "stop");
}

/** One for each mark in the text, from where it begins to where it ends, in UTF-16 units. */
export function annotationsOf({ content, citations }: Message, origin: string): UrlCitation[] {
  const byNumber = new Map(citations.map((citation) => [citation.n, citation]));
  return [...content.matchAll(/\[(\d+)\]/g)].flatMap((mark): UrlCitation[] => {
    const citation = byNumber.get(Number(mark[1]));
    if (citation?.kind !== "passage") return [];
    const { source, chunk, title } = citation;
    const url = `${origin}/#/knowledge/${source}?passage=${chunk}`;
    const [start_index, end_index] = [mark.index, mark.index + mark[0].length];
    return [{ type: "url_citation", url_citation: { url, title, start_index, end_index } }];
  });
}

/** The words by which OpenAI-compatible clients tell errors apart; what has none keeps ours. */
const KINDS: Partial<Record<ErrorCode, { type: string; code: string }>> = {
  UNAUTHENTICATED: { type: "invalid_request_error", code: "invalid_api_key" },
  SCOPE: { type: "invalid_request_error", code: "insufficient_permissions" },
  RATE_LIMITED: { type: "rate_limit_error", code: "rate_limit_exceeded" },
  PROVIDER_RATE_LIMITED: { type: "rate_limit_error", code: "rate_limit_exceeded" },
};

export function completionsError({ code, message, details }: AppError, status: number): CompletionsError {
  const type = status < 500 ? "invalid_request_error" : "server_error";
  return {
    error: { message, param: fieldOf(details), ...(KINDS[code] ?? { type, code: code.toLowerCase() }) },
  };
}

function fieldOf(details: unknown): string | null {
  const fields = (details as { fields?: Record<string, string> } | undefined)?.fields;
  return Object.keys(fields ?? {})[0] ?? null;
}

function seconds(time: number): number {
  return Math.floor(time / 1000);
}
