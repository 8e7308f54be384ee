import type { Deps } from "../../deps.ts";
import { type LlmConfig, QUOTING } from "../../domain/llm.ts";
import type { SynonymRule } from "../../domain/synonym.ts";
import type { TurnEvent } from "../../domain/turn.ts";
import type { AppError, ErrorCode } from "../../errors.ts";
import type { ChatProvider, Passage } from "../../providers/provider.ts";
import { toCitation } from "../../rag/citations.ts";
import { abstentionText, choicesOf, detectLanguage, explainAnswer } from "../../rag/extract.ts";
import { confirmSayings } from "../../rag/lookup/confirm-sayings.ts";
import { modelAwayText } from "../../rag/model-away.ts";
import type { Tool } from "../../tools/tool.ts";
import type { Retrieval, RetrievalDeps } from "../retrieval/retrieve.ts";
import { findPassages } from "./find-passages.ts";
import { type GenerateDeps, generate } from "./generate.ts";
import { answerByLookUp, isBetterThanPassages, lookUpFirst } from "./look-up.ts";
import { supportingTexts } from "./looked-up.ts";
import { createModelChain, type ModelChain } from "./model-chain.ts";
import { noAnswer } from "./no-answer.ts";
import { append, elapsed, newProgress, type Progress, type Turn } from "./progress.ts";
import { replyToSmallTalk, type SmallTalkReply } from "./small-talk.ts";
import type { SupportFinder } from "./support.ts";
import { noteFailure, type OutcomeDeps, recordFailure, storeAnswer, toFailure } from "./turn-outcome.ts";
import { readSettings, type TurnSettings, toRequest } from "./turn-request.ts";

export type TurnDeps = Pick<Deps, "chatProvider" | "live" | "tools"> &
  GenerateDeps &
  OutcomeDeps &
  RetrievalDeps & { findSupport: SupportFinder };

/** All of it, tools included. */
export const TURN_TIMEOUT_MS = 120_000;
/** What is here anyway takes no longer, also after the models have used up the time of the turn. */
const QUOTE_TIMEOUT_MS = 30_000;

/** Why a model has no answer, of those for which its visitor can do nothing. */
const MODEL_FAILURES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "PROVIDER_UNAVAILABLE",
  "PROVIDER_TIMEOUT",
  "PROVIDER_RATE_LIMITED",
  "PROVIDER_REJECTED",
  "MODEL_NOT_AVAILABLE",
  "UPSTREAM_BAD_RESPONSE",
  "EGRESS_DENIED",
  "UNSAFE_URL",
  "CREDENTIAL_UNDECRYPTABLE",
]);

/**
 * Answers one visitor's message: the whole of a chat turn, top to bottom.
 *
 * Yields events as they happen and never throws on account of a provider or the store: what went wrong is
 * in the last event, `done`, which follows the commit of the answer with everything written so far. Aborting
 * `signal` ends the answer as `interrupted`; an answer that could not be stored is `failed`.
 */
export async function* runTurn(deps: TurnDeps, turn: Turn, signal: AbortSignal): AsyncGenerator<TurnEvent> {
  const { tenantId, conversationId } = turn.session;
  const progress = newProgress(deps, turn);
  const { answer, trace } = progress;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(TURN_TIMEOUT_MS)]);
  try {
    await deps.store.turns.beginAnswer(tenantId, turn.question.id, answer);
    progress.begun = true;
    await waitForPlace(deps, progress, deadline);
    yield* writeAnswer(deps, progress, { stopped: signal, deadline });
    answer.status = "complete";
  } catch (thrown) {
    recordFailure(deps, progress, thrown, signal);
  }
  trace.timings.totalMs = elapsed(deps, progress);
  trace.outcome.status = answer.status === "streaming" ? "failed" : answer.status;
  yield { type: "done", message: progress.begun ? await storeAnswer(deps, progress) : answer };
  deps.live.publish({ type: "conversation", tenantId, conversationId, removed: false });
}

export async function waitForPlace(
  deps: Pick<TurnDeps, "monotonicNow">,
  { turn, trace }: Progress,
  signal: AbortSignal,
): Promise<void> {
  const askedAt = deps.monotonicNow();
  await turn.place.enter(signal);
  const waitMs = Math.round(deps.monotonicNow() - askedAt);
  if (waitMs > 0) trace.timings.waitMs = waitMs;
}

/** `stopped` by who asked; `deadline` is that, or that it takes too long. */
export type TurnSignals = { stopped: AbortSignal; deadline: AbortSignal };

/**
 * Small talk has a reply, and what the catalogue knows for certain an answer. Otherwise the models are asked, one after
 * the other, and when none of them could write a word the documents are quoted.
 */
export async function* writeAnswer(
  deps: TurnDeps,
  progress: Progress,
  { stopped, deadline }: TurnSignals,
): AsyncGenerator<TurnEvent> {
  const { turn, trace } = progress;
  const settings = await readSettings(deps, turn);
  trace.provider = settings.config.provider;
  trace.model = settings.config.model;
  const talk = await replyToSmallTalk(deps, turn, settings);
  if (talk !== null) return yield replyWith(deps, progress, talk);
  try {
    const models = createModelChain(deps, settings.configs, progress);
    yield* answerWith(deps, progress, models, settings, deadline);
  } catch (thrown) {
    const failure = toFailure(thrown);
    if (stopped.aborted || !mayQuoteInstead(progress, failure)) throw thrown;
    noteFailure(deps, progress, failure);
    yield* quoteInstead(deps, progress, settings, failure, stopped);
  }
}

