/** What a visitor would be answered, shown to an admin who asks: nothing is stored, and nobody hears of it. */
import type { Deps } from "../../deps.ts";
import type { Message, TurnTrace, Visitor } from "../../domain/conversation.ts";
import { newId, type TenantId, type ToolId, type UserId } from "../../domain/ids.ts";
import { usesInTurn } from "../../domain/tool-use.ts";
import { AppError } from "../../errors.ts";
import type { Tools } from "../../tools/tool.ts";
import type { ToolUses } from "../tools/tool-uses.ts";
import type { RunningTurns } from "./ask.ts";
import { elapsed, newProgress, type Turn } from "./progress.ts";
import { onlyReading } from "./reading-tools.ts";
import { TURN_TIMEOUT_MS, type TurnDeps, waitForPlace, writeAnswer } from "./turn.ts";
import { recordFailure } from "./turn-outcome.ts";

export type TrialDeps = TurnDeps &
  Pick<Deps, "toolFor"> & { running: RunningTurns; toolUses: Pick<ToolUses, "add"> };

export type TrialQuestion = {
  question: string;
  locale: string | null;
  /** As whom it is asked; null for a visitor who is nobody in particular. */
  visitor: Visitor | null;
  /** The only tool to try, enabled or not; null for those that a visitor would be offered. */
  tool: ToolId | null;
  /** Who tries. */
  person: UserId;
};
export type Trial = { answer: Message; trace: TurnTrace };

/**
 * Answers a question as the first of a conversation, by the steps of a visitor's turn. Trying changes nothing: what
 * writes is not offered, and where it is the one to try, it is put before whoever tries and not run. A provider that
 * fails is told of in the answer, as in a turn.
 *
 * @throws AppError OVERLOADED · NOT_FOUND for the tool · TOOL_REQUIRES_IDENTITY for one that is not this visitor's · the
 *   signal's reason
 */
export async function tryQuestion(
  deps: TrialDeps,
  tenantId: TenantId,
  asked: TrialQuestion,
  signal: AbortSignal,
): Promise<Trial> {
  if (asked.question.trim() === "") throw new AppError("VALIDATION", "Write a question first.");
  const trying = await withoutTraces(deps, tenantId, asked);
  const sessionId = newId("chat-session");
  const place = deps.running.places.admit({ tenantId, sessionId }, sessionId);
  const turn = { ...unheardTurn(deps, tenantId, sessionId, asked), place };
  const progress = newProgress(deps, turn);
  const { answer, trace } = progress;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(TURN_TIMEOUT_MS)]);
  try {
    await waitForPlace(trying, progress, deadline);
    // What it yields is in the answer, too.
    for await (const _event of writeAnswer(trying, progress, { stopped: signal, deadline }));
    answer.status = "complete";
  } catch (thrown) {
    signal.throwIfAborted();
    recordFailure(deps, progress, thrown, signal);
  } finally {
    place.leave();
    noteUses(deps, tenantId, { answer, trace }, asked.person);
  }
  trace.timings.totalMs = elapsed(deps, progress);
  trace.outcome.status = answer.status === "streaming" ? "failed" : answer.status;
  return { answer, trace };
}

/** What the steps of a turn may touch, where nothing of it is to be kept. */
async function withoutTraces(
  deps: TrialDeps,
  tenantId: TenantId,
  { tool, visitor }: TrialQuestion,
): Promise<TrialDeps> {
  const { store } = deps;
  const tools = tool === null ? onlyReading(deps.tools) : await only(deps, tenantId, tool, visitor);
  return {
    ...deps,
    ...{ tools, partialTexts: { add() {}, forget() {} } },
    store: { ...store, toolCalls: { ...store.toolCalls, propose: async () => {} } },
  };
}

async function only(
  { store, toolFor }: TrialDeps,
  tenantId: TenantId,
  toolId: ToolId,
  visitor: Visitor | null,
): Promise<Tools> {
  const tool = toolFor(await store.tools.get(tenantId, toolId), { tenantId, visitor });
  if (tool === null)
    throw new AppError(
      "TOOL_REQUIRES_IDENTITY",
      "This tool is not for such a visitor. Say as whom you ask: with the id, e-mail address or group that it needs.",
    );
  return { offered: async () => [tool] };
}

function noteUses(
  { toolUses, now }: TrialDeps,
  tenantId: TenantId,
  { answer, trace }: Trial,
  person: UserId,
): void {
  const tried = { by: "person", actor: person, conversationId: null, messageId: null } as const;
  toolUses.add(usesInTurn(tenantId, trace, answer, now()).map((use) => ({ ...use, ...tried })));
}

/** A turn of nobody's, in a conversation that there is not. */
function unheardTurn(
  { now }: Pick<TurnDeps, "now">,
  tenantId: TenantId,
  sessionId: ReturnType<typeof newId<"chat-session">>,
  { question: content, locale, visitor }: TrialQuestion,
): Omit<Turn, "place"> {
  const [conversationId, createdAt] = [newId("conversation"), now()];
  return {
    session: {
      ...{ id: sessionId, tenantId, conversationId, visitor, origin: null },
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
