import type { Deps } from "../../deps.ts";
import type { ChatSession, Message, OfferedLookup } from "../../domain/conversation.ts";
import { type ChatSessionId, type ConversationId, type MessageId, newId } from "../../domain/ids.ts";
import type { SaidBefore, UserMessage } from "../../domain/turn.ts";
import { AppError } from "../../errors.ts";
import { detectLanguage, knownLanguage } from "../../rag/language.ts";
import type { Limits } from "../access/limits.ts";
import { startConversation } from "../access/visitors.ts";
import { type AnswerPlace, type AnswerPlaces, createAnswerPlaces } from "./answer-places.ts";
import type { LiveStreams } from "./live-stream.ts";
import { filledQuestion } from "./look-up.ts";
import type { Turn } from "./progress.ts";
import { runTurn, type TurnDeps } from "./turn.ts";

export type AskDeps = TurnDeps &
  Pick<Deps, "store" | "settings"> & { limits: Limits; streams: LiveStreams; running: RunningTurns };

/** Turns of this process that are not finished. */
export type RunningTurns = {
  bySession: Map<ChatSessionId, Set<RunningTurn>>;
  places: AnswerPlaces;
  /** Set when the server stops: no other turn begins. */
  closed: boolean;
};

type RunningTurn = {
  conversationId: ConversationId;
  questionId: MessageId;
  controller: AbortController;
  finished: Promise<Message | null>;
};

/** @param most answers of one tenant at the same time */
export function createRunningTurns(most: number): RunningTurns {
  return { bySession: new Map(), places: createAnswerPlaces(most), closed: false };
}

/** As it is kept: what a form brought is told in words, too. */
type KeptMessage = UserMessage & { offered: OfferedLookup | null };

type PlacedTurn = Turn & { place: AnswerPlace };

/** `answer` resolves when the turn is over: stored, or `failed` with the reason it was not; null for a bug. */
export type Asked = {
  question: Message;
  answer: Promise<Message | null>;
  /** Of a message that had come before: whether its answer is being written now or is stored already. */
  duplicate: "running" | "stored" | null;
};

/** 8 kB of UTF-8: a message, not a document. */
const MAX_MESSAGE_BYTES = 8192;

/**
 * Takes a visitor's message: stores it, then answers it in the background, into the session's live
 * stream. A message of the same client id is the same message, however often it comes.
 *
 * @throws AppError UNKNOWN_TOOL for a look-up that is none · PAYLOAD_TOO_LARGE · RATE_LIMITED · TURN_RUNNING · OVERLOADED; nothing is stored then
 */
export async function ask(deps: AskDeps, session: ChatSession, sent: UserMessage): Promise<Asked> {
  const filled = sent.lookup ? await filledQuestion(deps, session, sent.lookup) : null;
  const userMessage = { ...sent, text: filled?.text ?? sent.text, offered: filled?.lookup ?? null };
  const place = admit(deps, session, userMessage);
  try {
    return await askFrom(deps, session, userMessage, place);
  } catch (thrown) {
    place.leave();
    throw thrown;
  }
}

/** Takes the message of somebody who has a place, which is left when the answer is over or is written already. */
async function askFrom(
  deps: AskDeps,
  session: ChatSession,
  userMessage: KeptMessage,
  place: AnswerPlace,
): Promise<Asked> {
  const stream = await deps.streams.open(session.id);
  // In one commit: the visitor waits for it.
  const [accepted] = await Promise.all([acceptSomewhere(deps, session, userMessage), stream.prepare()]);
  const { page, locale } = userMessage;
  const said = userMessage.saidBefore?.map((message) => toMessage(deps, session, message));
  const turn = { session: accepted.session, page, locale, place, ...(said && { saidBefore: said }) };
  if (accepted.duplicate) return answerAgain(deps, turn, accepted.duplicate);
  const { question } = accepted;
  stream.emit({ type: "question", message: question });
  return { question, answer: start(deps, { ...turn, question }), duplicate: null };
}

async function acceptSomewhere(deps: AskDeps, session: ChatSession, userMessage: KeptMessage) {
  try {
    return await accept(deps, session, userMessage);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== "NOT_FOUND") throw thrown;
    // An admin deleted the conversation while its visitor was still there: the visitor goes on in a new one.
    const conversationId = await startConversation(deps, session);
    return await accept(deps, { ...session, conversationId }, userMessage);
  }
}

/** Stores the question in the session's current conversation. @throws AppError NOT_FOUND when that is gone */
async function accept(deps: AskDeps, session: ChatSession, userMessage: KeptMessage) {
  const { tenantId, conversationId, id: sessionId } = session;
  const question = toQuestion(deps, session, userMessage);
  const asked = { type: "question-asked", tenantId, conversationId, messageId: question.id } as const;
  const { duplicate } = await deps.outbox.announce([asked], (jobs) =>
    deps.store.turns.acceptQuestion({
      ...{ tenantId, sessionId, conversationId, question, jobs },
      page: userMessage.page,
    }),
  );
  return { session, question, duplicate };
}

/** The session's latest question whose answer is being written or waits for its turn. */
export function runningQuestion(
  { running }: Pick<AskDeps, "running">,
  session: ChatSession,
): MessageId | null {
  const turns = [...(running.bySession.get(session.id) ?? [])];
  return turns.findLast((turn) => turn.conversationId === session.conversationId)?.questionId ?? null;
}

