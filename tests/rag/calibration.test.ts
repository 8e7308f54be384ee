import { describe, expect, test } from "bun:test";
import {
  embeddingScale,
  likenessOf,
  powerOf,
  probeOf,
  relevanceOfCosine,
} from "../../src/rag/calibration.ts";

const SENTENCES = [
  "Parental leave lasts twenty-six weeks for both parents.",
  "It has to be asked for three months before it begins.",
  "Half of it can be taken in single days within two years.",
];

describe("a passage asks for itself", () => {
  test("with the sentence in its middle, which the rest is without", () => {
    expect(probeOf(SENTENCES.join(" "))).toEqual({
      question: SENTENCES[1] as string,
      rest: `${SENTENCES[0]}  ${SENTENCES[2]}`,
    });
  });

  test("unless too little is left of it", () => {
    expect(probeOf(SENTENCES.slice(0, 2).join(" "))).toBeNull();
    expect(probeOf("A.\nB.\nC.\nD.")).toBeNull();
    expect(probeOf("")).toBeNull();
  });
});

describe("what a model's cosines mean in an index", () => {
  test("is what it gives a question with its own passage, with the best wrong one and with any", () => {
    const scale = embeddingScale(
      [
        { own: 0.9, bestOther: 0.4 },
        { own: 0.7, bestOther: 0.2 },
      ],
      0.1,
    );

    expect(scale.related).toBeCloseTo(0.8);
    expect(scale.unrelated).toBeCloseTo(0.3);
    expect(scale.background).toBe(0.1);
    expect(scale.deviation).toBeCloseTo(0.1);
  });

  test.each([
    ["spread wide", { related: 0.6, unrelated: 0.15, background: 0, deviation: 0.1 }],
    ["all close to 1", { related: 0.9, unrelated: 0.78, background: 0.74, deviation: 0.027 }],
  ])("is the same for models whose cosines are %s", (_how, scale) => {
    const { related, unrelated, background } = scale;
    expect(relevanceOfCosine(related, scale)).toBeGreaterThan(0.95);
    expect(relevanceOfCosine(unrelated, scale)).toBeLessThan(0.01);
    expect(relevanceOfCosine((related + unrelated) / 2, scale)).toBeLessThan(0.3);
    expect(relevanceOfCosine(1, scale)).toBeGreaterThan(0.95);
    expect(likenessOf(background, scale)).toBe(0);
    expect(likenessOf(unrelated, scale)).toBeCloseTo(1, 5);
  });

  test("is nothing where wrong passages are as near as right ones", () => {
    const scattered = { background: 0.1, deviation: 0.12 };
    for (const scale of [
      { related: 0.5, unrelated: 0.5, ...scattered },
      { related: 0.4, unrelated: 0.5, ...scattered },
      // By chance a little nearer: no cosine that a question can have is a find.
      { related: 0.53, unrelated: 0.51, ...scattered },
    ]) {
      for (const cosine of [-1, 0, 0.3, 0.6, 0.8]) expect(relevanceOfCosine(cosine, scale)).toBeLessThan(0.5);
    }
  });

  test("never divides by nothing", () => {
    const same = { related: 0, unrelated: 0, background: 0, deviation: 0 };
    expect([powerOf(same), likenessOf(0, same), relevanceOfCosine(0, same)]).toEqual([0, 0, 0]);
    expect(embeddingScale([], 0)).toEqual(same);
  });
});
