import { html } from "htm/preact";

/** What each search and step said of a passage; null where it said nothing. */
export type Scores = {
  lexical: number | null;
  dense: number | null;
  fused: number;
  rerank: number | null;
  relevance: number;
};

type Step = { name: keyof Scores; label: string; digits: number; means: string };

const STEPS: Step[] = [
  {
    name: "lexical",
    label: "Words",
    digits: 1,
    means: "How well it matches the words of the question. Higher is better; larger for rare words.",
  },
  {
    name: "dense",
    label: "Meaning",
    digits: 2,
    means:
      "How near its meaning is to that of the question, at most 1. What is near differs from model to model.",
  },
  {
    name: "fused",
    label: "Joined",
    digits: 3,
    means:
      "Words and meaning together, which puts the passages in order. Comparable within one question only.",
  },
  {
    name: "rerank",
    label: "Reranked",
    digits: 2,
    means: "What the reranker says after reading the passage with the question.",
  },
  {
    name: "relevance",
    label: "Sure",
    digits: 2,
    means: "How sure Parley is, from 0 to 1, that it bears on the question. Below a threshold it is dropped.",
  },
];

/** The steps that were taken for any of them. With words alone there was nothing to join. */
export function stepsOf(all: Scores[]): Step[] {
  const taken = STEPS.filter(({ name }) => all.some((scores) => scores[name] !== null));
  const isJoined = taken.some(({ name }) => name === "dense");
  return taken.filter(({ name }) => name !== "fused" || isJoined);
}

export function scoreText(scores: Scores, { name, digits }: Step): string {
  const value = scores[name];
  return value === null ? "–" : value.toFixed(digits);
}

/** What became of a passage, and why. */
export function verdict({ kept, reason }: { kept: boolean; reason: string }): string {
  return kept ? `Kept: ${reason.replace(/^kept: /, "")}` : `Dropped: ${reason}`;
}

export function ScoreLegend({ steps }: { steps: Step[] }) {
  return html`<details class="legend">
    <summary>What the numbers mean</summary>
    <dl>
      ${steps.map(({ label, means }) => html`<dt key=${label}>${label}</dt><dd>${means}</dd>`)}
    </dl>
  </details>`;
}
