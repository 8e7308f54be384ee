/** One visitor's conversation over a real store, with one fact to be asked about. */
import type { ChatSession, Message, TurnTrace } from "../../src/domain/conversation.ts";
import { QUOTING } from "../../src/domain/llm.ts";
import type { TurnEvent } from "../../src/domain/turn.ts";
import { extractiveProvider } from "../../src/providers/extractive.ts";
import { extractAnswer } from "../../src/rag/extract.ts";
import { analyzeChunk } from "../../src/rag/text.ts";
import { createPartialTexts } from "../../src/services/chat/partial-texts.ts";
import { createPendingWrites, type PendingWrites } from "../../src/services/chat/pending-writes.ts";
import type { Turn } from "../../src/services/chat/progress.ts";
import { createSupportFinder } from "../../src/services/chat/support.ts";
import { runTurn, type TurnDeps } from "../../src/services/chat/turn.ts";
import { createOutbox } from "../../src/services/operations/outbox.ts";
import { LEXICAL_ONLY } from "../../src/services/retrieval/dense.ts";
import { NO_RERANKING } from "../../src/services/retrieval/reranking.ts";
import type { Store } from "../../src/store/store.ts";
import { createTools } from "../../src/tools/catalog.ts";
import {
  aChatSession,
  aChunk,
  aConversation,
  aFile,
  aFirstAdmin,
  anLlmConfig,
  aQuestion,
  NOW,
} from "./builders.ts";
import { openTestStore } from "./sqlite.ts";

export const FACT = "Parental leave is 26 weeks at full pay.";
export const QUESTION = "How long is parental leave?";
const QUIET = { debug() {}, info() {}, warn() {}, error() {} };

export type TestChat = {
  store: Store;
  session: ChatSession;
  pendingWrites: PendingWrites;
  /** What the widget says that it speaks. */
  locale: string | null;
  /** What the next turn gets; a test may replace parts of it. */
  deps: TurnDeps;
  /** What the next turn waits for: nothing, unless a test says so. */
  place: Turn["place"];
  /** One whole turn; a throw of the model is never one of the turn's. */
  ask(text?: string, signal?: AbortSignal): Promise<TurnEvent[]>;
  /** The same, event by event. */
  begin(text?: string, signal?: AbortSignal): Promise<AsyncGenerator<TurnEvent>>;
  savedAnswer(): Promise<Message | undefined>;
  savedTrace(): Promise<TurnTrace>;
};

/** @param model what every tenant's models are; quoting is what it is in Parley */
export async function openTestChat(model: TurnDeps["chatProvider"]): Promise<TestChat> {
  const quoting = extractiveProvider(extractAnswer);
  const chatProvider: typeof model = (settings) =>
    settings.provider === QUOTING ? quoting : model(settings);
  const store = await openTestStore();
  const first = aFirstAdmin();
  const { id: tenantId } = first.tenant;
  await store.instance.initialise({
    ...first,
    llm: anLlmConfig({ tenantId, provider: "openai", baseUrl: "http://model", model: "m" }),
  });
  const session = aChatSession({ tenantId });
  await store.chatSessions.create(session, "hash", aConversation(session), []);
  await addDocument(store, session, "Leave", FACT);
  const pendingWrites = createPendingWrites(QUIET);
  const partialTexts = createPartialTexts({ store, log: QUIET });

  const chat: TestChat = {
    ...{ store, session, pendingWrites, locale: null, place: { enter: async () => {} } },
    deps: {
      ...{ store, pendingWrites, partialTexts, chatProvider, log: QUIET, tools: createTools([]) },
      settings: { limits: { answerBytes: 64 * 1024, passageTokens: 3_000 } },
      findSupport: createSupportFinder({ dense: LEXICAL_ONLY }),
      ...{ dense: LEXICAL_ONLY, reranking: NO_RERANKING, now: () => NOW, monotonicNow: () => 0 },
      outbox: createOutbox([], () => {}),
      live: { publish() {}, subscribe: () => () => {} },
    },

    async begin(text = QUESTION, signal = new AbortController().signal) {
      const { conversationId } = session;
      const question = aQuestion({ conversationId, content: text });
      await store.turns.acceptQuestion({
        ...{ tenantId, sessionId: session.id, conversationId, question, page: null, jobs: [] },
      });
      const turn = { session, question, page: null, locale: chat.locale, place: chat.place };
      return runTurn(chat.deps, turn, signal);
    },
    ask: async (text, signal) => Array.fromAsync(await chat.begin(text, signal)),
    savedAnswer: async () => (await store.conversations.messages(tenantId, session.conversationId)).at(-1),
    async savedTrace() {
      const answer = await chat.savedAnswer();
      const trace = answer && (await store.conversations.findTrace(tenantId, answer.id));
      if (!trace) throw new Error("the last answer has no trace");
      return trace;
    },
  };
  return chat;
}

/** A document of one passage. */
export async function addDocument(
  store: Store,
  { tenantId }: ChatSession,
  title: string,
  content: string,
): Promise<void> {
  const { source, document, job } = aFile({ tenantId, title });
  await store.sources.create(source, [document], [job]);
  const chunk = aChunk({ sourceId: source.id, content });
  const terms = analyzeChunk({ title, headingPath: [], content });
  await store.chunks.replaceForDocument(tenantId, document.id, [{ ...chunk, ...terms }], {
    ...{ format: "text", pageCount: null, warnings: [], jobId: job.id, now: NOW, analysis: 1, reading: 1 },
  });
}
