import type { Deps } from "../../deps.ts";
import type { MessageId, TenantId } from "../../domain/ids.ts";
import type { PartialText } from "../../store/store.ts";

/**
 * Text of answers that are being written, on its way to the store for the case that the process dies. Pieces are
 * appended, and those of all answers share a commit: the text of a thousand streams costs no more of them than one's.
 */
export type PartialTexts = {
  /** Does not wait and never fails: what is missing here is stored with the whole answer. */
  add(tenantId: TenantId, answerId: MessageId, text: string): void;
  /** The answer is stored whole, or never will be. */
  forget(answerId: MessageId): void;
  /** Stores what waits. */
  close(): Promise<void>;
};

/** Text that may be lost when the process dies in the middle of an answer. */
const LOST_MS = 500;
const LOST_CHARACTERS = 2_000;
/** However much is written: a commit waits for the disk. */
const BETWEEN_COMMITS_MS = 50;

export function createPartialTexts({ store, log }: Pick<Deps, "store" | "log">): PartialTexts {
  const waiting = new Map<MessageId, PartialText>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  /** Whether the timer is for an answer that has much to lose. */
  let isUrgent = false;
  let storing: Promise<void> | null = null;

  function schedule(urgent: boolean): void {
    if (storing !== null || (timer !== null && (isUrgent || !urgent))) return;
    if (timer !== null) clearTimeout(timer);
    isUrgent = urgent;
    timer = setTimeout(() => void storeAll(), urgent ? BETWEEN_COMMITS_MS : LOST_MS);
    timer.unref();
  }

  function storeAll(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    storing ??= storeWaiting().finally(() => {
      storing = null;
      if (waiting.size > 0) schedule([...waiting.values()].some(hasMuchToLose));
    });
    return storing;
  }

  async function storeWaiting(): Promise<void> {
    const pieces = [...waiting.values()];
    waiting.clear();
    if (pieces.length === 0) return;
    try {
      await store.turns.appendPartials(pieces);
    } catch (cause) {
      log.warn("partial-texts-not-stored", { answers: pieces.length, cause });
      // Those that were finished meanwhile are not streaming any more, so the store leaves them alone.
      for (const piece of pieces) prepend(waiting, piece);
    }
  }

  return {
    add(tenantId, answerId, text) {
      const piece = waiting.get(answerId);
      const grown = { tenantId, answerId, text: (piece?.text ?? "") + text };
      waiting.set(answerId, grown);
      schedule(hasMuchToLose(grown));
    },
    forget: (answerId) => void waiting.delete(answerId),
    async close() {
      await storing;
      await storeAll();
    },
  };
}

function hasMuchToLose({ text }: PartialText): boolean {
  return text.length >= LOST_CHARACTERS;
}

function prepend(waiting: Map<MessageId, PartialText>, piece: PartialText): void {
  const later = waiting.get(piece.answerId);
  waiting.set(piece.answerId, { ...piece, text: piece.text + (later?.text ?? "") });
}
