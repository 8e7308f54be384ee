/** What speaks for a sentence as the answer to a question, in numbers that mean the same in every language. */
import type { SynonymRule } from "../../domain/synonym.ts";
import type { Passage } from "../../providers/provider.ts";
import { detectLanguage } from "../language.ts";
import { analyzeQuestion, indexTerms } from "../text.ts";
import { focusOf, type Kind, kindsAsked, namesKind } from "./asked.ts";
import { Coverage, layersOf, raise } from "./coverage.ts";
import { foldText } from "./phrases.ts";
import type { Cell } from "./rows.ts";
import { HOLDS, Signs } from "./signs.ts";
import { ANNOUNCES, ENDS_LIKE_A_SENTENCE, pointsBack, type Unit } from "./units.ts";

/** Shares of the question's weight are of its words, the rare ones counting more. All are 0 to 1. */
export const MEASURES = [
  /** Share that the sentence holds itself; what is added by its lead-in or table's header, by the heading above it, */
  "own",
  "under",
  "heading",
  /** by the sentences beside it, and by the rest of the passage. */
  "near",
  "passage",
  /** `own`, `under` and `heading` together, squared: much of the question in one place is more than the sum. */
  "topical",
  /** Holds the kind of thing that was asked for, beside the question's words; beside the heading's; or does not. */
  "fit",
  "fitAbove",
  "misfit",
  /** Words right behind "how many" or "which": what is counted or chosen. */
  "focus",
  /** First of all, under a heading that says the topic; first of all; right behind a question. */
  "lead",
  "first",
  "answersQuestion",
  /** What the search said of the passage. */
  "rank",
  "relevance",
  /** How it is written. */
  "novelty",
  "announces",
  "pointsBack",
  "fragment",
  "startsLow",
  "short",
  "long",
] as const;
export type Measure = (typeof MEASURES)[number];

export type Measured = {
  unit: Unit;
  terms: Set<string>;
  /** How well the sentence holds each word of the question, 0 to 1. */
  held: Float64Array;
  measures: Record<Measure, number>;
};
export type Reading = {
  measured: Measured[];
  kinds: ReadonlySet<Kind>;
  /** Whether a word of the question names the kind outright: "price", "deadline". */
  isNamed: boolean;
  /** Of the passages. */
  languages: readonly string[];
  /** What each word of the question tells. */
  weights: Float64Array;
  /** Whether a cell, with the name of its column, bears on the question. */
  isAsked: (cell: Cell) => boolean;
  /** For each word of the question how well a text holds it. */
  held: (text: string) => Float64Array;
};

/** A sentence of fewer words is hardly one; of more, it matches everything. */
const SHORT_WORDS = 8;
const LONG_WORDS = 35;
const VERY_LONG_WORDS = 75;
/** Words beyond the question's that make a sentence say something new. */
const NOVEL_WORDS = 8;

export function measureUnits(
  question: string,
  units: readonly Unit[],
  synonyms: readonly SynonymRule[] = [],
): Reading {
  return new Measuring(question, units, synonyms).read();
}

type Seen = Pick<Measured, "unit" | "terms" | "held"> & { language: string };

class Measuring {
  readonly #languageOf: ReadonlyMap<Passage, string>;
  readonly #languages: string[];
  readonly #coverage: Coverage;
  readonly #ofQuestion: ReadonlySet<string>;
  readonly #kinds: ReadonlySet<Kind>;
  readonly #isNamed: boolean;
  readonly #focus: number[];
  readonly #seen: Seen[];
  readonly #headings: ReadonlyMap<Passage, Float64Array>;
  readonly #weights: Float64Array;
  readonly #bestRelevance: number;

  constructor(question: string, units: readonly Unit[], synonyms: readonly SynonymRule[]) {
    const passages = [...new Set(units.map(({ passage }) => passage))];
    this.#languageOf = new Map(passages.map((passage) => [passage, detectLanguage(passage.text)]));
    this.#languages = [...new Set(this.#languageOf.values())];
    const { query, spellings } = analyzeQuestion(question, this.#languages, synonyms);
    this.#coverage = new Coverage(query, this.#languages);
    this.#ofQuestion = new Set(query.words.flat());
    this.#kinds = kindsAsked(question, this.#languages);
    this.#isNamed = spellings.some((spelling) => namesKind(foldText(spelling)));
    const focus = focusOf(question);
    this.#focus = spellings.flatMap((spelling, word) => (focus.includes(foldText(spelling)) ? [word] : []));
    this.#seen = units.map((unit) => this.#see(unit));
    this.#headings = new Map(
      passages.map((passage) => [passage, this.#coverage.of(passage.headingPath.at(-1) ?? "", "und")]),
    );
    this.#weights = this.#weighWords();
    this.#bestRelevance = Math.max(...passages.map(({ relevance }) => relevance), Number.EPSILON);
  }

  read(): Reading {
    const whole = this.#wholePassages();
    const measured = this.#seen.map((seen, place): Measured => {
      const { unit, terms, held } = seen;
      const layers = [
        held,
        this.#readUnder(place),
        this.#headings.get(unit.passage) as Float64Array,
        this.#merge([this.#beside(place, -1), this.#beside(place, 1)]),
        whole.get(unit.passage) as Float64Array,
      ];
      return { unit, terms, held, measures: this.#measure(seen, layersOf(this.#weights, layers)) };
    });
    return {
      measured,
      kinds: this.#kinds,
      isNamed: this.#isNamed,
      languages: this.#languages,
      weights: this.#weights,
      isAsked: (cell) => this.#isAsked(cell),
      held: (text) => this.#coverage.of(text, "und"),
    };
  }

  #see(unit: Unit): Seen {
    const language = this.#languageOf.get(unit.passage) ?? "und";
    const terms = new Set(indexTerms(unit.text, language));
    return { unit, language, terms, held: this.#heldBy(unit, language, terms) };
  }

  #heldBy(unit: Unit, language: string, terms: ReadonlySet<string>): Float64Array {
    // The names of columns stand in every row and tell none from another.
    if (unit.kind === "row")
      return this.#coverage.of(unit.cells.map(({ text }) => text).join("\n"), language);
    return language === "und" ? this.#coverage.of(unit.text, language) : this.#coverage.ofTerms(terms);
  }

