/**
 * Hits of the lexical index to passages worth reading: rescored by where the matched words stand, and
 * with a probability, independent of the corpus, that a passage bears on the question.
 */
import { inverseFrequency } from "../domain/bm25.ts";
import type { FoundChunk, Gaps } from "../domain/knowledge.ts";
import type { LexicalMatches, LexicalQuery } from "../domain/lexical.ts";
import { FeatureReader, type Features } from "./features.ts";
import { GapReader } from "./gaps.ts";
import type { AnalyzedQuestion } from "./text.ts";

/** A hit before its text is read. */
export type RankedRow = {
  row: number;
  /** As the index gave it. */
  bm25: number;
  /** Higher is better; comparable only within one query. */
  score: number;
  /** 0 to 1: the probability that the passage bears on the question. */
  relevance: number;
  /** What it lacks of the question. */
  gaps: Gaps;
  reason: string;
};

export type RankedCandidate = Pick<RankedRow, "score" | "relevance" | "reason"> & {
  /** Null where words cannot tell: in another language, or found by meaning. */
  gaps: Gaps | null;
  /** The passage, and BM25. */
  hit: { chunk: FoundChunk; score: number };
};

/**
 * What each sign counts beside BM25 and the likeness of runs, both as shares of the best hit's. Searched on the even
 * questions of eight sets, then rounded; docs/benchmarks.md has what they reach and how far they were held out.
 */
const WEIGHT = { likeness: 0.6, window: 0.8, adjacency: 0.3, coverage: 0.3, title: 0.2, spelling: 0.5 };

/** The hits, best first, scored by everything but their text. */
export function rankMatches(question: AnalyzedQuestion, matches: LexicalMatches): RankedRow[] {
  const { spellings } = question;
  const idf = frequenciesOf(question, matches);
  const rarity = raritiesOf(question, matches);
  const gaps = new GapReader(question, rarity, MOST_RARITY);
  const reader = new FeatureReader(matches, [idf, rarity, gaps.weights]);
  const best = Math.max(...matches.scores, Number.EPSILON);
  const mostAlike = Math.max(...matches.likeness, Number.EPSILON);
  const replaced = replacements(spellings, matches.replaced);
  return Array.from(matches.rows, (row, hit): RankedRow => {
    const [byIdf, byRarity, byGaps] = reader.read(hit) as [Features, Features, Features];
    const bm25 = matches.scores[hit] as number;
    return {
      row,
      bm25,
      score:
        bm25 / best +
        (WEIGHT.likeness * (matches.likeness[hit] as number)) / mostAlike +
        WEIGHT.window * byIdf.window +
        WEIGHT.adjacency * byIdf.adjacency +
        WEIGHT.coverage * byIdf.coverage +
        WEIGHT.title * byIdf.title,
      relevance: relevanceOf(byRarity, reader.anywhere, rarity),
      gaps: gaps.read(byGaps, reader.anywhere),
      reason: `${reasonOf(reader.anywhere)}${replaced}`,
    };
  }).sort((left, right) => right.score - left.score);
}

/**
 * The rows that are still there with their texts, best first: a word that is written just as the question writes it
 * counts more than another form of it.
 */
export function rankTexts(
  question: AnalyzedQuestion,
  ranked: readonly RankedRow[],
  chunks: ReadonlyMap<number, FoundChunk>,
  matches: Pick<LexicalMatches, "chunks" | "withWord">,
): RankedCandidate[] {
  const weights = frequenciesOf(question, matches);
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  return ranked
    .flatMap(({ row, bm25, score, relevance, gaps, reason }) => {
      const chunk = chunks.get(row);
      if (chunk === undefined) return [];
      const text = [chunk.sourceTitle, ...chunk.headingPath, chunk.content].join("\n").toLowerCase();
      const spelled = question.spellings.reduce(
        (sum, spelling, word) => (hasWord(text, spelling) ? sum + (weights[word] ?? 0) : sum),
        0,
      );
      const withSpelling = score + (WEIGHT.spelling * spelled) / total;
      const elsewhere = isElsewhere(chunk, question.askedIn);
      const believed = elsewhere
        ? { relevance: relevanceElsewhere(relevance), gaps: null }
        : { relevance, gaps };
      return [{ hit: { chunk, score: bm25 }, score: withSpelling, ...believed, reason }];
    })
    .sort((left, right) => right.score - left.score);
}

/** Whether a passage is in another language than a question that says which one it is in. */
export function isElsewhere({ language }: FoundChunk, askedIn: string | null): boolean {
  return askedIn !== null && language !== askedIn;
}

/**
 * A question in another language meets everyday words only, and half of its others by chance: what is nine times as
 * likely as not in its own language is as likely as not.
 */
const ODDS_ELSEWHERE = 1 / 9;

