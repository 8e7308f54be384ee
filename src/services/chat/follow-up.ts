import type { Log } from "../../deps.ts";
import type { Message } from "../../domain/conversation.ts";
import { type LlmConfig, QUOTING } from "../../domain/llm.ts";
import type { ChatProvider } from "../../providers/provider.ts";
import { joinFollowUp, rewritePrompt } from "../../rag/follow-up.ts";

type RewriteDeps = { provider: ChatProvider; config: LlmConfig; log: Log };

/** A rewrite is a line; a model that writes more is answering instead. */
const MAX_REWRITE_CHARACTERS = 500;
const REWRITE_TOKENS = 120;
/** A visitor waits for the rewrite before the first word of the answer. */
const REWRITE_TIMEOUT_MS = 8_000;

/**
 * The question as it would be asked without the conversation before it: by the model when there is one,
 * otherwise, or when that fails, by joining it to the previous question.
 */
export async function standaloneQuestion(
  { provider, config, log }: RewriteDeps,
  history: readonly Message[],
  question: string,
  signal: AbortSignal,
): Promise<string> {
  const turns = history
    .filter(({ role }) => role === "user" || role === "assistant")
    .map(({ role, content }) => ({
      role: role === "user" ? ("user" as const) : ("assistant" as const),
      content,
    }));
  if (turns.length === 0) return question;
  const joined = joinFollowUp(turns, question);
  if (provider.name === QUOTING) return joined;
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(REWRITE_TIMEOUT_MS)]);
    const rewritten = await collectText(provider, config, rewritePrompt(turns, question), limited);
    return rewritten.length > 0 && rewritten.length <= MAX_REWRITE_CHARACTERS ? rewritten : joined;
  } catch (cause) {
    signal.throwIfAborted();
    // The answer itself may still succeed, with a slightly worse search.
    log.warn("rewrite-failed", { cause });
    return joined;
  }
}

async function collectText(
  provider: ChatProvider,
  config: LlmConfig,
  messages: ReturnType<typeof rewritePrompt>,
  signal: AbortSignal,
): Promise<string> {
  const request = {
    model: config.model,
    temperature: 0,
    maxTokens: REWRITE_TOKENS,
    messages,
    tools: [],
    grounding: { question: "", passages: [] },
  };
  let text = "";
  for await (const part of provider.streamChat(request, signal)) if (part.type === "text") text += part.text;
  return text.trim();
}
