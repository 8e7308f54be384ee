import type { Log } from "../../deps.ts";
import type { LlmConfig } from "../../domain/llm.ts";
import type { ChatMessage, ChatProvider } from "../../providers/provider.ts";
import type { HistoryMessage } from "../../rag/follow-up.ts";
import { parseWordings, type Wordings, wordingsPrompt } from "../../rag/wordings.ts";

export type WordingsDeps = { provider: ChatProvider; config: LlmConfig; log: Log };

/** A line for each wording. */
const WORDINGS_TOKENS = 250;
/** A visitor waits for it before the first word of the answer; a follow-up is hardly found without. */
const PATIENCE_MS = { followUp: 8_000, question: 4_000 };

/**
 * The question in the model's words, by one call; null when that fails or takes too long: the answer may still succeed,
 * with a slightly worse search.
 *
 * @throws only the signal's reason
 */
export async function wordQuestion(
  { provider, config, log }: WordingsDeps,
  history: readonly HistoryMessage[],
  question: string,
  languages: readonly string[],
  signal: AbortSignal,
): Promise<Wordings | null> {
  const patienceMs = history.length > 0 ? PATIENCE_MS.followUp : PATIENCE_MS.question;
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    const reply = await textOf(provider, config, wordingsPrompt(history, question, languages), limited);
    return parseWordings(reply, languages.length + 1);
  } catch (cause) {
    signal.throwIfAborted();
    log.warn("wordings-failed", { cause });
    return null;
  }
}

async function textOf(
  provider: ChatProvider,
  { model }: LlmConfig,
  messages: ChatMessage[],
  signal: AbortSignal,
): Promise<string> {
  const request = {
    ...{ model, temperature: 0, maxTokens: WORDINGS_TOKENS, messages, tools: [] },
    grounding: { question: "", passages: [] },
  };
  let text = "";
  for await (const part of provider.streamChat(request, signal)) if (part.type === "text") text += part.text;
  return text;
}
