/**
 * Places for answers that are written at the same time. When they are taken, questions wait for one: not long, not
 * beyond number, and in an order in which nobody who asks much holds up somebody who asks little.
 */
import { AppError } from "../../errors.ts";
import { createShares, type Holder } from "./shares.ts";
import { createTurnOrder } from "./turn-order.ts";

export type AnswerPlaces = {
  /**
   * Room for a question; one that comes again meanwhile shares it, which is free once all of them have left.
   * @throws AppError OVERLOADED when too many wait
   */
  admit(holder: Holder, question: string): AnswerPlace;
  isAdmitted(question: string): boolean;
  /** How many questions of the visitor are being answered or wait. */
  countFor(sessionId: Holder["sessionId"]): number;
};

export type AnswerPlace = {
  /**
   * Resolves when the answer may be written.
   * @throws AppError OVERLOADED for one that waited too long. Aborting `signal` throws its reason
   */
  enter(signal: AbortSignal): Promise<void>;
  /** The answer is over, or will not be written. Twice is once. */
  leave(): void;
};

type Waiter = Holder & { begin: () => void };
/** A place, and how many have it. */
type Shared = AnswerPlace & { claims: number };

/** Whoever looks at a chat that says nothing has given up by then. */
const PATIENCE_MS = 30_000;
const ASK_AGAIN_AFTER_MS = 5_000;

/**
 * @param most answers of one tenant that are written at the same time. As many more may wait
 * @param patienceMs how long one waits
 */
export function createAnswerPlaces(most: number, patienceMs = PATIENCE_MS): AnswerPlaces {
  const admitted = createShares(2 * most);
  const running = createShares(most);
  const order = createTurnOrder<Waiter>();
  const byQuestion = new Map<string, Shared>();

  function beginWaiting(): void {
    for (let next = order.takeNext(running.hasRoom); next; next = order.takeNext(running.hasRoom)) {
      running.add(next);
      next.begin();
    }
  }

  async function wait(waiter: Waiter, begun: Promise<void>, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise: givenUp, reject } = Promise.withResolvers<never>();
    const giveUp = (reason: unknown) => {
      order.remove(waiter);
      reject(reason);
    };
    const stop = () => giveUp(signal.reason);
    const patience = setTimeout(() => giveUp(overloaded()), patienceMs);
    signal.addEventListener("abort", stop, { once: true });
    order.add(waiter);
    beginWaiting();
    await Promise.race([begun, givenUp]).finally(() => {
      clearTimeout(patience);
      signal.removeEventListener("abort", stop);
    });
  }

  function open(holder: Holder, question: string): Shared {
    if (!admitted.hasRoom(holder)) throw overloaded();
    admitted.add(holder);
    let isRunning = false;
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    const waiter: Waiter = {
      ...holder,
      begin() {
        isRunning = true;
        resolve();
      },
    };
    const shared: Shared = {
      claims: 0,
      enter: (signal) => wait(waiter, begun, signal),
      leave() {
        byQuestion.delete(question);
        order.remove(waiter);
        admitted.remove(holder);
        if (isRunning) running.remove(holder);
        beginWaiting();
      },
    };
    byQuestion.set(question, shared);
    return shared;
  }

  return {
    admit(holder, question) {
      const shared = byQuestion.get(question) ?? open(holder, question);
      shared.claims += 1;
      let hasLeft = false;
      return {
        enter: shared.enter,
        leave() {
          if (hasLeft) return;
          hasLeft = true;
          shared.claims -= 1;
          if (shared.claims === 0) shared.leave();
        },
      };
    },
    isAdmitted: (question) => byQuestion.has(question),
    countFor: admitted.ofSession,
  };
}

function overloaded(): AppError {
  return new AppError(
    "OVERLOADED",
    "Parley is answering as many questions as it can. Try again in a moment.",
    { retryAfterMs: ASK_AGAIN_AFTER_MS },
  );
}
