/**
 * Events in the order of their numbers, kept for whoever comes late. Most of them are a few letters of an answer each,
 * and a thousand answers have hundreds of thousands of them: those in a row are one text with the places where they end.
 */
import type { MessageId } from "../../domain/ids.ts";
import type { StreamEvent } from "../../domain/turn.ts";

export type EventBuffer = {
  add(event: StreamEvent): void;
  /** Those with a higher number. */
  after(seq: number): StreamEvent[];
  count(): number;
  countBefore(seq: number): number;
  /** Lets go of the oldest. @returns the number of the last of them; null where there was none */
  drop(most: number): number | null;
};

type Delta = Extract<StreamEvent, { type: "delta" }>;

export function createEventBuffer(): EventBuffer {
  let kept: (Other | Deltas)[] = [];

  return {
    add(event) {
      const last = kept.at(-1);
      if (event.type !== "delta") kept.push(new Other(event));
      else if (last instanceof Deltas && last.isContinuedBy(event)) last.add(event);
      else kept.push(new Deltas(event));
    },
    after: (seq) => kept.flatMap((each) => each.after(seq)),
    count: () => kept.reduce((sum, { count }) => sum + count, 0),
    countBefore: (seq) => kept.reduce((sum, each) => sum + each.countBefore(seq), 0),
    drop(most) {
      let left = most;
      let last: number | null = null;
      while (left > 0 && kept[0] !== undefined) {
        const [first, ...rest] = kept;
        const dropped = Math.min(left, first.count);
        last = first.seq + dropped - 1;
        left -= dropped;
        kept = dropped === first.count ? rest : [first.without(dropped), ...rest];
      }
      return last;
    },
  };
}

class Other {
  readonly count = 1;
  readonly seq: number;
  constructor(private readonly event: StreamEvent) {
    this.seq = event.seq;
  }
  after(seq: number): StreamEvent[] {
    return this.seq > seq ? [this.event] : [];
  }
  countBefore(seq: number): number {
    return this.seq < seq ? 1 : 0;
  }
  without(): Other {
    return this;
  }
}

/** Pieces that are joined at a time: a text that grows by each of them would hold them all. */
const JOINED = 64;

/** Text of one answer, of which each piece has the number behind that of the piece before. */
class Deltas {
  /** The number of the first. */
  readonly seq: number;
  private readonly messageId: MessageId;
  private text = "";
  private pieces: string[] = [];
  /** Where each piece ends. */
  private readonly ends: number[] = [];

  constructor(first: Delta) {
    this.seq = first.seq;
    this.messageId = first.messageId;
    this.add(first);
  }

  get count(): number {
    return this.ends.length;
  }

  isContinuedBy({ messageId, seq }: Delta): boolean {
    return messageId === this.messageId && seq === this.seq + this.count;
  }

  add({ text }: Delta): void {
    this.pieces.push(text);
    this.ends.push((this.ends.at(-1) ?? 0) + text.length);
    if (this.pieces.length === JOINED) this.join();
  }

  after(seq: number): Delta[] {
    this.join();
    const from = Math.max(0, seq + 1 - this.seq);
    return this.ends.slice(from).map((end, place) => ({
      ...{ type: "delta", messageId: this.messageId, seq: this.seq + from + place },
      text: this.text.slice(this.ends[from + place - 1] ?? 0, end),
    }));
  }

  countBefore(seq: number): number {
    return Math.min(this.count, Math.max(0, seq - this.seq));
  }

  without(count: number): Deltas {
    const [first, ...rest] = this.after(this.seq + count - 1);
    if (first === undefined) throw new Error("There is nothing behind the last piece.");
    const left = new Deltas(first);
    for (const delta of rest) left.add(delta);
    return left;
  }

  private join(): void {
    this.text = [this.text, ...this.pieces].join("");
    this.pieces = [];
  }
}