/** Nothing of another answer is there yet, and it was the model that failed. */
function mayQuoteInstead({ answer, trace }: Progress, { code }: AppError): boolean {
  const isOfModels = trace.provider !== QUOTING && MODEL_FAILURES.has(code);
  return isOfModels && answer.content === "" && answer.confirmations.length === 0;
}

/** No chat is useless because a model is away: what the documents say is there all the same. */
async function* quoteInstead(
  deps: TurnDeps,
  progress: Progress,
  settings: TurnSettings,
  { code, message }: AppError,
  stopped: AbortSignal,
): AsyncGenerator<TurnEvent> {
  const { turn, answer, trace } = progress;
  const config: LlmConfig = {
    ...settings.config,
    provider: QUOTING,
    model: "",
    apiKey: null,
    keyLost: undefined,
  };
  Object.assign(trace, { provider: config.provider, model: config.model, prompt: [], candidates: [] });
  delete trace.host;
  progress.lookedUp = [];
  const quoting = deps.chatProvider(config);
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(QUOTE_TIMEOUT_MS)]);
  const models = { answering: quoting, helping: quoting };
  yield* answerWith(deps, progress, models, { ...settings, config, configs: [config] }, signal);
  const because = `No language model could answer. ${message}`;
  trace.outcome.code = code;
  trace.outcome.reason = [because, trace.outcome.reason].filter(Boolean).join(" ");
  const sentence = modelAwayText(detectLanguage(turn.question.content));
  yield append(deps, progress, answer.content === "" ? sentence : `\n\n${sentence}`);
}

/** rewrite → retrieve → prompt → generate, or say that nothing was found. */
async function* answerWith(
  deps: TurnDeps,
  progress: Progress,
  { answering: provider, helping }: ModelChain,
  settings: TurnSettings,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent> {
  const { turn, answer, trace } = progress;
  const lookUp = yield* lookUpFirst(deps, progress, provider, settings, signal);
  if (lookUp === "answered") return;

  const found = await findPassages(deps, progress, helping, settings, signal);
  if (isBetterThanPassages(lookUp, found.passages)) return yield* answerByLookUp(deps, progress, lookUp);
  const tools = await toolsFor(deps, progress, provider);
  if (found.passages.length === 0 && tools.length === 0) {
    const reason = "Nothing in the knowledge bears on the question, so no model was asked to answer.";
    return yield* abstain(deps, progress, found, reason);
  }
  if (found.passages.length > 0)
    yield { type: "citations", messageId: answer.id, citations: found.passages.map(toCitation) };

  const request = toRequest(deps, turn, settings, trace.rewrittenQuery, found.passages, tools.length > 0);
  if (provider.name !== QUOTING)
    trace.prompt = request.messages.map(({ role, content }) => ({ role, content }));
  const { reason, isRefusal } = yield* generate(deps, progress, provider, request, tools, signal);
  const [first] = answer.confirmations;
  if (answer.content.trim() === "" && first !== undefined)
    yield append(deps, progress, confirmSayings(first.language).ask(first.label));
  const isEmpty = answer.content.trim() === "";
  if (isEmpty && !isRefusal && provider.name !== QUOTING) throw noAnswer(provider, reason);
  if (isEmpty || (isRefusal && first === undefined)) {
    answer.citations = [];
    yield { type: "citations", messageId: answer.id, citations: [] };
    return yield* abstain(deps, progress, found, isRefusal ? REFUSED : NOTHING_QUOTED);
  }
  if (provider.name === QUOTING) explainQuote(progress, found.passages, settings.synonyms);
  const given = supportingTexts(found.passages, progress.lookedUp);
  if (provider.name !== QUOTING) trace.support = await deps.findSupport(answer.content, given);
  if (answer.citations.length < given.length)
    yield { type: "citations", messageId: answer.id, citations: answer.citations };
}

/** Whatever might answer it; who quotes calls nothing. */
async function toolsFor(deps: TurnDeps, { turn, trace }: Progress, { name }: ChatProvider): Promise<Tool[]> {
  if (name === QUOTING) return [];
  const { tenantId, visitor } = turn.session;
  const tools = await deps.tools.offered({ tenantId, visitor });
  if (tools.length > 0) trace.tools = tools.map(({ definition }) => definition.name);
  return tools;
}

/** Why it says what it says, and what it leaves to the visitor to choose. */
function explainQuote(
  { answer, trace }: Progress,
  passages: readonly Passage[],
  synonyms: readonly SynonymRule[],
): void {
  trace.outcome.reason ??= explainAnswer(trace.rewrittenQuery, passages, synonyms);
  answer.followUps = choicesOf(trace.rewrittenQuery, passages, synonyms);
}

const NOTHING_QUOTED = "The passages are about the topic, but none surely holds what was asked.";
const REFUSED = "The model read the passages and said that they do not hold the answer.";

/** Says that nothing was found, and what comes nearest. */
async function* abstain(
  deps: TurnDeps,
  progress: Progress,
  { nearest }: Retrieval,
  reason: string,
): AsyncGenerator<TurnEvent> {
  const { turn, answer, trace } = progress;
  trace.outcome.reason = reason;
  answer.abstained = true;
  answer.nearest = nearest;
  const sentence = abstentionText(detectLanguage(turn.question.content));
  yield append(deps, progress, answer.content === "" ? sentence : `\n\n${sentence}`);
}

/** Neither an answer nor an abstention: nothing was asked. */
function replyWith(deps: TurnDeps, progress: Progress, { kind, text, followUps }: SmallTalkReply): TurnEvent {
  const { answer, trace } = progress;
  trace.smallTalk = kind;
  trace.outcome.reason = "Small talk, no question: nothing was searched and no model was asked.";
  answer.smallTalk = kind;
  answer.followUps = followUps;
  return append(deps, progress, text);
}
