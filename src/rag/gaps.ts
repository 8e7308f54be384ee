/**
 * What a passage lacks of a question. One that is about the topic need not hold what was asked: "the code of the bicycle
 * room" is not in a passage on how to get there. Read where the index still knows which words stand for which.
 */
import type { Gaps } from "../domain/knowledge.ts";
import type { Features } from "./features.ts";
import { isSmallWord, languagesOfQuestion } from "./language.ts";
import { countsWhatFollows, namesKind } from "./quote/asked.ts";
import { type AnalyzedQuestion, foldWord } from "./text.ts";
import { isLightWord } from "./vocabulary/related.ts";

/** Behind these stands what a thing belongs to, in front of them the thing. By ISO 639-3. */
const BELONGS: Record<string, string> = {
  ...{ eng: "of", deu: "des von vom", fra: "de du des d", spa: "de del", nld: "van" },
  ...{ ita: "di d del dello della dell dei degli delle", por: "de do da dos das" },
};
const IS_NUMBER = /^\p{N}{2,}$/u;
const IS_PAIR =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]{2}$/u;

/** A price need not say "price", and "salaries come on the 10th" may be any other verb. */
const UNSAID = 0.5;

/** Looks at one passage after another for what it lacks of one question. */
export class GapReader {
  /** What each word tells here. */
  readonly weights: Float64Array;
  readonly #spellings: readonly string[];
  readonly #isHead: boolean[];
  readonly #isNumber: boolean[];
  readonly #mostRarity: number;

  constructor({ text, spellings, query }: AnalyzedQuestion, rarity: Float64Array, mostRarity: number) {
    const folded = spellings.map(foldWord);
    this.weights = rarity.map((each, word) => {
      const needsNoWord = (query.weights?.[word] ?? 1) < 1 || namesKind(folded[word] ?? "");
      return needsNoWord ? UNSAID * each : each;
    });
    this.#mostRarity = mostRarity;
    this.#spellings = spellings;
    const heads = headsOf(text);
    this.#isHead = folded.map((word) => heads.has(word));
    this.#isNumber = spellings.map((spelling) => IS_NUMBER.test(spelling));
  }

  /**
   * @param features of the passage, weighed with `weights`
   * @param forms for each word how well the passage holds it, 0 to 1
   */
  read({ window, above }: Pick<Features, "window" | "above">, forms: Float64Array): Gaps {
    let [total, lacking, counted, head, number] = [0, 0, 0, 0, 0];
    for (const [word, weight] of this.weights.entries()) {
      total += weight;
      if (weight === 0 || this.#isSeam(word, forms)) continue;
      counted++;
      const lacks = weight * (1 - (forms[word] as number));
      lacking += lacks;
      if (this.#isHead[word]) head = Math.max(head, lacks / this.#mostRarity);
      if (this.#isNumber[word] && (forms[word] as number) < 0.5) number = 1;
    }
    const seams = this.weights.reduce(
      (sum, weight, word) => sum + (this.#isSeam(word, forms) ? weight : 0),
      0,
    );
    const whole = Math.max(total - seams, Number.EPSILON);
    const together = Math.min(1, (Math.min(1, window + above) * total) / whole);
    return { unheld: lacking / whole, apart: (1 - together) / Math.max(1, counted), head, number };
  }

  /** Of characters without spaces, two of different words: one that the passage holds stands beside it. */
  #isSeam(word: number, forms: Float64Array): boolean {
    const pair = this.#spellings[word] ?? "";
    if ((forms[word] as number) > 0 || !IS_PAIR.test(pair)) return false;
    const [before, after] = [this.#spellings[word - 1] ?? "", this.#spellings[word + 1] ?? ""];
    const follows = before.length === 2 && before[1] === pair[0] && (forms[word - 1] as number) > 0;
    return follows || (after.length === 2 && after[0] === pair[1] && (forms[word + 1] as number) > 0);
  }
}

/** Behind "which" and "how many" stand at most so many words that say of what. */
const COUNTED_WORDS = 2;

/** The words (folded) that say what is wanted. */
function headsOf(question: string): Set<string> {
  const words = question.split(/[^\p{L}\p{M}\p{N}]+/u).map(foldWord);
  const languages = languagesOfQuestion(words);
  const belongs = new Set(languages.flatMap((language) => (BELONGS[language] ?? "").split(" ")));
  const isSmall = (word: string) => languages.some((language) => isSmallWord(word, language));
  const heads = new Set<string>();
  for (const [place, word] of words.entries()) {
    if (belongs.has(words[place + 1] ?? "-") && !isSmall(word)) heads.add(word);
    if (!countsWhatFollows(word, languages)) continue;
    // "How many of the pallets", "combien de places", and "which iphone model will": up to the next small word.
    const first = words.findIndex((each, at) => at > place && at <= place + COUNTED_WORDS && !isSmall(each));
    if (first < 0) continue;
    for (const each of words.slice(first, first + COUNTED_WORDS)) {
      if (isSmall(each) || isLightWord(each, languages)) break;
      heads.add(each);
    }
  }
  return heads;
}
