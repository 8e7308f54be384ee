import { expect, test } from "bun:test";
import { type ListPart, ListReceiver, ListSender } from "../../src/store/sqlite/threads/long-lists.ts";

test("long lists arrive whole and in order, each with its own call, however their parts are mixed", async () => {
  const sender = new ListSender();
  const receiver = new ListReceiver();
  const parts: ListPart[] = [];
  const send = async (part: ListPart) => {
    parts.push(part);
    receiver.take(part);
  };
  const numbers = Array.from({ length: 1_000 }, (_, n) => n);
  const others = numbers.map((n) => -n);

  const calls = await Promise.all([
    sender.sendLong(["first", numbers, { outcome: 1 }], send),
    sender.sendLong([others, [1, 2, 3]], send),
  ]);

  expect(calls.map(({ given, lists }) => receiver.putBack(given, lists))).toEqual([
    ["first", numbers, { outcome: 1 }],
    [others, [1, 2, 3]],
  ]);
  expect(Math.max(...parts.map(({ items }) => items.length))).toBeLessThan(500);
  expect(parts[0]?.list).not.toBe(parts[1]?.list);
});

test("a list that never came is never taken for an empty one", () => {
  const receiver = new ListReceiver();

  expect(() => receiver.putBack(["document", null], [{ place: 1, list: 7 }])).toThrow(TypeError);
});
