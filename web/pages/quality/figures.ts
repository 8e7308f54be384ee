import { html } from "htm/preact";
import type { EvaluationRunView } from "../../../src/protocol/admin-api/evals.ts";
import { Sparkline } from "../../components/sparkline.ts";
import { duration } from "../../format.ts";

export type Measures = NonNullable<EvaluationRunView["measures"]>;
type Figure = {
  key: keyof Measures;
  label: string;
  /** As the literature calls it. */
  term: string;
  means: string;
  unit: "share" | "ms";
};

const FIGURES: Figure[] = [
  {
    key: "recall1",
    label: "Found first",
    term: "Recall@1",
    means: "The right source stands at the top.",
    unit: "share",
  },
  {
    key: "recall5",
    label: "Found among five",
    term: "Recall@5",
    means: "About as many as an answer is made from.",
    unit: "share",
  },
  {
    key: "recall10",
    label: "Found among ten",
    term: "Recall@10",
    means: "What is not here, no visitor gets to see.",
    unit: "share",
  },
  {
    key: "mrr10",
    label: "How far up",
    term: "MRR@10",
    means: "100 % at the top, 50 % in place two, 33 % in place three.",
    unit: "share",
  },
  {
    key: "ndcg10",
    label: "Order as a whole",
    term: "nDCG@10",
    means: "How near the order is to the best one, with all right sources.",
    unit: "share",
  },
  {
    key: "answered",
    label: "Answered where it can be",
    term: "Answered",
    means: "Of the questions that have an answer, those not refused.",
    unit: "share",
  },
  {
    key: "abstentionRecall",
    label: "Refused where it must be",
    term: "Abstention recall",
    means: "Of the questions that nothing answers, those refused.",
    unit: "share",
  },
  {
    key: "abstentionPrecision",
    label: "Refusals that were right",
    term: "Abstention precision",
    means: "Of all refusals, those of questions that nothing answers.",
    unit: "share",
  },
  {
    key: "latencyP50Ms",
    label: "Half of the searches take at most",
    term: "p50",
    means: "The search alone, without the words of a model.",
    unit: "ms",
  },
  { key: "latencyP95Ms", label: "95 of 100 take at most", term: "p95", means: "The slow ones.", unit: "ms" },
];

/** Smaller differences are none at the precision that is shown. */
const LEAST_CHANGE = { share: 0.0005, ms: 0.05 };

/** The numbers of a run in plain words, how they differ from another run's, and how they went over all of them. */
export function Figures(props: { measures: Measures; former: Measures | null; history?: Measures[] }) {
  const { measures, former, history = [] } = props;
  return html`<table class="figures num">
    <thead>
      <tr>
        <th>Number</th>
        <th class="means">What it tells</th>
        <th class="r">Now</th>
        <th class="r">Change</th>
        ${history.length > 1 && html`<th class="trend">Last ${history.length} runs</th>`}
      </tr>
    </thead>
    <tbody>
      ${FIGURES.map(
        (figure) =>
          html`<${FigureRow} key=${figure.key} figure=${figure} measures=${measures} former=${former} history=${history} />`,
      )}
    </tbody>
  </table>`;
}

type RowProps = { figure: Figure; measures: Measures; former: Measures | null; history: Measures[] };

function FigureRow({ figure, measures, former, history }: RowProps) {
  const { key, label, term, means, unit } = figure;
  const past = history.flatMap((each) => each[key] ?? []);
  return html`<tr>
    <th scope="row">
      <span class="strong">${label}</span> <span class="term">${term}</span>
    </th>
    <td class="means hint">${means}</td>
    <td class="r value">${inUnit(measures[key], unit)}</td>
    <td class="r"><${Change} now=${measures[key]} before=${former?.[key] ?? null} unit=${unit} /></td>
    ${history.length > 1 && html`<td class="trend">${past.length > 1 && html`<${Sparkline} values=${past.map(rounded)} label=${`${label}, over the last runs`} />`}</td>`}
  </tr>`;
}

type ChangeProps = { now: number | null; before: number | null; unit: Figure["unit"] };

function Change({ now, before, unit }: ChangeProps) {
  if (now === null || before === null) return html`<span class="hint">–</span>`;
  const difference = now - before;
  if (Math.abs(difference) < LEAST_CHANGE[unit]) return html`<span class="hint">same</span>`;
  const better = unit === "ms" ? difference < 0 : difference > 0;
  const sign = difference > 0 ? "+" : "−";
  const size =
    unit === "ms" ? milliseconds(Math.abs(difference)) : `${(Math.abs(difference) * 100).toFixed(1)} points`;
  return html`<span class=${`change ${better ? "good" : "bad"}`}>${sign}${size}<span class="visually-hidden">, ${better ? "better" : "worse"}</span></span>`;
}

export function inUnit(value: number | null, unit: Figure["unit"]): string {
  if (value === null) return "–";
  if (unit === "ms") return milliseconds(value);
  return `${(value * 100).toFixed(1)} %`;
}

/** Searches take few milliseconds, of which the first digit behind the point still tells something. */
function milliseconds(value: number): string {
  return value < 100 ? `${value.toFixed(1)} ms` : duration(value);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
