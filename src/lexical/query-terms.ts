/** What stands in an index for a word of a question: its own terms, and others that say the same. */
import type { RelatedTerms } from "../domain/lexical.ts";
import type { Saying } from "./phrases.ts";

/** What another word for it counts where documents have the word itself, too: they say it so when they mean it. */
const BESIDE_THE_WORD = 0.4;
/** What the rarest word of a saying counts, by which it is looked for. */
const OF_A_SAYING = 0.5;

export type QueryTerms = {
  terms: number[];
  /** How much of the word each term is, 0 to 1. */
  forms: number[];
  /** What each time that a document holds the term counts, 0 to 1. */
  shares: number[];
  sayings: Saying[];
};

type Dictionary = {
  /** A term's number; null for one that no document holds. */
  find(term: string): number | null;
  countOf(term: number): number;
};

export function queryTerms(
  alternatives: readonly string[],
  related: readonly RelatedTerms[],
  dictionary: Dictionary,
): QueryTerms {
  const forms = new Map<number, number>();
  const shares = new Map<number, number>();
  for (const alternative of alternatives) {
    const term = dictionary.find(alternative);
    if (term !== null) forms.set(term, 1);
  }
  for (const term of forms.keys()) shares.set(term, 1);
  const beside = forms.size > 0 ? BESIDE_THE_WORD : 1;
  const sayings: Saying[] = [];
  for (const { terms, form } of related) {
    const found = terms.map((term) => dictionary.find(term)).filter((term) => term !== null);
    if (found.length < terms.length) continue;
    const rarest = rarestOf(found, dictionary);
    const isSaying = found.length > 1;
    if (isSaying) sayings.push({ terms: found, form });
    else raise(forms, rarest, form);
    raise(shares, rarest, form === 1 ? 1 : form * beside * (isSaying ? OF_A_SAYING : 1));
  }
  const terms = [...shares.keys()];
  return { terms, forms: terms.map((term) => forms.get(term) ?? 0), shares: [...shares.values()], sayings };
}

function rarestOf([first = -1, ...others]: readonly number[], { countOf }: Dictionary): number {
  return others.reduce((rarest, term) => (countOf(term) < countOf(rarest) ? term : rarest), first);
}

function raise(numbers: Map<number, number>, term: number, least: number): void {
  numbers.set(term, Math.max(numbers.get(term) ?? 0, least));
}
