import type { Deps } from "../../deps.ts";
import type { Message } from "../../domain/conversation.ts";
import type { TenantId } from "../../domain/ids.ts";
import type { SmallTalkKind } from "../../domain/small-talk.ts";
import { detectLanguage } from "../../rag/language.ts";
import { recogniseSmallTalk, type SmallTalk } from "../../rag/small-talk/recognise.ts";
import {
  chooseReading,
  contactAsMarkdown,
  smallTalkReply,
  talkLanguage,
  talkLanguageOf,
} from "../../rag/small-talk/reply.ts";
import { questionsOf, topicsOf } from "../../rag/small-talk/topics.ts";
import { isOwnWord } from "../../rag/synonyms.ts";
import { LEXICAL_ONLY } from "../retrieval/dense.ts";
import { NO_RERANKING } from "../retrieval/reranking.ts";
import { PASSAGE_BUDGET, retrieve } from "../retrieval/retrieve.ts";
import type { Turn } from "./progress.ts";
import type { TurnSettings } from "./turn-request.ts";

export type SmallTalkReply = { kind: SmallTalkKind; text: string; followUps: string[] };

type SmallTalkDeps = Pick<Deps, "store">;

const DOCUMENTS_LOOKED_AT = 24;
const QUESTIONS_OFFERED = 3;
/** Each costs a search. */
const QUESTIONS_TRIED = 12;
/** Below this it may be found and still not be answered well. */
const SURE = 0.6;

/** What a turn is answered that is no question; null for a question. No model is asked, and nothing is looked up for it. */
export async function replyToSmallTalk(
  deps: SmallTalkDeps,
  turn: Turn,
  { tenant, widget, history, synonyms }: TurnSettings,
): Promise<SmallTalkReply | null> {
  const talk = recogniseSmallTalk(turn.question.content, [widget.displayName, tenant.name]);
  if (talk === null || isAnswerToAQuestion(talk, history)) return null;
  if (isOwnWord(turn.question.content, synonyms, isUnsure(talk) ? "anyhow" : "in capitals")) return null;
  const documents = await deps.store.chunks.languages(tenant.id);
  const reading = chooseReading(talk, { visitor: visitorLanguages(turn, history), documents });
  const known = await whatIsKnown(deps, tenant.id, reading, widget.suggestedQuestions);
  const facts = {
    ...{ assistant: widget.displayName, organisation: tenant.name, topics: known.topics },
    ...{ contact: contactAsMarkdown(widget.contact), hasQuestions: known.questions.length > 0 },
  };
  return {
    kind: reading.kind,
    text: smallTalkReply(reading, facts, widget.ownReplies),
    followUps: known.questions,
  };
}

/** What is no word for all one knows, and may be one of the tenant's. */
function isUnsure({ readings }: SmallTalk): boolean {
  return readings.every(({ kind }) => kind === "unclear" || kind === "test");
}

/** A model that has just asked "Do you mean the office in Bern?" is answered by "yes". */
function isAnswerToAQuestion({ readings }: SmallTalk, history: readonly Message[]): boolean {
  const last = history.findLast(({ role }) => role === "assistant");
  const asks = last?.smallTalk === null && /[?？؟][\s\])*]*(\[\d+\]\s*)*$/u.test(last.content);
  return asks && readings.every(({ kind }) => kind === "yes" || kind === "no" || kind === "ok");
}

/** Of what was said before, the latest first; then the widget's. */
function visitorLanguages({ locale }: Turn, history: readonly Message[]): string[] {
  const said = history
    .filter(({ role, smallTalk }) => (role === "user") === (smallTalk === null))
    .map(({ content }) => detectLanguage(content))
    .reverse();
  const shown = locale === null ? null : talkLanguageOf(locale);
  return [...said.filter((language) => language !== "und"), ...(shown === null ? [] : [shown])];
}

/** Topics, and questions whose answers are found, where the reply tells of them. */
async function whatIsKnown(
  deps: SmallTalkDeps,
  tenantId: TenantId,
  { kind, language }: { kind: SmallTalkKind; language: string },
  suggested: readonly string[],
): Promise<{ topics: string[]; questions: string[] }> {
  if (kind !== "what-can-you-do" && kind !== "help") return { topics: [], questions: [] };
  const outlines = await deps.store.chunks.outline(tenantId, DOCUMENTS_LOOKED_AT);
  const candidates = [
    ...suggested.map((question) => ({ question, source: null })),
    ...questionsOf(outlines, language, talkLanguage(language).replies.aboutTopic),
  ];
  const questions: string[] = [];
  for (const { question, source } of candidates.slice(0, QUESTIONS_TRIED)) {
    if (questions.length === QUESTIONS_OFFERED) break;
    if (source === null || (await isAnswered(deps, tenantId, question, source))) questions.push(question);
  }
  return { topics: topicsOf(outlines), questions };
}

async function isAnswered(
  { store }: SmallTalkDeps,
  tenantId: TenantId,
  question: string,
  source: string,
): Promise<boolean> {
  const byWords = { store, dense: LEXICAL_ONLY, reranking: NO_RERANKING };
  const { passages } = await retrieve(byWords, tenantId, question, PASSAGE_BUDGET);
  return passages.slice(0, 1).some((passage) => passage.source === source && passage.relevance >= SURE);
}
