import type { Deps } from "../../deps.ts";
import type { Message } from "../../domain/conversation.ts";
import type { LlmConfig } from "../../domain/llm.ts";
import type { SynonymRule } from "../../domain/synonym.ts";
import type { Tenant, WidgetConfig } from "../../domain/tenant.ts";
import { AppError } from "../../errors.ts";
import type { ChatRequest, Passage } from "../../providers/provider.ts";
import { detectLanguage } from "../../rag/extract.ts";
import type { HistoryMessage } from "../../rag/follow-up.ts";
import { buildMessages, DEFAULT_SYSTEM_PROMPT, type PromptVariables } from "../../rag/prompt.ts";
import { meaningsIn } from "../../rag/text.ts";
import type { Turn } from "./progress.ts";

/** Enough for a question that needs two documents, small enough for a local model's context. */
const HISTORY_MESSAGES = 8;
const HISTORY_TOKEN_BUDGET = 1000;

/** What a turn is answered with, as it stands when the turn begins. */
export type TurnSettings = {
  /** Of whoever is asked first. */
  config: LlmConfig;
  /** All that may be asked, in their order. */
  configs: LlmConfig[];
  tenant: Tenant;
  widget: WidgetConfig;
  /** What the tenant says otherwise than its documents. */
  synonyms: SynonymRule[];
  /** The latest messages before the question, oldest first. */
  history: Message[];
};

export async function readSettings(
  { store }: Pick<Deps, "store">,
  { session: { tenantId, conversationId }, question, isFirst, saidBefore }: Turn,
): Promise<TurnSettings> {
  const [configs, tenant, widget, synonyms, history] = await Promise.all([
    store.llmConfigs.chain(tenantId),
    store.tenants.get(tenantId),
    store.widgets.get(tenantId),
    store.synonyms.all(tenantId),
    saidBefore?.slice(-HISTORY_MESSAGES) ??
      (isFirst ? [] : store.turns.recent(tenantId, conversationId, question.id, HISTORY_MESSAGES)),
  ]);
  const [config] = configs;
  if (config === undefined) throw new AppError("NOT_FOUND", "The tenant has no model settings any more.");
  return { config, configs, tenant, widget, synonyms, history };
}

/** Everything the model is told: settings, passages, recent messages and the question. */
export function toRequest(
  deps: Pick<Deps, "now">,
  turn: Turn,
  settings: TurnSettings,
  standalone: string,
  passages: Passage[],
  hasTools: boolean,
): Omit<ChatRequest, "tools"> {
  const { config } = settings;
  const messages = buildMessages({
    template: config.systemPrompt || DEFAULT_SYSTEM_PROMPT,
    variables: promptVariables(deps, turn, settings),
    passages,
    hasTools,
    history: historyOf(settings),
    question: turn.question.content,
    meanings: meaningsIn(standalone, settings.synonyms),
    historyTokenBudget: HISTORY_TOKEN_BUDGET,
  });
  const { model, temperature, maxTokens } = config;
  const { synonyms } = settings;
  return { model, temperature, maxTokens, messages, grounding: { question: standalone, passages, synonyms } };
}

/**
 * What visitor and assistant said before, oldest first; messages of other roles are the assistant's to a model. Small
 * talk is left out: nothing leans on it.
 */
export function historyOf({ history }: Pick<TurnSettings, "history">): HistoryMessage[] {
  return history
    .filter(({ smallTalk }) => smallTalk === null)
    .map(({ role, content }) => ({ role: role === "user" ? "user" : "assistant", content }));
}

function promptVariables(
  deps: Pick<Deps, "now">,
  { question, session, page }: Turn,
  { tenant, widget }: TurnSettings,
): PromptVariables {
  return {
    company_name: tenant.name,
    assistant_name: widget.displayName,
    date: new Date(deps.now()).toISOString().slice(0, 10),
    language: detectLanguage(question.content),
    "visitor.name": session.visitor?.name ?? "",
    "page.url": page?.url ?? "",
    "page.title": page?.title ?? "",
  };
}
