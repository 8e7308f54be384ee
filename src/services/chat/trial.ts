/** What a visitor would be answered, shown to an admin who asks: nothing is stored, and nobody hears of it. */
import type { Message, TurnTrace } from "../../domain/conversation.ts";
import { newId, type TenantId } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";
import type { Tools } from "../../tools/tool.ts";
import type { RunningTurns } from "./ask.ts";
import { elapsed, newProgress, type Turn } from "./progress.ts";
import { TURN_TIMEOUT_MS, type TurnDeps, waitForPlace, writeAnswer } from "./turn.ts";
import { recordFailure } from "./turn-outcome.ts";

export type TrialDeps = TurnDeps & { running: RunningTurns };
export type Trial = { answer: Message; trace: TurnTrace };

/**
 * Answers `question` as the first of a conversation, by the steps of a visitor's turn. What writes is not offered to a
 * model: trying changes nothing. A provider that fails is told of in the answer, as in a turn.
 *
 * @throws AppError OVERLOADED · the signal's reason
 */
export async function tryQuestion(
  deps: TrialDeps,
  tenantId: TenantId,
  question: string,
  locale: string | null,
  signal: AbortSignal,
): Promise<Trial> {
  if (question.trim() === "") throw new AppError("VALIDATION", "Write a question first.");
  const nothingKept = { add() {}, forget() {} };
  const trying = { ...deps, partialTexts: nothingKept, tools: onlyReading(deps.tools) };
  const sessionId = newId("chat-session");
  const place = deps.running.places.admit({ tenantId, sessionId }, sessionId);
  const turn = { ...unheardTurn(deps, tenantId, sessionId, question, locale), place };
  const progress = newProgress(deps, turn);
  const { answer, trace } = progress;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(TURN_TIMEOUT_MS)]);
  try {
    await waitForPlace(trying, progress, deadline);
    // What it yields is in the answer, too.
    for await (const _event of writeAnswer(trying, progress, deadline));
    answer.status = "complete";
  } catch (thrown) {
    signal.throwIfAborted();
    recordFailure(deps, progress, thrown, signal);
  } finally {
    place.leave();
  }
  trace.timings.totalMs = elapsed(deps, progress);
  trace.outcome.status = answer.status === "streaming" ? "failed" : answer.status;
  return { answer, trace };
}

function onlyReading(tools: Tools): Tools {
  return {
    offered: async (context) =>
      (await tools.offered(context)).filter(({ entry }) => entry === null || entry.effect === "read"),
  };
}

/** A turn of nobody's, in a conversation that there is not. */
function unheardTurn(
  { now }: Pick<TurnDeps, "now">,
  tenantId: TenantId,
  sessionId: ReturnType<typeof newId<"chat-session">>,
  content: string,
  locale: string | null,
): Omit<Turn, "place"> {
  const [conversationId, createdAt] = [newId("conversation"), now()];
  return {
    session: {
      ...{ id: sessionId, tenantId, conversationId, visitor: null, origin: null },
      ...{ createdAt, expiresAt: createdAt + TURN_TIMEOUT_MS },
    },
    question: {
      ...{ id: newId("message"), conversationId, role: "user", content, citations: [], status: "complete" },
      ...{ abstained: false, nearest: [], smallTalk: null, followUps: [], lookup: null, confirmations: [] },
      ...{ errorCode: null, rating: null, clientId: null, language: null, createdAt },
    },
    ...{ page: null, locale, isFirst: true },
  };
}
