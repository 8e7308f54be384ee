import type { Deps } from "../../deps.ts";
import type { Message } from "../../domain/conversation.ts";
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
  { turn, answer, trace }: Progress,
  thrown: unknown,
  stopped: AbortSignal,
): void {
  answer.status = answer.content === "" && !stopped.aborted ? "failed" : "interrupted";
  if (stopped.aborted) {
    trace.outcome.reason = "Stopped.";
    return;
  }
  const { code, message, cause } = toFailure(thrown);
  answer.errorCode = code;
  trace.outcome.code = code;
  trace.outcome.reason = message;
  deps.log.warn("turn-failed", {
    conversationId: turn.session.conversationId,
    messageId: answer.id,
    code,
    cause,
  });
}

/** Stores how the turn ended, now or as soon as the store takes it. @returns the answer as its visitor may see it */
export async function storeAnswer(deps: OutcomeDeps, { turn, answer, trace }: Progress): Promise<Message> {
  const finishedAt = deps.now();
  const { tenantId, conversationId } = turn.session;
  const finished = { type: "answer-finished", tenantId, conversationId, messageId: answer.id } as const;
  deps.partialTexts.forget(answer.id);
  answer.language = knownLanguage(detectLanguage(answer.content)) ?? turn.question.language;
  const { provider, model } = trace;
  const use = { llmConfigId: "" as const, provider, model, costMicros: null, estimated: false };
  const uses: ModelUse[] = [{ ...use, ...trace.usage }];
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

function toFailure(thrown: unknown): AppError {
  const timedOut = thrown instanceof DOMException && thrown.name === "TimeoutError";
  return timedOut
    ? new AppError("PROVIDER_TIMEOUT", "The answer took longer than two minutes.", { cause: thrown })
    : toAppError(thrown);
}