  /** A word that many sentences hold tells little; one that nothing here holds tells nothing. */
  #weighWords(): Float64Array {
    const sentences = this.#seen.length;
    const headings = [...this.#headings.values()];
    return this.#coverage.weigh((word) => {
      const holding = this.#seen.filter(({ held }) => (held[word] as number) > 0).length;
      if (holding === 0 && !headings.some((heading) => (heading[word] as number) > 0)) return 0;
      return Math.log(1 + (sentences + 1) / (holding + 0.5));
    });
  }

  #wholePassages(): Map<Passage, Float64Array> {
    const whole = new Map<Passage, Float64Array>();
    for (const { unit, held } of this.#seen) {
      const all = whole.get(unit.passage) ?? new Float64Array(held.length);
      raise(all, held);
      whole.set(unit.passage, all);
    }
    return whole;
  }

  /** What the lead-in, the question before, the outer items or the names of columns hold. */
  #readUnder(place: number): Float64Array {
    const { unit, language } = this.#seen[place] as Seen;
    const under = unit.under.map(({ index }) => this.#seen[place - unit.index + index]?.held);
    if (pointsBack(unit)) under.push(this.#beside(place, -1));
    if (unit.kind === "row") {
      const names = unit.cells.map(({ name }) => name).join("\n");
      under.push(this.#coverage.of(names, language));
    }
    return this.#merge(under);
  }

  #beside(place: number, step: number): Float64Array | undefined {
    const other = this.#seen[place + step];
    return other?.unit.passage === this.#seen[place]?.unit.passage ? other?.held : undefined;
  }

  #merge(others: readonly (Float64Array | undefined)[]): Float64Array {
    const all = new Float64Array(this.#weights.length);
    for (const other of others) if (other) raise(all, other);
    return all;
  }

  #measure({ unit, language, terms, held }: Seen, layers: readonly number[]): Record<Measure, number> {
    const [own = 0, under = 0, heading = 0, near = 0, passage = 0] = layers;
    const fit = this.#fit(unit, language);
    const { words } = unit;
    const novel = [...terms].filter((term) => !this.#ofQuestion.has(term)).length;
    const [before] = unit.under;
    return {
      ...{ own, under, heading, near, passage },
      topical: (own + under + heading) ** 2,
      fit: (fit ?? 0) * (own + under + heading + near / 2),
      fitAbove: (fit ?? 0) * (under + heading),
      misfit: fit === null ? 0 : 1 - fit,
      focus: mean(this.#focus.map((word) => held[word] as number)),
      lead: (under + heading) / (1 + unit.index),
      first: unit.index === 0 ? 1 : 0,
      answersQuestion: before?.kind === "question" && before.index === unit.index - 1 ? 1 : 0,
      rank: 1 / unit.passage.n,
      relevance: unit.passage.relevance / this.#bestRelevance,
      novelty: Math.min(novel, NOVEL_WORDS) / NOVEL_WORDS,
      announces: ANNOUNCES.test(unit.text) ? 1 : 0,
      pointsBack: pointsBack(unit) ? 1 : 0,
      fragment: unit.kind === "row" || ENDS_LIKE_A_SENTENCE.test(unit.text) ? 0 : 1,
      startsLow: /^[^\p{L}]*\p{Ll}/u.test(unit.text) ? 1 : 0,
      short: Math.max(0, 1 - words / SHORT_WORDS),
      long: Math.min(1, Math.max(0, (words - LONG_WORDS) / (VERY_LONG_WORDS - LONG_WORDS))),
    };
  }

  #isAsked({ name, text }: Cell): boolean {
    if (this.#coverage.of(`${name}\n${text}`, "und").some((held) => held > 0)) return true;
    const signs = new Signs(text, this.#languages);
    return [...this.#kinds].some((kind) => (HOLDS[kind]?.(signs) ?? 0) === 1);
  }

  /** How surely it holds what was asked for, 0 to 1; null when the question tells nothing of that. */
  #fit(unit: Unit, language: string): number | null {
    const languages = language === "und" ? this.#languages : [language];
    const signs = new Signs(unit.text, languages);
    const fits = [...this.#kinds].flatMap((kind) => HOLDS[kind]?.(signs) ?? []);
    if (fits.length === 0) return null;
    // "You must not:" and "Never …" speak for every item below them.
    const above = this.#kinds.has("permission") ? announcedBy(unit) : "";
    return Math.max(...fits, above === "" ? 0 : (HOLDS.permission?.(new Signs(above, languages)) ?? 0));
  }
}

/** What a list's lead-in, or a heading that goes on in what follows, says of a unit. */
function announcedBy({ under, passage }: Unit): string {
  const heading = passage.headingPath.at(-1) ?? "";
  const leadIns = under.map(({ text }) => text).filter((text) => ANNOUNCES.test(text));
  return [...(GOES_ON_BELOW.test(heading) ? [heading] : []), ...leadIns].join(" ");
}

const GOES_ON_BELOW = /(?:[:：…]|\.\.\.)$/;

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / Math.max(1, numbers.length);
}
