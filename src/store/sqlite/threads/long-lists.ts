/**
 * Long lists on their way to a thread: copying ten thousand passages in one go would hold up everything else for 30 ms,
 * so they travel in parts, with turns for others in between, and are put together before the call is made.
 */

import { othersTurn } from "../slices.ts";

/** About 1 ms of copying, for passages. */
const PART_ITEMS = 256;

export type ListPart = { list: number; items: readonly unknown[] };

/** Which of the things given is a list that came before. */
export type SentList = { place: number; list: number };

export class ListSender {
  #last = 0;

  /** Sends the long lists among what is given. What is left of it is for the call itself. */
  async sendLong(
    given: readonly unknown[],
    send: (part: ListPart) => Promise<void>,
  ): Promise<{ given: unknown[]; lists: SentList[] }> {
    const lists: SentList[] = [];
    const sent: Promise<void>[] = [];
    const left = [...given];
    for (const [place, value] of given.entries()) {
      if (!Array.isArray(value) || value.length <= PART_ITEMS) continue;
      const list = ++this.#last;
      lists.push({ place, list });
      left[place] = null;
      for (let from = 0; from < value.length; from += PART_ITEMS) {
        sent.push(send({ list, items: value.slice(from, from + PART_ITEMS) }));
        await othersTurn();
      }
    }
    await Promise.all(sent);
    return { given: left, lists };
  }
}

export class ListReceiver {
  readonly #lists = new Map<number, unknown[]>();

  take({ list, items }: ListPart): void {
    const taken = this.#lists.get(list) ?? [];
    for (const item of items) taken.push(item);
    this.#lists.set(list, taken);
  }

  /**
   * What was given at the other side.
   * @throws TypeError for a list that never came: an empty one in its place would empty a document
   */
  putBack(given: readonly unknown[], lists: readonly SentList[]): unknown[] {
    const whole = [...given];
    for (const { place, list } of lists) {
      const taken = this.#lists.get(list);
      if (taken === undefined) throw new TypeError(`List ${list} of a call has not come.`);
      whole[place] = taken;
      this.#lists.delete(list);
    }
    return whole;
  }
}
