/** Chosen sentences as the text of an answer: passage by passage, each as a reader meets it there. */

import { choiceText } from "../choices.ts";
import type { Scored } from "./choose.ts";
import type { Cell } from "./rows.ts";
import { quoteRows } from "./table.ts";
import { ANNOUNCES, type Unit, wordsOf } from "./units.ts";
import { differInTime, type Variant } from "./variants.ts";

/** A longer lead-in says more than its items. */
const LONGEST_LEAD_IN = 16;

/** @param isAsked whether a cell of a table bears on the question */
export function render(chosen: readonly Scored[], isAsked: (cell: Cell) => boolean): string {
  const passages = new Set(chosen.map(({ unit }) => unit.passage));
  const blocks = [...passages].flatMap((passage) => {
    const own = chosen
      .filter(({ unit }) => unit.passage === passage)
      .sort((left, right) => left.unit.index - right.unit.index);
    return blocksOf(own, `[${passage.n}]`, isAsked);
  });
  return joined(blocks);
}

/** Each case by its name, behind a sentence in `language` that says that there are several. */
export function renderVariants(open: readonly Variant[], language: string): string {
  const cases = open.map(({ label, best: { unit } }) => `- **${label}**: ${unit.text} [${unit.passage.n}]`);
  return [choiceText(language, differInTime(open) ? "differ" : "depends"), "", ...cases].join("\n");
}

/** Running text may go on in one line; a list or a table needs lines of its own. */
type Block = { text: string; isOwnLines: boolean };

function blocksOf(own: readonly Scored[], cite: string, isAsked: (cell: Cell) => boolean): Block[] {
  const groups = Map.groupBy(own, ({ unit }) => (unit.kind === "sentence" ? unit : unit.group));
  return [...groups.values()].flatMap((group): Block | Block[] => {
    const units = group.map(({ unit }) => unit);
    if (units[0]?.kind === "row") return { text: quoteRows(group, cite, isAsked), isOwnLines: true };
    const leadIn = leadInOf(units);
    if (leadIn === null) return units.map(({ text }) => ({ text: `${text} ${cite}`, isOwnLines: false }));
    const lines = [...Map.groupBy(units, ({ line }) => line).values()];
    const items = lines.map((line) => `- ${line.map(({ text }) => text).join(" ")}`);
    return { text: `${leadIn.text}\n${items.join("\n")} ${cite}`, isOwnLines: true };
  });
}

/** "You can use:" before items that say nothing without it. */
function leadInOf(units: readonly Unit[]): Unit | null {
  const [first] = units;
  const leadIn =
    first?.kind === "item" ? first.under.findLast(({ text }) => ANNOUNCES.test(text)) : undefined;
  return leadIn !== undefined && wordsOf(leadIn.text) <= LONGEST_LEAD_IN ? leadIn : null;
}

function joined(blocks: readonly Block[]): string {
  return blocks.reduce((text, block, place) => {
    if (place === 0) return block.text;
    const breaks = block.isOwnLines || blocks[place - 1]?.isOwnLines;
    return `${text}${breaks ? "\n\n" : " "}${block.text}`;
  }, "");
}
