/** Why a sentence was quoted, for the admin who asks. */
import type { Kind } from "./asked.ts";
import type { Scored } from "./choose.ts";
import type { Reading } from "./measure.ts";
import { HOLDS, Signs } from "./signs.ts";
import type { Variant } from "./variants.ts";

/** What a sentence tells that a kind of question asks for. */
const TELLS: Partial<Record<Kind, string>> = {
  quantity: "a number",
  money: "an amount of money",
  duration: "how long",
  time: "when",
  frequency: "how often",
  place: "a place",
  person: "a person or a team",
  contact: "whom to turn to",
  phone: "a number to ring",
  permission: "what may, must or cannot be",
  reason: "a reason",
  steps: "what to do",
  definition: "what something is",
  contents: "what belongs to it",
};
/** From here on it is said to hold what was asked for. */
const SURELY = 0.8;
const SHOWN_CHARACTERS = 80;

export function explain(first: Scored, others: number, { kinds, weights, languages }: Reading): string {
  const { unit, measures, held } = first;
  const known = [...weights.keys()].filter((word) => (weights[word] as number) > 0);
  const inside = known.filter((word) => (held[word] as number) > 0).length;
  const tells = [...kinds].filter((kind) => (HOLDS[kind]?.(new Signs(unit.text, languages)) ?? 0) >= SURELY);
  const heading = unit.passage.headingPath.at(-1) ?? "";
  const reasons = [
    `holds ${inside} of the ${known.length} words of the question that were found`,
    ...(measures.heading > 0 ? [`stands under the heading “${heading}”, which holds more of them`] : []),
    ...(measures.under > 0 ? ["is introduced by words of the question"] : []),
    ...(measures.answersQuestion > 0 ? ["follows a question in the document"] : []),
    ...(tells.length > 0 ? [`tells ${tells.map((kind) => TELLS[kind]).join(" and ")}, as asked`] : []),
    ...(unit.passage.n === 1 ? ["is in the passage that was found first"] : []),
  ];
  const beside =
    others === 0 ? "" : ` Beside it ${others === 1 ? "one more is" : `${others} more are`} quoted.`;
  return `“${beginning(unit.text)}” was quoted first: it ${listed(reasons)}.${beside}`;
}

/** Why an answer has several cases. */
export function explainVariants(open: readonly Variant[]): string {
  const labels = open.map(({ label }) => `“${label}”`);
  return `${open.length} passages are equally good for what the question says, and tell different things. What tells them apart is ${listed(labels)}, which the question leaves open; visitors are offered the choice.`;
}

function listed(reasons: readonly string[]): string {
  if (reasons.length < 2) return reasons.join("");
  return `${reasons.slice(0, -1).join(", ")} and ${reasons.at(-1)}`;
}

function beginning(text: string): string {
  const characters = [...text];
  if (characters.length <= SHOWN_CHARACTERS) return text;
  return `${characters.slice(0, SHOWN_CHARACTERS).join("").trimEnd()}…`;
}