/** Ends the session's running answers; what is written stays, as `interrupted`. */
export function stopAnswers(deps: Pick<AskDeps, "running">, sessionId: ChatSessionId): void {
  for (const { controller } of deps.running.bySession.get(sessionId) ?? []) controller.abort();
}

/** Lets no other turn begin and resolves when all are over; after `graceMs` the rest is interrupted. */
export async function drainAnswers(running: RunningTurns, graceMs: number): Promise<void> {
  running.closed = true;
  const turns = [...running.bySession.values()].flatMap((ofSession) => [...ofSession]);
  const timer = setTimeout(() => {
    for (const { controller } of turns) controller.abort();
  }, graceMs);
  await Promise.all(turns.map(({ finished }) => finished));
  clearTimeout(timer);
}

/** At once, so that many who ask in the same moment do not all find the room that is there for one. */
function admit(deps: AskDeps, session: ChatSession, userMessage: KeptMessage): AnswerPlace {
  const { limits } = deps.settings;
  if (deps.running.closed) {
    throw new AppError("OVERLOADED", "Parley is restarting. Ask again in a few seconds.", {
      retryAfterMs: 5000,
    });
  }
  if (userMessage.text.trim() === "") throw new AppError("VALIDATION", "Write a question first.");
  if (Buffer.byteLength(userMessage.text) > MAX_MESSAGE_BYTES) {
    throw new AppError(
      "PAYLOAD_TOO_LARGE",
      "This message is too long. Shorten it to about 8,000 characters.",
    );
  }
  deps.limits.take(`message:${session.id}`, limits.messagesPerMinutePerSession, "That was quick.");
  deps.limits.take(
    `message:${session.tenantId}`,
    limits.messagesPerMinutePerTenant,
    "Many people are asking right now.",
  );
  return placeFor(deps, session, `${session.id} ${userMessage.clientId}`);
}

/** A message that comes again is no other question. */
function placeFor({ running: { places }, settings }: AskDeps, session: ChatSession, question: string) {
  const most = settings.limits.concurrentGenerationsPerSession;
  if (!places.isAdmitted(question) && places.countFor(session.id) >= most)
    throw new AppError("TURN_RUNNING", "Wait for the answer, or stop it, before asking more.");
  return places.admit({ tenantId: session.tenantId, sessionId: session.id }, question);
}

function answerAgain(
  deps: AskDeps,
  turn: Omit<PlacedTurn, "question">,
  { question, answer }: { question: Message; answer: Message | null },
): Asked {
  const running = [...(deps.running.bySession.get(turn.session.id) ?? [])].find(
    ({ questionId }) => questionId === question.id,
  );
  // The process died between storing the question and beginning its answer.
  if (!running && !answer)
    return { question, answer: start(deps, { ...turn, question }), duplicate: "running" };
  turn.place.leave();
  if (running) return { question, answer: running.finished, duplicate: "running" };
  return { question, answer: Promise.resolve(answer), duplicate: "stored" };
}

/** Answers of one conversation are written one after the other, in the order of their questions. */
function start(deps: AskDeps, placed: PlacedTurn): Promise<Message | null> {
  const { session, question, place } = placed;
  const ofSession = deps.running.bySession.get(session.id) ?? new Set<RunningTurn>();
  deps.running.bySession.set(session.id, ofSession);
  const before = [...ofSession].filter(({ conversationId }) => conversationId === question.conversationId);
  const controller = new AbortController();
  const finished = Promise.all(before.map((turn) => turn.finished))
    .then(() => follow(deps, placed, controller))
    .finally(() => {
      place.leave();
      ofSession.delete(turn);
      if (ofSession.size === 0) deps.running.bySession.delete(session.id);
    });
  const turn: RunningTurn = {
    conversationId: question.conversationId,
    questionId: question.id,
    controller,
    finished,
  };
  ofSession.add(turn);
  return finished;
}

/** Runs the turn to its end, whoever is still listening; with nobody left it is stopped, so that it costs nothing. */
async function follow(deps: AskDeps, turn: PlacedTurn, controller: AbortController): Promise<Message | null> {
  const { session, question } = turn;
  const stopWatching = deps.streams.watchAbandoned(session.id, () => controller.abort());
  try {
    const stream = await deps.streams.open(session.id);
    let answer: Message | null = null;
    for await (const event of runTurn(deps, turn, controller.signal)) {
      if (event.type === "done") answer = event.message;
      stream.emit(event);
    }
    return answer;
  } catch (cause) {
    deps.log.error("turn-broken", {
      conversationId: session.conversationId,
      questionId: question.id,
      cause,
    });
    return null;
  } finally {
    stopWatching();
  }
}

function toQuestion(deps: AskDeps, session: ChatSession, userMessage: KeptMessage): Message {
  return {
    ...toMessage(deps, session, { role: "user", content: userMessage.text }),
    lookup: userMessage.offered,
    clientId: userMessage.clientId,
    language: knownLanguage(detectLanguage(userMessage.text)),
  };
}

function toMessage(deps: AskDeps, session: ChatSession, { role, content }: SaidBefore): Message {
  return {
    id: newId("message"),
    conversationId: session.conversationId,
    role,
    content,
    citations: [],
    status: "complete",
    abstained: false,
    nearest: [],
    smallTalk: null,
    followUps: [],
    lookup: null,
    confirmations: [],
    errorCode: null,
    rating: null,
    clientId: null,
    language: null,
    createdAt: deps.now(),
  };
}
