import type { Log } from "../../deps.ts";
import type { Message } from "../../domain/conversation.ts";
import { type LlmConfig, QUOTING } from "../../domain/llm.ts";
import type { ChatProvider } from "../../providers/provider.ts";
import {
  bearsOnWhatIsNew,
  dragsAlong,
  type HistoryMessage,
  keepsQuestion,
  type Readings,
  readingsOf,
  rewritePrompt,
  withoutSmallTalk,
} from "../../rag/follow-up.ts";
import type { Retrieval } from "../retrieval/retrieve.ts";

type RewriteDeps = { provider: ChatProvider; config: LlmConfig; log: Log };

/** A rewrite is a line; a model that writes more is answering instead. */
const MAX_REWRITE_CHARACTERS = 500;
const REWRITE_TOKENS = 120;
/** A visitor waits for the rewrite before the first word of the answer. */
const REWRITE_TIMEOUT_MS = 8_000;
/** By how much a less likely reading has to be found more relevant. */
const CLEARLY_BETTER = 0.2;

/**
 * How the question may be read without the conversation before it, the likelier first: as a model rewrites it when
 * there is one, and as its words tell.
 */
export async function readQuestion(
  deps: RewriteDeps,
  history: readonly Message[],
  question: string,
  signal: AbortSignal,
): Promise<Readings> {
  const turns = questionsAndAnswers(history);
  const told = readingsOf(turns, question);
  if (turns.length === 0 || deps.provider.name === QUOTING) return told;
  const rewritten = await rewrite(deps, turns, question, signal);
  if (rewritten === null) return told;
  return { leaning: told.leaning, readings: withRewritten(turns, told, rewritten, question) };
}

/** A model sees more than words tell, but may drag the topic along into a question that has one of its own. */
function withRewritten(
  turns: readonly HistoryMessage[],
  { leaning, readings }: Readings,
  rewritten: string,
  question: string,
): string[] {
  const [joined = rewritten] = readings;
  if (leaning === "maybe") return [...new Set([rewritten, withoutSmallTalk(question)])];
  if (leaning === "no" || dragsAlong(turns, joined, rewritten)) return [...new Set([joined, rewritten])];
  return [...new Set([rewritten, joined])];
}

/** What is found for the reading that is found best. A less likely one has to be clearly better. */
export async function searchReadings(
  { leaning, readings }: Readings,
  history: readonly Message[],
  question: string,
  search: (reading: string) => Promise<Retrieval>,
): Promise<{ reading: string; found: Retrieval }> {
  const asked = withoutSmallTalk(question);
  const turns = questionsAndAnswers(history);
  let best: { reading: string; found: Retrieval; relevance: number } | null = null;
  for (const reading of readings) {
    // Nothing can be clearly better.
    if (best !== null && best.relevance + CLEARLY_BETTER >= 1) break;
    const found = await search(reading);
    const isJoined = leaning === "maybe" && reading !== asked;
    const relevance = isJoined && !answersWhatIsNew(turns, reading, found) ? 0 : relevanceOf(found);
    const isBetter =
      best === null || relevance > best.relevance + CLEARLY_BETTER || (best.relevance === 0 && relevance > 0);
    if (isBetter) best = { reading, found, relevance };
  }
  if (best === null) throw new Error("a question has at least one reading");
  // What was found only for what was asked before is no answer to this.
  const { reading, found, relevance } = best;
  return { reading, found: relevance > 0 ? found : { ...found, passages: [] } };
}

function answersWhatIsNew(
  turns: readonly HistoryMessage[],
  reading: string,
  { passages }: Retrieval,
): boolean {
  return passages.some((passage) => bearsOnWhatIsNew(turns, reading, passage));
}

/** Zero when nothing bears on the question. */
function relevanceOf({ passages }: Retrieval): number {
  return Math.max(0, ...passages.map(({ relevance }) => relevance));
}

/** Small talk is nothing that a question leans on. */
function questionsAndAnswers(history: readonly Message[]): HistoryMessage[] {
  return history
    .filter(({ role, smallTalk }) => (role === "user" || role === "assistant") && smallTalk === null)
    .map(({ role, content }) => ({ role: role === "user" ? "user" : "assistant", content }));
}

/** The question as the model makes it stand alone; null when it fails, or does something else. */
async function rewrite(
  { provider, config, log }: RewriteDeps,
  turns: readonly HistoryMessage[],
  question: string,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(REWRITE_TIMEOUT_MS)]);
    const rewritten = await collectText(provider, config, rewritePrompt(turns, question), limited);
    const isOne = rewritten.length > 0 && rewritten.length <= MAX_REWRITE_CHARACTERS;
    return isOne && keepsQuestion(rewritten, question) ? rewritten : null;
  } catch (cause) {
    signal.throwIfAborted();
    // The answer itself may still succeed, with a slightly worse search.
    log.warn("rewrite-failed", { cause });
    return null;
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