function relevanceElsewhere(relevance: number): number {
  const odds = ODDS_ELSEWHERE * relevance;
  return odds / (odds + 1 - relevance);
}

const WORD_CHARACTER = /[\p{L}\p{N}\p{M}]/u;
/** Written without spaces, so a word may stand anywhere. */
const UNSPACED =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

function hasWord(text: string, word: string): boolean {
  const isAnywhere = UNSPACED.test(word);
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (isAnywhere) return true;
    const [before, after] = [text[at - 1] ?? " ", text[at + word.length] ?? " "];
    if (!WORD_CHARACTER.test(before) && !WORD_CHARACTER.test(after)) return true;
  }
  return false;
}

/** A part number, an error code or the name of a service: nothing else will do. */
const IS_CODE = /\p{L}.*\p{N}|\p{N}.*\p{L}/u;

/** How much each word tells. */
export function raritiesOf(
  { spellings, query }: AnalyzedQuestion,
  { chunks, withWord }: Pick<LexicalMatches, "chunks" | "withWord">,
): Float64Array {
  return Float64Array.from(withWord, (holding, word) =>
    holding === 0 && IS_CODE.test(spellings[word] ?? "")
      ? MOST_RARITY
      : weightOf(query, word) * rarityOf(chunks, holding),
  );
}

/** What each word counts in the ranking. */
function frequenciesOf(
  { query }: AnalyzedQuestion,
  { chunks, withWord }: Pick<LexicalMatches, "chunks" | "withWord">,
): Float64Array {
  return Float64Array.from(
    withWord,
    (holding, word) => weightOf(query, word) * inverseFrequency(chunks, holding),
  );
}

function weightOf({ weights }: LexicalQuery, word: number): number {
  return weights?.[word] ?? 1;
}

/**
 * How much a word tells, from 0.5 to 6. A small corpus says little about how common its words are, so every
 * word is taken to have been seen as often as usual in this many further chunks.
 */
const PRIOR_CHUNKS = 2_000;
const PRIOR_SHARE = 0.01;
const MOST_RARITY = 6;

function rarityOf(chunks: number, holding: number): number {
  const rarity = Math.log((chunks + PRIOR_CHUNKS) / (holding + PRIOR_CHUNKS * PRIOR_SHARE));
  return Math.min(Math.max(rarity, 0.5), MOST_RARITY);
}

/** What the probability is made of; none of it depends on how large the corpus is. */
export type Evidence = { together: number; adjacency: number; found: number; missing: number };

/** Another word for it, or one that begins alike, makes a passage worth a look; it is little proof. */
const PROOF_OF_FORM = 2;

/** @param forms for each word how well the passage holds it, 0 to 1 */
export function evidenceOf(
  { window, above, adjacency }: Features,
  forms: Float64Array,
  rarity: Float64Array,
): Evidence {
  let found = 0;
  let missing = 0;
  for (let word = 0; word < rarity.length; word++) {
    const [form, weight] = [(forms[word] as number) ** PROOF_OF_FORM, rarity[word] as number];
    found += weight * form;
    missing = Math.max(missing, weight * (1 - form));
  }
  return {
    together: Math.min(1, window + above),
    adjacency,
    found: found / MOST_RARITY,
    missing: missing / MOST_RARITY,
  };
}

/**
 * A logistic model of four signs: how much of the question stands close together, how much of it as phrases, how
 * much was found at all, and how telling the most telling word is that was not found. A word that is there in another
 * form is partly found. Fitted by `bun run bench fit` on the even questions, answerable and not.
 */
const RELEVANCE = { intercept: 8.25, together: 5.5, adjacency: 6.5, found: 1.2, missing: -15.3 };

function relevanceOf(features: Features, forms: Float64Array, rarity: Float64Array): number {
  const { together, adjacency, found, missing } = evidenceOf(features, forms, rarity);
  const evidence =
    RELEVANCE.intercept +
    RELEVANCE.together * together +
    RELEVANCE.adjacency * adjacency +
    RELEVANCE.found * found +
    RELEVANCE.missing * missing;
  return 1 / (1 + Math.exp(-evidence));
}

function reasonOf(forms: Float64Array): string {
  const found = forms.reduce((count, form) => (form === 1 ? count + 1 : count), 0);
  const alike = forms.reduce((count, form) => (form > 0 && form < 1 ? count + 1 : count), 0);
  const others = alike === 0 ? "" : `, ${alike} in another form`;
  return `${found} of ${forms.length} words of the question${others}`;
}

function replacements(spellings: readonly string[], replaced: readonly (string | null)[]): string {
  return replaced
    .map((term, word) => (term === null ? "" : `, “${term}” for “${spellings[word] ?? ""}”`))
    .join("");
}
