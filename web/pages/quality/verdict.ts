import { html } from "htm/preact";
import type { GoldenQuestionView, OutcomeView } from "../../../src/protocol/admin-api/evals.ts";

type Words = { dot: string; words: string; advice: string };

/** What a run found out about a question: in words, with a colour dot, and what to do about it. */
export function verdictOf({ verdict, rank }: Pick<OutcomeView, "verdict" | "rank">): Words {
  switch (verdict) {
    case "first":
      return { dot: "good", words: "Found first", advice: "An answer is made from the right source first." };
    case "lower":
      return {
        dot: "warn",
        words: `Found in place ${rank}`,
        advice:
          "The right source is found, but others stand before it, and an answer is made from those first.",
      };
    case "missed":
      return {
        dot: "bad",
        words: "Not among the first ten",
        advice:
          "The source probably uses other words than the question. Add a sentence to it with the words that people use, or an embedding model that finds by meaning.",
      };
    case "refused":
      return {
        dot: "bad",
        words: "Found, but not trusted",
        advice:
          "The right source is found, but no passage fits the question well enough, so a visitor is told that nothing was found. Say it in the source with the words of the question.",
      };
    case "rightly-refused":
      return {
        dot: "good",
        words: "Refused, as it should be",
        advice: "A visitor is told that nothing was found.",
      };
    case "wrongly-answered":
      return {
        dot: "bad",
        words: "Answered, but should not be",
        advice:
          "A visitor gets an answer from the sources below, though none of them holds one. See what they have in common with the question.",
      };
    case "skipped":
      return {
        dot: "warn",
        words: "Not asked: no source left",
        advice: "Every source that was expected is deleted.",
      };
  }
}

/** A question that cannot be right any more goes before what was found when it could. */
export function stateOf({ expected, outcome }: GoldenQuestionView): Omit<Words, "advice"> {
  if (expected.some(({ gone }) => gone))
    return { dot: "warn", words: "Needs attention: a source is deleted" };
  return outcome ? verdictOf(outcome) : { dot: "", words: "Not asked yet" };
}

export function QuestionState({ question }: { question: GoldenQuestionView }) {
  return html`<${DotWords} ...${stateOf(question)} />`;
}

export function DotWords({ dot, words }: { dot: string; words: string }) {
  return html`<span class="state"><span class=${`dot ${dot}`}></span><span>${words}</span></span>`;
}
