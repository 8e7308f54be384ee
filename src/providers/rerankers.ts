/** What is put around a local reranker: a deadline, turns, a breaker, and a new start after it died. */
import { AppError, toAppError } from "../errors.ts";
import { createBreaker } from "./breaker.ts";
import { type Clock, systemClock } from "./clock.ts";
import { withDeadline } from "./deadline.ts";
import { type KeptOpen, keepOpen } from "./keep-open.ts";
import { createLane } from "./lane.ts";
import type { Reranker, RerankerFactory } from "./provider.ts";

/** A model that runs on this machine, in a worker of its own. */
export type LocalScorer = {
  score(question: string, passages: readonly string[], signal: AbortSignal): Promise<Float32Array>;
  close(): void;
};

export type RerankerDeps = {
  /** @throws MODEL_NOT_AVAILABLE */
  openLocal(name: string): Promise<LocalScorer>;
  log: { warn(event: string, fields?: Record<string, unknown>): void };
  clock?: Clock;
};

/** A person waits; without the reranker the answer is nearly as good. Fifty passages take a quarter of it or half. */
export const RERANK_DEADLINE_MS = 1_500;

/** The worker does one thing after the other, and who stands further back would not be served before the deadline. */
const LANE = { running: 1, waiting: 4 };

/** Models to rerankers. A reranker's model starts at `start` or at the first question. */
export function createRerankers(deps: RerankerDeps): RerankerFactory {
  return (model) => createReranker(deps, model);
}

function createReranker({ openLocal, log, clock = systemClock }: RerankerDeps, model: string): Reranker {
  const name = `The reranker ${model}`;
  const lane = createLane(LANE.running, LANE.waiting, name);
  const breaker = createBreaker(name, clock, () => log.warn("reranker-left-alone", { model }));
  const local = keepOpen(() => openLocal(model));

  return {
    model,
    async start() {
      await local.get();
    },
    async score(question, passages, signal) {
      breaker.enter();
      try {
        const inTurn = (limited: AbortSignal) =>
          lane.run(() => scoreWith(local, name, question, passages, limited), limited);
        // The time in line counts, because it is the same person who waits.
        const scores = await withDeadline(clock, RERANK_DEADLINE_MS, () => tooSlow(name), signal, inTurn);
        breaker.succeeded();
        return scores;
      } catch (thrown) {
        // It runs here, so whatever fails is its own fault. That too many ask at once is nobody's.
        const isItsFault = !signal.aborted && toAppError(thrown).code !== "OVERLOADED";
        (isItsFault ? breaker.failed : breaker.left)();
        throw thrown;
      }
    },
    close: () => local.close(),
  };
}

async function scoreWith(
  local: KeptOpen<LocalScorer>,
  name: string,
  question: string,
  passages: readonly string[],
  signal: AbortSignal,
): Promise<Float32Array> {
  const opening = local.get();
  try {
    const scores = await (await opening).score(question, passages, signal);
    requireNumbers(name, scores, passages.length);
    return scores;
  } catch (thrown) {
    // A worker that has died answers nothing any more.
    if (toAppError(thrown).code === "INTERNAL" && !signal.aborted) local.forget(opening);
    throw thrown;
  }
}

function requireNumbers(name: string, scores: Float32Array, count: number): void {
  if (scores.length === count && scores.every(Number.isFinite)) return;
  throw new AppError(
    "MODEL_NOT_AVAILABLE",
    `${name} did not give a number for every passage. Choose another one, or import it again.`,
  );
}

function tooSlow(name: string): AppError {
  return new AppError(
    "PROVIDER_TIMEOUT",
    `${name} took longer than ${RERANK_DEADLINE_MS / 1000} seconds to put the passages in order. Choose a smaller one, or give this machine more processors.`,
  );
}
