import { expect, test } from "bun:test";
import { createSupportFinder } from "../../src/services/chat/support.ts";
import { LEXICAL_ONLY } from "../../src/services/retrieval/dense.ts";

const PASSAGES = [
  {
    ...{ n: 1, chunk: "chk_1", source: "src_1", title: "Leave", headingPath: [], page: null, relevance: 1 },
    text: "Parental leave is 26 weeks at full pay.",
  },
] as unknown as Parameters<ReturnType<typeof createSupportFinder>>[1];

test("answers that end together are looked through one after the other, with others' work in between", async () => {
  const findSupport = createSupportFinder({ dense: LEXICAL_ONLY });
  const order: string[] = [];
  const begun = ["first", "second", "third"].map(async (name) => {
    const [sentence] = await findSupport("Parental leave is 26 weeks at full pay.", PASSAGES);
    order.push(`${name} ${sentence?.verdict}`);
  });
  let ticks = 0;
  const tick = () => {
    order.push("others");
    if (++ticks < 3) setImmediate(tick);
  };
  setImmediate(tick);
  await Promise.all(begun);

  const firstTwo = order.slice(0, order.indexOf("second supported") + 1);
  expect(firstTwo).toContain("first supported");
  expect(firstTwo.filter((what) => what === "others").length).toBeGreaterThan(0);
  expect(order.filter((what) => what.endsWith("supported"))).toEqual([
    "first supported",
    "second supported",
    "third supported",
  ]);
});

test("one that goes wrong holds up none behind it", async () => {
  const findSupport = createSupportFinder({ dense: LEXICAL_ONLY });
  const broken = findSupport("Leave is 26 weeks at full pay.", null as never);
  const next = findSupport("Parental leave is 26 weeks at full pay.", PASSAGES);

  await expect(broken).rejects.toThrow();
  expect((await next)[0]?.verdict).toBe("supported");
});
