import type { Deps } from "../../deps.ts";
import type { Message } from "../../domain/conversation.ts";
import { QUOTING } from "../../domain/llm.ts";
import type { ModelUse } from "../../domain/usage.ts";
import { AppError, toAppError } from "../../errors.ts";
import { detectLanguage, knownLanguage } from "../../rag/language.ts";
import type { PartialTexts } from "./partial-texts.ts";
import type { PendingWrites } from "./pending-writes.ts";
import type { Progress } from "./progress.ts";

export type OutcomeDeps = Pick<Deps, "store" | "outbox" | "now" | "log"> & {
  pendingWrites: Pick<PendingWrites, "add">;
  partialTexts: Pick<PartialTexts, "forget">;
};

/** Notes on answer and trace why the turn ended early: it was stopped, or something failed. What is written stays. */
export function recordFailure(
  deps: Pick<Deps, "log">,
  progress: Progress,
  thrown: unknown,
  stopped: AbortSignal,
): void {
  const { answer, trace } = progress;
  answer.status = answer.content === "" && !stopped.aborted ? "failed" : "interrupted";
  if (stopped.aborted) {
    trace.outcome.reason = "Stopped.";
    return;
  }
  const failure = toFailure(thrown);
  answer.errorCode = failure.code;
  trace.outcome.code = failure.code;
  trace.outcome.reason = failure.message;
  noteFailure(deps, progress, failure);
}

/** For the log: what failed, also where its visitor gets an answer all the same. */
export function noteFailure(
  deps: Pick<Deps, "log">,
  { turn, answer }: Pick<Progress, "turn" | "answer">,
  { code, cause }: AppError,
): void {
  const { conversationId } = turn.session;
  deps.log.warn("turn-failed", { conversationId, messageId: answer.id, code, cause });
}

/** Answers are counted, too, that took nothing. */
const WITHOUT_A_MODEL: ModelUse = {
  ...{ llmConfigId: "", provider: QUOTING, model: "", inputTokens: 0, outputTokens: 0 },
  ...{ costMicros: null, estimated: false },
};

/** Stores how the turn ended, now or as soon as the store takes it. @returns the answer as its visitor may see it */
export async function storeAnswer(deps: OutcomeDeps, progress: Progress): Promise<Message> {
  const { turn, answer, trace } = progress;
  const finishedAt = deps.now();
  const { tenantId, conversationId } = turn.session;
  const finished = { type: "answer-finished", tenantId, conversationId, messageId: answer.id } as const;
  deps.partialTexts.forget(answer.id);
  answer.language = knownLanguage(detectLanguage(answer.content)) ?? turn.question.language;
  const uses = progress.uses.length > 0 ? progress.uses : [WITHOUT_A_MODEL];
  const write = () =>
    deps.outbox.announce([finished], (jobs) =>
      deps.store.turns.finishAnswer(tenantId, answer, trace, uses, finishedAt, jobs),
    );
  try {
    await write();
    return answer;
  } catch (thrown) {
    const { code, cause } = toAppError(thrown);
    deps.log.error("turn-not-stored", { conversationId, messageId: answer.id, code, cause });
    // With its conversation purged there is nothing left to store it in.
    if (code !== "NOT_FOUND") deps.pendingWrites.add(write);
    return { ...answer, status: "failed", errorCode: code };
  }
}

/** What went wrong, as our own error. */
export function toFailure(thrown: unknown): AppError {
  const timedOut = thrown instanceof DOMException && thrown.name === "TimeoutError";
  return timedOut
    ? new AppError("PROVIDER_TIMEOUT", "The answer took longer than two minutes.", { cause: thrown })
    : toAppError(thrown);
}
