import { describe, expect, test } from "bun:test";
import { newId } from "../../src/domain/ids.ts";
import type { StreamEvent } from "../../src/domain/turn.ts";
import { createEventBuffer } from "../../src/services/chat/event-buffer.ts";

const FIRST = newId("message");
const SECOND = newId("message");
const delta = (seq: number, text: string, messageId = FIRST): StreamEvent => ({
  ...{ type: "delta", messageId, seq, text },
});
const citations = (seq: number): StreamEvent => ({ type: "citations", messageId: FIRST, citations: [], seq });

/** Two answers whose words come in turn, numbers that are left out, and more words in a row than are joined at a time. */
const EVENTS: StreamEvent[] = [
  citations(3),
  ...Array.from({ length: 150 }, (_, n) => delta(4 + n, `${"👩🏽‍🚒".slice(0, n % 5)}${n} `)),
  ...[delta(154, "other ", SECOND), delta(155, "word "), delta(156, "words", SECOND)],
  ...[delta(10_000, "later "), delta(10_001, ""), citations(10_002), delta(10_003, "end")],
];

function filled() {
  const buffer = createEventBuffer();
  for (const event of EVENTS) buffer.add(event);
  return buffer;
}

describe("the events that are kept of a session", () => {
  test.each([0, 2, 3, 4, 67, 68, 153, 154, 155, 156, 9_999, 10_001, 10_003, Number.POSITIVE_INFINITY])(
    "are those that came after number %p, as they were",
    (seq) => {
      const buffer = filled();

      expect(buffer.after(seq)).toEqual(EVENTS.filter((event) => event.seq > seq));
      expect(buffer.countBefore(seq)).toBe(EVENTS.filter((event) => event.seq < seq).length);
    },
  );

  test.each([0, 1, 2, 65, 130, 151, 153, 155, EVENTS.length - 1, EVENTS.length, EVENTS.length + 5])(
    "are without the oldest when %p of them are dropped, and go on",
    (most) => {
      const buffer = filled();

      expect(buffer.drop(most)).toBe(EVENTS.slice(0, most).at(-1)?.seq ?? null);
      buffer.add(delta(10_004, "!"));
      expect(buffer.after(0)).toEqual([...EVENTS.slice(most), delta(10_004, "!")]);
      expect(buffer.count()).toBe(Math.max(0, EVENTS.length - most) + 1);
    },
  );
});
